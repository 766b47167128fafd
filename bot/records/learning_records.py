"""Facts as statements in the learning record store (LRS) that an operator names.

A statement is written with its fact, in the turn's transaction, and is sent in the background,
at least once: it has a fixed id, by which an LRS counts it once.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout, encode_basic_auth
from sqlalchemy import Connection

from bot.settings import Settings
from bot.store import statements
from bot.store.database import Store
from bot.store.facts import StoredFact
from bot.store.statements import Waiting
from content.loader import ORIGINAL, Library
from dialogs.records.statements import VERSION, Told, statement

TOGETHER = 50  # statements in one request
LOOK_S = 5.0  # between two looks into the outbox
TIMEOUT = ClientTimeout(total=30)
LEASE_S = 120.0  # an instance has what it took for itself; longer than its requests take
FIRST_S, MOST_S = 5.0, 3600.0  # between two tries
LARGEST = 1024 * 1024  # bytes of an answer that are read

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outbox:
    """Writes what happened as statements: a fact reader, in the turn's transaction."""

    home: str
    key: bytes
    library: Library

    def __call__(self, db: Connection, facts: Sequence[StoredFact]) -> None:
        """Put each fact's statement into the outbox."""
        statements.put(
            db,
            [(one.learner, one.fact.at.timestamp(), self._statement(one)) for one in facts],
        )

    def _statement(self, one: StoredFact) -> str:
        edition = self.library.edition(one.fact.lesson, one.locale or ORIGINAL)
        told = Told(
            id=one.id,
            actor=self.actor(one.learner),
            home=self.home,
            lesson=edition.lessons.get(one.fact.lesson),
            channel=one.channel,
            event=one.event,
            version=one.lesson_version,
        )
        return orjson.dumps(statement(one.fact, told)).decode()

    def actor(self, learner: str) -> str:
        """What stands for a learner outside the tutor: the same for ever, and nothing tells who."""
        return hmac.new(self.key, learner.encode(), hashlib.sha256).hexdigest()[:32]


class _AwayError(Exception):
    """The LRS can't take anything now; `wait_s` is what it asks for, if it says."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class _RefusedError(Exception):
    """The LRS doesn't take these statements together; it may take some of them."""


class LearningRecords:
    """Sends what is in the outbox. A refused statement waits by itself, and holds up no other."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        session: ClientSession,
        now: Callable[[], datetime],
    ) -> None:
        self._url = f"{settings.lrs_endpoint.rstrip('/')}/statements"
        self._headers = {
            "Authorization": encode_basic_auth(
                settings.lrs_username, settings.lrs_password, encoding="utf-8"
            ),
            "Content-Type": "application/json",
            "X-Experience-API-Version": VERSION,
        }
        self._store, self._session, self._now = store, session, now
        self._failures = 0

    async def send(self) -> float:
        """Send one batch of what is due; in how many seconds to look again."""
        now = self._now().timestamp()
        take = partial(statements.take, now=now, until=now + LEASE_S, most=TOGETHER)
        batch = await self._store.run(take)
        if not batch:
            return LOOK_S
        names = [one.seq for one in batch]
        try:
            await self._tell(batch)
        except _AwayError as away:
            self._failures += 1
            wait = away.wait_s if away.wait_s is not None else _pause(self._failures)
            log.warning("the learning record store is away (%s); again in %d s", away, wait)
            await self._store.run(partial(statements.put_off, names=names, due=now + wait))
            return wait
        except asyncio.CancelledError:
            await self._store.run(partial(statements.put_off, names=names, due=now))
            raise
        self._failures = 0
        return 0.0 if len(batch) == TOGETHER else LOOK_S

    async def _tell(self, batch: Sequence[Waiting]) -> None:
        """Tell the LRS; halves are told apart where it refuses the whole. Raises _AwayError."""
        try:
            await self._post(batch)
        except _RefusedError as refused:
            if len(batch) == 1:
                await self._refused(batch[0], refused)
                return
            half = len(batch) // 2
            await self._tell(batch[:half])
            await self._tell(batch[half:])
            return
        await self._store.run(partial(statements.told, names=[one.seq for one in batch]))

    async def _refused(self, one: Waiting, refused: _RefusedError) -> None:
        wait = _pause(one.tries + 8)
        log.error(
            "the learning record store refuses statement %s (%s); again in %d s",
            json.loads(one.doc)["id"],
            refused,
            wait,
        )
        due = self._now().timestamp() + wait
        await self._store.run(partial(statements.failed, one=one, due=due))

    async def _post(self, batch: Sequence[Waiting]) -> None:
        """One request. A single statement that is there already was told."""
        try:
            answer = await self._session.post(
                self._url,
                data=f"[{','.join(one.doc for one in batch)}]",
                headers=self._headers,
                timeout=TIMEOUT,
                max_redirects=2,  # some want a slash at the end
            )
            async with answer:
                body = await answer.content.read(LARGEST)
        except (ClientError, TimeoutError, OSError) as error:
            raise _AwayError(type(error).__name__) from None
        match answer.status:
            case 200:
                _see_that_it_is_an_lrs(body, batch)
            case 204:
                pass
            case 409 if len(batch) == 1:
                pass  # by its id it is there
            case 400 | 409 | 413 | 422:
                raise _RefusedError(answer.status)
            case status:
                raise _AwayError(f"HTTP {status}", self._asked(answer.headers.get("Retry-After")))

    def _asked(self, retry_after: str | None) -> float | None:
        """How long the LRS asks to wait, at most `MOST_S`."""
        if not retry_after:
            return None
        try:
            wait = float(retry_after)
        except ValueError:
            try:
                wait = (parsedate_to_datetime(retry_after) - self._now()).total_seconds()
            except (TypeError, ValueError):
                return None
        return min(max(wait, 1.0), MOST_S) if math.isfinite(wait) else None


def _see_that_it_is_an_lrs(body: bytes, batch: Sequence[Waiting]) -> None:
    """An LRS answers with the statements' ids; a page that says something else took nothing."""
    try:
        ids = json.loads(body)
    except ValueError:
        ids = None
    if not isinstance(ids, list) or len(ids) != len(batch):
        raise _AwayError("it answers, but not as a learning record store")


def _pause(failures: int) -> float:
    """Seconds before the next try: doubling, with chance, so that instances don't march in step."""
    pause: float = min(MOST_S, FIRST_S * 2 ** min(failures - 1, 12))
    return pause * random.uniform(0.75, 1.25)
