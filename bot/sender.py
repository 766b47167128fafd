"""Delivers stored replies to their channels: in order for a conversation, at least once."""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy import Connection, select, update

from bot import tables
from bot.store import Store

PATIENCE_S = (0.5, 1, 2, 4, 8, 15, 30, 60)  # before each further try
CLOSING = (403, 404, 410)  # the address is gone until somebody writes from there again
TIMEOUT = ClientTimeout(total=20)

log = logging.getLogger(__name__)

Token = Callable[[str], Awaitable[str | None]]


class Sender:
    """One task for each conversation that has something to deliver."""

    def __init__(self, store: Store, session: ClientSession, token: Token) -> None:
        self._store, self._session, self._token = store, session, token
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._held: dict[str, int] = {}

    def wake(self, conversation: str) -> None:
        """Say that a conversation has news; the own page's are fetched, not sent."""
        if conversation.startswith("directline|"):
            return
        if conversation in self._busy:
            self._again.add(conversation)
        elif not self._held.get(conversation):
            self._start(conversation)

    def hold(self, conversation: str) -> None:
        """Deliver nothing for now: the replies may travel in a response's body."""
        self._held[conversation] = self._held.get(conversation, 0) + 1

    def release(self, conversation: str) -> None:
        """Deliver what is left."""
        self._held[conversation] -= 1
        if not self._held[conversation]:
            del self._held[conversation]
            self.wake(conversation)

    async def start(self) -> None:
        """Deliver what a former run left waiting."""
        for conversation in await self._store.run(_waiting_conversations):
            self.wake(conversation)

    async def stop(self) -> None:
        """Stop; what isn't delivered stays stored."""
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, conversation: str) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(conversation))
        self._busy[conversation] = task

    async def _deliver(self, conversation: str) -> None:
        try:
            while not self._held.get(conversation):
                self._again.discard(conversation)
                rows = await self._store.run(lambda db: waiting(db, conversation))
                for seq, activity in rows:
                    if self._held.get(conversation):
                        return  # the rest travels in a response, or is delivered after it
                    if not await self._send(activity):
                        await self._store.run(lambda db: _close(db, conversation))
                        return
                    await self._store.run(lambda db, n=seq: delivered(db, conversation, [n]))  # type: ignore[misc]
                if conversation not in self._again:
                    return
        except Exception:
            log.exception("delivery stopped; it goes on with the conversation's next turn")
        finally:
            self._busy.pop(conversation, None)

    async def _send(self, activity: dict[str, Any]) -> bool:
        """Deliver one; False when the address is closed. Raises when patience ends."""
        service = str(activity["serviceUrl"]).rstrip("/")
        conversation = quote(str(activity["conversation"]["id"]), safe="")
        url = f"{service}/v3/conversations/{conversation}/activities"
        if "replyToId" in activity:
            url += f"/{quote(str(activity['replyToId']), safe='')}"
        for pause in (*PATIENCE_S, None):
            wait: float | None = pause
            try:
                bearer = await self._token(service)
                headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
                async with self._session.post(
                    url, json=activity, headers=headers, timeout=TIMEOUT, allow_redirects=False
                ) as response:
                    if response.status < 300:  # noqa: PLR2004 (success)
                        return True
                    if response.status in CLOSING:
                        log.warning("address closed by %d", response.status)
                        return False
                    if response.status < 500 and response.status not in (408, 412, 429):  # noqa: PLR2004
                        log.error("the channel refused a reply with %d", response.status)
                        return True
                    wait = _retry_after(response.headers.get("Retry-After"), pause)
            except (TimeoutError, ClientError) as error:
                log.warning("the channel can't be reached: %s", type(error).__name__)
            if wait is None:
                break
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))
        msg = "the channel takes no reply"
        raise ClientError(msg)


def _retry_after(header: str | None, pause: float | None) -> float | None:
    if pause is None or header is None or not header.isdigit():
        return pause
    return min(float(header), 120.0)


def _waiting_conversations(db: Connection) -> list[str]:
    table = tables.activity
    query = select(table.c.conversation).where(table.c.waiting).distinct()
    return [str(c) for c in db.execute(query).scalars()]


def waiting(db: Connection, conversation: str) -> list[tuple[int, dict[str, Any]]]:
    """The replies that are still to be delivered, in order."""
    table, address = tables.activity, tables.conversation
    query = (
        select(table.c.seq, table.c.doc)
        .join(address, address.c.id == table.c.conversation)
        .where(table.c.conversation == conversation, table.c.waiting, address.c.is_open)
        .order_by(table.c.seq)
    )
    return [(row.seq, json.loads(row.doc)) for row in db.execute(query)]


def delivered(db: Connection, conversation: str, places: list[int]) -> None:
    """Note that the replies with these numbers have arrived."""
    table = tables.activity
    db.execute(
        update(table)
        .where(table.c.conversation == conversation, table.c.seq.in_(places))
        .values(waiting=False)
    )


def _close(db: Connection, conversation: str) -> None:
    """Give the address up until something comes in from there; old replies are dropped then."""
    table = tables.conversation
    db.execute(update(table).where(table.c.id == conversation).values(is_open=False))
    kept = tables.activity
    db.execute(update(kept).where(kept.c.conversation == conversation).values(waiting=False))
