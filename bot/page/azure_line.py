"""Azure's Direct Line for the page: tokens in exchange for a secret that stays here.

Azure gives the user's id a place in a token only when the token is generated. One that comes of
joining a conversation anew by the secret has none, and anybody could speak for anybody with it.
So a learner's conversation goes on while their last token can be refreshed. Later they get a
new conversation as the same user, and the tutor goes on there at the same step.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import Connection, delete, insert, select

from bot.activity.inbound import Party
from bot.channels.parse import DIRECT_LINE
from bot.errors import ExchangeError
from bot.settings import Settings
from bot.store import learners
from bot.store.credentials import Holder
from bot.store.database import Store
from bot.store.tables import direct_line

TIMEOUT = ClientTimeout(total=10)
SPARE_S = 60  # a token that ends sooner isn't refreshed any more
GONE = (400, 401, 403, 404, 410)  # the token is of no use any more; a new one may be

log = logging.getLogger(__name__)


class _Token(BaseModel):
    """A token as Azure gives it."""

    conversation: str = Field(alias="conversationId", min_length=1, max_length=250)
    token: str = Field(min_length=1, max_length=4000)
    lasts_s: int = Field(alias="expires_in", gt=0)


@dataclass(frozen=True)
class _Session:
    """The user that a learner is to Azure, and the token that they were given last."""

    user: str
    token: str
    ends: float


class AzureLine:
    """Lets learners in through Azure's Direct Line; their messages come to `/api/messages`."""

    def __init__(self, settings: Settings, store: Store, session: ClientSession) -> None:
        self._settings, self._store, self._session = settings, store, session
        self._url = f"{settings.direct_line_url.rstrip('/')}/v3/directline"

    streams = 0  # Azure has them all

    def routes(self) -> list[web.RouteDef]:
        """None: the page speaks to Azure."""
        return []

    async def start(self) -> None:
        """Nothing is to be looked after."""

    async def stop(self) -> None:
        """Nothing was."""

    def wake(self, conversation: str | None) -> None:
        """Do nothing: Azure tells its own streams of new activities."""

    async def open(
        self, holder: Holder, origin: str, body: Mapping[str, object]
    ) -> dict[str, object]:
        """Refresh the learner's token, or generate one; note whose it is. Raises ExchangeError."""
        del body  # the page tells Azure what it can show
        learner = holder.learner
        session = await self._store.run(partial(_find, learner=learner))
        token = await self._refreshed(session) if session else None
        if session is None:
            session = _Session(f"dl_{uuid4()}", "", 0)
        if token is None:
            token = await self._generated(session.user, origin)
        ends = time.time() + token.lasts_s
        await self._store.run(
            partial(_keep, learner=learner, user=session.user, token=token, ends=ends)
        )
        return {
            "token": token.token,
            "conversationId": token.conversation,
            "userId": session.user,
            "expiresIn": token.lasts_s,
            "domain": self._url,
        }

    async def _refreshed(self, session: _Session) -> _Token | None:
        """A fresh token for the same user and conversation; None when it is too late for it."""
        if session.ends < time.time() + SPARE_S:
            return None
        return await self._ask("/tokens/refresh", session.token, None, GONE)

    async def _generated(self, user: str, origin: str) -> _Token:
        terms = {
            "user": {"id": user},
            "trustedOrigins": sorted({origin, *self._settings.embedders}),
        }
        token = await self._ask("/tokens/generate", self._settings.direct_line_secret, terms)
        if token is None:
            raise ExchangeError("Azure's Direct Line gave no token")
        return token

    async def _ask(
        self, path: str, bearer: str, body: object, unless: tuple[int, ...] = ()
    ) -> _Token | None:
        """Post to Azure; None for a status in `unless`. Its words aren't passed on or logged."""
        try:
            async with self._session.post(
                self._url + path,
                json=body,
                headers={"Authorization": f"Bearer {bearer}"},
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as response:
                if response.status in unless:
                    return None
                if response.status not in (200, 201):
                    log.error("Azure's Direct Line refused %s with %d", path, response.status)
                    raise ExchangeError(f"Azure's Direct Line refused ({response.status})")
                return _Token.model_validate_json(await response.read())
        except (TimeoutError, ClientError) as error:
            log.warning("Azure's Direct Line can't be reached: %s", type(error).__name__)
            raise ExchangeError("Azure's Direct Line can't be reached") from None
        except ValidationError:
            log.exception("Azure's Direct Line answered %s with no token", path)
            raise ExchangeError("Azure's Direct Line gave no token") from None


def _find(db: Connection, learner: str) -> _Session | None:
    row = db.execute(select(direct_line).where(direct_line.c.learner == learner)).first()
    return _Session(row.external, row.token, row.ends) if row else None


def _keep(db: Connection, learner: str, user: str, token: _Token, ends: float) -> None:
    """Note whom a user's messages come from, before the first of them comes."""
    learners.introduce(db, Party(DIRECT_LINE, "", user), learner)
    db.execute(delete(direct_line).where(direct_line.c.learner == learner))
    row = {"learner": learner, "external": user, "token": token.token, "ends": ends}
    db.execute(insert(direct_line).values(row))
