"""Delivers stored replies to their channels: in order for a conversation, at least once."""

import asyncio
import contextlib
import logging
import random
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import quote

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy.exc import SQLAlchemyError

from bot.activity.address import Activity
from bot.activity.conversation_key import is_own_page
from bot.channels.admission import Admission
from bot.errors import NoTokenError
from bot.http.wire import JSON
from bot.store import conversations
from bot.store.conversations import StoredActivity
from bot.store.database import Store
from bot.turns.transaction import StoredTurn
from cards.refused import in_words

PATIENCE_S = (0.5, 1, 2, 4, 8, 15, 30, 60)  # before each further try
LONGEST_PAUSE_S = 120.0  # that a channel may ask for
BREATH_S = 0.7  # for a typing sign to be seen
NOTED_S = 0.05  # after which it is noted, all together, what has arrived
NOTED_AGAIN_S = 5.0  # the same where the store didn't take it
KNOWN = 5000  # conversations of which the last delivered reply is known
ELSEWHERE_S = 1.0  # before it is looked whether another instance has delivered
AWAY_S = 1.0  # before it is looked whether the database is back
GRACE_S = 3  # for what is on its way when the sender stops
TIMEOUT = ClientTimeout(total=20)

SUCCESS = range(200, 300)
CLOSING = (403, 404, 410)  # the address is gone until somebody writes from there again
CLOSED = (403, 410)  # the same where a message was to be replaced: 404 may mean the message
UNAUTHORIZED = 401
PASSING = (UNAUTHORIZED, 408, 412, 429)  # and all above 499: another try may do
UNSHOWN = (400, 413)  # what was sent is not to this channel's liking: words are

log = logging.getLogger(__name__)


