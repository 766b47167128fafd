"""Delivers stored replies to their channels: in order for a conversation, at least once."""

import asyncio
import contextlib
import json
import logging
import random
from collections import Counter
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot import conversations
from bot.doors import Door
from bot.errors import NoTokenError
from bot.outlet import Activity, is_own_page, mark
from bot.store import Store

PATIENCE_S = (0.5, 1, 2, 4, 8, 15, 30, 60)  # before each further try
LONGEST_PAUSE_S = 120.0  # that a channel may ask for
BREATH_S = 0.7  # for a typing sign to be seen
GRACE_S = 3  # for what is on its way when the sender stops
TIMEOUT = ClientTimeout(total=20)

SUCCESS = range(200, 300)
CLOSING = (403, 404, 410)  # the address is gone until somebody writes from there again
CLOSED = (403, 410)  # the same where a message was to be replaced: 404 may mean the message
PASSING = (401, 408, 412, 429)  # and all above 499: another try may do

log = logging.getLogger(__name__)


class Sender:
    """One task for each conversation that has something to deliver."""

    def __init__(self, store: Store, session: ClientSession, door: Door) -> None:
        self._store, self._session, self._door = store, session, door
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._halts: dict[str, asyncio.Event] = {}
        self._again: set[str] = set()
        self._held: Counter[str] = Counter()

    async def start(self) -> None:
        """Deliver what a former run left waiting."""
        for name in await self._store.run(conversations.all_waiting):
            self.wake(name)

    async def stop(self) -> None:
        """Stop; what isn't delivered stays stored."""
        await asyncio.gather(*(self._interrupt(name) for name in list(self._tasks)))

    def wake(self, name: str) -> None:
        """Say that a conversation has news; the own page fetches them itself."""
        if name in self._tasks:
            self._again.add(name)
        elif not is_own_page(name) and not self._held[name]:
            self._halts[name] = asyncio.Event()
            self._tasks[name] = asyncio.get_running_loop().create_task(self._work(name))

    async def hold(self, name: str) -> None:
        """Deliver nothing for now: what waits may travel in a response's body."""
        self._held[name] += 1
        await self._interrupt(name)

    def release(self, name: str) -> None:
        """Deliver what is left."""
        self._held[name] -= 1
        if not self._held[name]:
            del self._held[name]
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
                await self._deliver(name)
        except _HaltedError:
            pass
        except Exception:
            log.exception("delivery stopped; it goes on with the conversation's next turn")
        finally:
            self._again.discard(name)
            del self._tasks[name], self._halts[name]

    async def _deliver(self, name: str) -> None:
        waiting = await self._store.run(partial(conversations.waiting, name=name))
        last = {mark(activity).get("slot"): place for place, activity in waiting}
        for place, activity in waiting:
            slot = mark(activity).get("slot")
            superseded = slot is not None and last[slot] != place
            if not superseded and not await self._show(name, activity):
                await self._store.run(partial(conversations.close, name=name))
                return
            arrived = partial(conversations.delivered, name=name, places=[place])
            await self._store.run(arrived)
            await self._pause(name, BREATH_S if activity["type"] == "typing" else 0)

    async def _show(self, name: str, activity: Activity) -> bool:
        """Deliver one, in place of another where it shall be; False: the address is closed."""
        told = mark(activity)
        slot, pressed = told.get("slot"), told.get("replaces")
        bare = {**activity, "channelData": {}} if told else activity
        replaced = pressed
        if slot is not None and pressed is None:
            replaced = await self._store.run(partial(conversations.bound, name=name, slot=slot))
        if replaced is not None:
            answer = await self._send(name, "PUT", {**bare, "id": replaced})
            # Who pressed a card has seen what replaces it in the answer to the press.
            if answer.status in SUCCESS or pressed is not None:
                return answer.status not in CLOSED
        answer = await self._send(name, "POST", bare)
        if slot is not None and answer.id is not None:
            bind = partial(conversations.bind, name=name, slot=slot, message=answer.id)
            await self._store.run(bind)
        return answer.status not in CLOSING

    async def _send(self, name: str, method: str, activity: Activity) -> "_Answer":
        """Try until the channel takes or refuses it. Raises when patience ends."""
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
        if not self._door.reaches(service):
            return _Answer(CLOSED[0], None, None)
        url = f"{service}/v3/conversations/{_quoted(activity['conversation']['id'])}/activities"
        after = activity["id"] if method == "PUT" else activity.get("replyToId")
        if after is not None:
            url += f"/{_quoted(after)}"
        bearer = await self._door.token()
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        async with self._session.request(
            method, url, json=activity, headers=headers, timeout=TIMEOUT, allow_redirects=False
        ) as response:
            asked = response.headers.get("Retry-After", "")
            pause = min(float(asked), LONGEST_PAUSE_S) if asked.isdigit() else None
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


def _name(body: bytes) -> str | None:
    try:
        told = json.loads(body or b"{}")
    except ValueError:
        return None
    found = told.get("id") if isinstance(told, dict) else None
    return found if isinstance(found, str) and found else None


def _quoted(name: object) -> str:
    return quote(str(name), safe="")
