"""Direct Line tokens: short-lived, each for one learner, their conversation and a session.

Who has a token alone can't prolong it: what Direct Line's own routes give for it ends when it
does. A later end is for who has the session's secret, at `/api/session`.
"""

import time
from dataclasses import dataclass

import jwt

from bot.activity.conversation_key import OWN_PAGE, ConversationKey

TOKEN_S = 1800  # as Direct Line's own


@dataclass(frozen=True)
class Pass:
    """Whose a token is, what it opens, and until when (in seconds since 1970).

    `session` is the browser's, by which a token is revoked.
    """

    learner: str
    session: str
    ends: int

    @property
    def user(self) -> str:
        """The learner's Direct Line user id."""
        return f"dl_{self.learner}"

    @property
    def conversation(self) -> str:
        """The one conversation that the learner has on the own page."""
        return f"page-{self.learner}"

    @property
    def name(self) -> str:
        """Our own name of that conversation."""
        return name_of(self.learner)


def name_of(learner: str) -> str:
    """Our own name of the conversation that a learner has on the own page."""
    return str(ConversationKey(OWN_PAGE, f"page-{learner}"))


def fresh(learner: str, session: str) -> Pass:
    """A pass that is good for `TOKEN_S` seconds."""
    return Pass(learner, session, int(time.time()) + TOKEN_S)


@dataclass(frozen=True)
class Tokens:
    """Makes and checks tokens."""

    secret: bytes

    def make(self, page_pass: Pass) -> str:
        """A token that is good until its pass ends."""
        claims = {
            "sub": page_pass.learner,
            "sid": page_pass.session,
            "user": page_pass.user,  # Web Chat takes such a name from here alone
            "aud": OWN_PAGE,
            "iat": int(time.time()),
            "exp": page_pass.ends,
        }
        return jwt.encode(claims, self.secret, algorithm="HS256")

    def read(self, token: str) -> Pass | None:
        """What a token says; None when it isn't ours or is too old."""
        try:
            claims = jwt.decode(
                token,
                self.secret,
                algorithms=["HS256"],
                audience=OWN_PAGE,
                options={"require": ["exp", "sub", "sid", "aud"]},
            )
        except jwt.PyJWTError:
            return None
        return Pass(str(claims["sub"]), str(claims["sid"]), int(claims["exp"]))

    def grant(self, page_pass: Pass) -> dict[str, object]:
        """A token and what belongs to it, as the page and Direct Line give it."""
        return {
            "token": self.make(page_pass),
            "conversationId": page_pass.conversation,
            "userId": page_pass.user,
            "expiresIn": page_pass.ends - int(time.time()),
            "domain": "/directline",
        }
