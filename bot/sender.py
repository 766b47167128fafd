"""Delivers stored replies to their channels: in order for a conversation, at least once."""

import asyncio
import logging
import random
from collections import Counter
from functools import partial
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot import conversations
from bot.doors import Door
from bot.errors import NoTokenError
from bot.outlet import Activity, is_own_page
from bot.store import Store

PATIENCE_S = (0.5, 1, 2, 4, 8, 15, 30, 60)  # before each further try
LONGEST_PAUSE_S = 120.0  # that a channel may ask for
BREATH_S = 0.7  # for a typing sign to be seen
TIMEOUT = ClientTimeout(total=20)

SUCCESS = range(200, 300)
CLOSING = (403, 404, 410)  # the address is gone until somebody writes from there again
PASSING = (401, 408, 412, 429)  # and all above 499: another try may do

log = logging.getLogger(__name__)


class Sender:
    """One task for each conversation that has something to deliver."""

    def __init__(self, store: Store, session: ClientSession, door: Door) -> None:
        self._store, self._session, self._door = store, session, door
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._held: Counter[str] = Counter()

    async def start(self) -> None:
        """Deliver what a former run left waiting."""
        for name in await self._store.run(conversations.all_waiting):
            self.wake(name)

    async def stop(self) -> None:
        """Stop; what isn't delivered stays stored."""
        for name in list(self._tasks):
            await self._interrupt(name)

    def wake(self, name: str) -> None:
        """Say that a conversation has news; the own page fetches them itself."""
        if name in self._tasks:
            self._again.add(name)
        elif not is_own_page(name) and not self._held[name]:
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
        task = self._tasks.get(name)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _work(self, name: str) -> None:
        try:
            self._again.add(name)
            while name in self._again:
                self._again.discard(name)
                await self._deliver(name)
        except Exception:
            log.exception("delivery stopped; it goes on with the conversation's next turn")
        finally:
            self._again.discard(name)
            del self._tasks[name]

    async def _deliver(self, name: str) -> None:
        for place, activity in await self._store.run(partial(conversations.waiting, name=name)):
            if not await self._send(activity):
                await self._store.run(partial(conversations.close, name=name))
                return
            arrived = partial(conversations.delivered, name=name, places=[place])
            await self._store.run(arrived)
            if activity["type"] == "typing":
                await asyncio.sleep(BREATH_S)

    async def _send(self, activity: Activity) -> bool:
        """Deliver one; False when the address is closed. Raises when patience ends."""
        for patience in PATIENCE_S:
            pause: float = patience
            try:
                status, asked = await self._post(activity)
            except (TimeoutError, ClientError, NoTokenError) as error:
                log.warning("the channel can't be reached: %s: %s", type(error).__name__, error)
            else:
                if status in SUCCESS:
                    return True
                if status in CLOSING:
                    log.warning("the channel closed the address with %d", status)
                    return False
                if status not in PASSING and status < 500:  # noqa: PLR2004 (server errors)
                    log.error("the channel refused a reply with %d; it is dropped", status)
                    return True
                pause = pause if asked is None else asked
            await asyncio.sleep(pause * random.uniform(1, 1.25))
        msg = "the channel takes no reply"
        raise ClientError(msg)

    async def _post(self, activity: Activity) -> tuple[int, float | None]:
        """The channel's status, and the seconds that it asks us to wait."""
        service = str(activity["serviceUrl"]).rstrip("/")
        url = f"{service}/v3/conversations/{_quoted(activity['conversation']['id'])}/activities"
        if "replyToId" in activity:
            url += f"/{_quoted(activity['replyToId'])}"
        bearer = await self._door.token()
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        async with self._session.post(
            url, json=activity, headers=headers, timeout=TIMEOUT, allow_redirects=False
        ) as response:
            asked = response.headers.get("Retry-After", "")
            pause = min(float(asked), LONGEST_PAUSE_S) if asked.isdigit() else None
            return response.status, pause


def _quoted(name: object) -> str:
    return quote(str(name), safe="")