class Sender:
    """One task for each conversation that has something to deliver."""

    def __init__(self, store: Store, session: ClientSession, admission: Admission) -> None:
        self._store, self._session, self._admission = store, session, admission
        self._instances = store.instances
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._halts: dict[str, asyncio.Event] = {}
        self._again: set[str] = set()
        self._held: Counter[str] = Counter()
        self._missed: set[str] = set()
        self._fresh: dict[str, list[StoredActivity]] = {}
        self._arrived: list[tuple[str, int]] = []
        self._noting: asyncio.Task[None] | None = None
        self._pen = asyncio.Lock()
        self._reached: OrderedDict[str, int] = OrderedDict()

    async def start(self) -> None:
        """Deliver what a former run left waiting."""
        for name in await self._store.run(conversations.all_waiting):
            self.wake(name)

    async def stop(self) -> None:
        """Stop; what isn't delivered stays stored."""
        await asyncio.gather(*(self._interrupt(name) for name in list(self._tasks)))
        await self._note()
        if self._noting is not None:
            self._noting.cancel()

    def offer(self, taken: StoredTurn) -> None:
        """Deliver what a turn left behind; what it said needn't be read again."""
        name = taken.conversation
        if taken.activities and not (taken.waiting or taken.owed):
            return  # what it said travels in the response's body
        if taken.waiting and not is_own_page(name) and not self._held[name]:
            self._fresh.setdefault(name, []).extend(taken.waiting)
        self.wake(name)

    def wake(self, name: str) -> None:
        """Say that a conversation has news; the own page fetches them itself."""
        if name in self._tasks:
            self._again.add(name)
        elif self._held[name]:
            self._missed.add(name)
        elif not is_own_page(name):
            self._halts[name] = asyncio.Event()
            self._tasks[name] = asyncio.get_running_loop().create_task(self._work(name))

    def hear(self, name: str | None) -> None:
        """Another instance stored replies where it is this one that delivers."""
        if name is not None and self._instances.holds(name):
            self.wake(name)

    def arrived(self, name: str) -> int:
        """The number of the last reply that is known to have arrived in a conversation."""
        return self._reached.get(name, 0)

    async def hold(self, name: str) -> None:
        """Deliver nothing for now: what waits may travel in a response's body."""
        self._held[name] += 1
        if name in self._tasks:
            self._missed.add(name)
            await self._interrupt(name)
        self._fresh.pop(name, None)
        if any(conversation == name for conversation, _ in self._arrived):
            await self._note()

    def release(self, name: str) -> None:
        """Deliver what is left."""
        self._held[name] -= 1
        if not self._held[name]:
            del self._held[name]
            if name in self._missed:
                self._missed.discard(name)
                self.wake(name)

    async def _interrupt(self, name: str) -> None:
        """Stop after what is on its way just now, so that it doesn't go out twice."""
        task = self._tasks.get(name)
        if task is not None:
            self._halts[name].set()
            await asyncio.wait([task], timeout=GRACE_S)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _work(self, name: str) -> None:
        try:
            self._again.add(name)
            while name in self._again:
                self._again.discard(name)
                try:
                    await self._take_turns(name)
                except SQLAlchemyError as error:
                    log.warning("delivery waits for the database: %s", type(error).__name__)
                    self._again.add(name)
                    await self._pause(name, AWAY_S * random.uniform(1, 2))
        except _HaltedError:
            pass
        except Exception:
            log.exception("delivery stopped; it is tried again in a while")
        finally:
            self._again.discard(name)
            del self._tasks[name], self._halts[name]

    async def _take_turns(self, name: str) -> None:
        """Deliver, or wait while another instance does."""
        if not await self._instances.hold(name):
            await self._wait_for_others(name)
            return
        try:
            await self._deliver(name)
        finally:
            self._instances.free(name)  # long before that, it is noted what has arrived

    async def _wait_for_others(self, name: str) -> None:
        """Another instance delivers: see in a while whether it has."""
        self._fresh.pop(name, None)
        self._reached.pop(name, None)
        await self._pause(name, ELSEWHERE_S)
        if await self._store.run(partial(conversations.is_waiting, name=name)):
            self._again.add(name)

    async def _deliver(self, name: str) -> None:
        """Deliver what waits, in order, and what comes meanwhile."""
        queue = await self._waiting(name, self._reached.get(name))
        while queue:
            one = queue[0]
            if not await self._is_superseded(name, queue) and not await self._show(name, queue):
                await self._store.run(partial(conversations.close, name=name))
                return
            del queue[0]
            self._has_arrived(name, one.seq)
            await self._pause(name, BREATH_S if one.activity["type"] == "typing" else 0)
            await self._take_news(name, queue, one.seq)

    async def _take_news(self, name: str, queue: list[StoredActivity], last: int) -> None:
        """Put behind what waits what has come since; `last` is the newest that was known."""
        if name in self._again:
            self._again.discard(name)
            queue += await self._waiting(name, queue[-1].seq if queue else last)

    async def _is_superseded(self, name: str, queue: Sequence[StoredActivity]) -> bool:
        """Whether a later one will stand in the very place of the first."""
        one, *later = queue
        if not later or (one.slot is None and one.replaces is None):
            return False
        place = await self._place(name, one)
        return any([place == await self._place(name, other) for other in later])

    async def _place(self, name: str, one: StoredActivity) -> tuple[str | None, str | None]:
        """The message that it replaces; else the slot that it is the first of."""
        message = one.replaces
        if message is None and one.slot is not None:
            bound = partial(conversations.bound, name=name, slot=one.slot)
            message = await self._store.run(bound)
        return message, one.slot if message is None else None

    async def _waiting(self, name: str, after: int | None) -> list[StoredActivity]:
        """What is to be delivered after a number; from the store unless it follows right on it."""
        fresh = self._fresh.pop(name, [])
        if fresh and after is not None:
            follows = range(after + 1, after + 1 + len(fresh))
            if all(one.seq == n for one, n in zip(fresh, follows, strict=True)):
                return fresh
        stored = await self._store.run(partial(conversations.waiting, name=name))
        return [one for one in stored if one.seq > (after or 0)]

    def _has_arrived(self, name: str, place: int) -> None:
        """Remember it; the store is told a little later, of many at once."""
        self._reached[name] = place
        self._reached.move_to_end(name)
        self._arrived.append((name, place))
        if self._noting is None:
            self._noting = asyncio.get_running_loop().create_task(self._note_soon())

    async def _note_soon(self) -> None:
        pause = NOTED_S
        while self._arrived:
            await asyncio.sleep(pause)
            try:
                await self._note()
            except Exception:
                log.exception("what has arrived is noted later")
                pause = NOTED_AGAIN_S
        self._noting = None

    async def _note(self) -> None:
        """Tell the store what has arrived."""
        async with self._pen:
            arrived = tuple(self._arrived)
            if arrived:
                await self._store.run(partial(conversations.all_delivered, arrived=arrived))
            del self._arrived[: len(arrived)]
        while len(self._reached) > KNOWN and not self._arrived:
            self._reached.popitem(last=False)

    async def _show(self, name: str, queue: list[StoredActivity]) -> bool:
        """Deliver the first one, in place of another where it shall be; False: closed.

        It is left out when a newer one for its place comes while the channel takes nothing.
        """
        one = queue[0]
        slot, activity = one.slot, one.activity
        replaced, _ = await self._place(name, one)
        if replaced is not None:
            answer = await self._send(name, "PUT", {**activity, "id": replaced}, queue)
            # Who pressed a card has seen what replaces it in the answer to the press.
            seen = one.replaces is not None and answer.status not in UNSHOWN
            if answer.status in SUCCESS or seen:
                return answer.status not in CLOSED
        answer = await self._send(name, "POST", activity, queue)
        ways = in_words(activity) if answer.status in UNSHOWN else []
        for words in ways:
            if answer.status not in UNSHOWN:
                break
            answer = await self._send(name, "POST", words, queue)
        if slot is not None and answer.id is not None:
            bind = partial(conversations.bind, name=name, slot=slot, message=answer.id)
            await self._store.run(bind)
        return answer.status not in CLOSING

    async def _send(
        self, name: str, method: str, activity: Activity, queue: list[StoredActivity]
    ) -> "_Answer":
        """Try until the channel takes or refuses it, or it is superseded.

        Raises when patience ends.
        """
        for patience in PATIENCE_S:
            pause: float = patience
            try:
                answer = await self._request(method, activity)
            except (TimeoutError, ClientError, NoTokenError) as error:
                log.warning("the channel can't be reached: %s: %s", type(error).__name__, error)
            else:
                if answer.status not in PASSING and answer.status < 500:  # noqa: PLR2004
                    if answer.status not in SUCCESS:
                        log.warning("the channel refused a %s with %d", method, answer.status)
                    return answer
                pause = patience if answer.pause is None else answer.pause
            await self._pause(name, pause * random.uniform(1, 1.25))
            await self._take_news(name, queue, queue[0].seq)
            if await self._is_superseded(name, queue):
                return _SUPERSEDED
        msg = "the channel takes no reply"
        raise ClientError(msg)

    async def _pause(self, name: str, seconds: float) -> None:
        """Wait, and be halted nowhere else. Raises _HaltedError."""
        halt = self._halts[name]
        if seconds and not halt.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(halt.wait(), seconds)
        if halt.is_set():
            raise _HaltedError

    async def _request(self, method: str, activity: Activity) -> "_Answer":
        service = str(activity["serviceUrl"]).rstrip("/")
        if not self._admission.reaches(service):
            return _Answer(CLOSED[0], None, None)
        url = f"{service}/v3/conversations/{_quoted(activity['conversation']['id'])}/activities"
        after = activity["id"] if method == "PUT" else activity.get("replyToId")
        if after is not None:
            url += f"/{_quoted(after)}"
        bearer = await self._admission.token()
        headers = {**JSON, "Authorization": f"Bearer {bearer}"} if bearer else JSON
        body = orjson.dumps(activity)
        async with self._session.request(
            method, url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        ) as response:
            if bearer and response.status == UNAUTHORIZED:
                self._admission.distrust(bearer)
            pause = _asked_for(response.headers.get("Retry-After", ""))
            name = _name(await response.read()) if response.status in SUCCESS else None
            return _Answer(response.status, pause, name)


class _HaltedError(Exception):
    """The sender was asked to stop."""


@dataclass(frozen=True)
class _Answer:
    """The channel's status, the seconds that it asks us to wait, its name of what it took."""

    status: int
    pause: float | None
    id: str | None


_SUPERSEDED = _Answer(200, None, None)


def _name(body: bytes) -> str | None:
    try:
        told = orjson.loads(body or b"{}")
    except ValueError:
        return None
    found = told.get("id") if isinstance(told, dict) else None
    return found if isinstance(found, str) and found else None


def _asked_for(retry_after: str) -> float | None:
    """The seconds that a channel wants us to wait: it says how many, or until when."""
    if retry_after.isdecimal():
        return min(float(retry_after), LONGEST_PAUSE_S)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    left = until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)
    return min(max(left.total_seconds(), 0), LONGEST_PAUSE_S)


def _quoted(name: object) -> str:
    return quote(str(name), safe="")
