"""Direct Line tokens: short-lived, each for one learner and their one conversation."""

import time
from dataclasses import dataclass

import jwt

from bot.activity.conversation_key import OWN_PAGE, ConversationKey

TOKEN_S = 1800  # as Direct Line's own


@dataclass(frozen=True)
class Pass:
    """Whose a token is, and what it opens."""

    learner: str

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
        return str(ConversationKey(OWN_PAGE, self.conversation))


@dataclass(frozen=True)
class Tokens:
    """Makes and checks tokens."""

    secret: bytes

    def make(self, page_pass: Pass) -> str:
        """A token that is good for `TOKEN_S` seconds."""
        now = int(time.time())
        claims = {
            "sub": page_pass.learner,
            "user": page_pass.user,  # Web Chat takes such a name from here alone
            "aud": OWN_PAGE,
            "iat": now,
            "exp": now + TOKEN_S,
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
                options={"require": ["exp", "sub", "aud"]},
            )
        except jwt.PyJWTError:
            return None
        return Pass(str(claims["sub"]))

    def grant(self, page_pass: Pass) -> dict[str, object]:
        """A fresh token and what belongs to it, as the page and Direct Line give it."""
        return {
            "token": self.make(page_pass),
            "conversationId": page_pass.conversation,
            "userId": page_pass.user,
            "expiresIn": TOKEN_S,
            "domain": "/directline",
        }
