"""The running tutor: takes activities, cooks what turns ask for, minds the time."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select

from bot import tables
from bot.parse import Inbound
from bot.store import Store
from bot.turns import Taken, Turns
from bot.workers import Workers
from dialogs.events import Computed, Due

TICK_S = 0.25  # how often the clock looks for what is due
EVENT: TypeAdapter[Due] = TypeAdapter(Due)

log = logging.getLogger(__name__)

Listener = Callable[[str], None]


def real_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


@dataclass
class Tutoring:
    """Joins store, turns and workers. `listeners` are told which conversation has news."""

    store: Store
    turns: Turns
    workers: Workers
    now: Callable[[], datetime] = real_now
    listeners: list[Listener] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _cooking: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def take(self, inbound: Inbound) -> Taken:
        """Answer an activity; its replies are stored when this returns."""
        now = self.now()
        taken = await self.store.run(lambda db: self.turns.take(db, inbound, now))
        if not taken.repeated:
            self._go_on(taken)
        return taken

    async def cooked(self, keys: Iterable[str], wait_s: float) -> None:
        """Wait until these recipes are cooked and told, `wait_s` seconds at most."""
        tasks = [self._cooking[k] for k in keys if k in self._cooking]
        if tasks:
            await asyncio.wait(tasks, timeout=wait_s)

    async def start(self) -> None:
        """Take up what a former run left undone, and mind the time."""
        keys = await self.store.run(_open_orders)
        for key in keys:
            self._cook(key)
        self._spawn(self._mind_time())
        self._spawn(self._warm())

    async def stop(self) -> None:
        """Let running turns end and drop the rest: it is stored."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.store.close()

    async def run_due(self) -> None:
        """Do what is due by now; for each learner and key once, the newest."""
        now = self.now()
        due = await self.store.run(lambda db: _due(db, now))
        for learner, name in due:
            taken = await self.store.run(lambda db, a=learner, b=name: self._ring(db, a, b, now))  # type: ignore[misc]
            if taken is not None:
                self._go_on(taken)

    # --- inside ---------------------------------------------------------------------

    def _go_on(self, taken: Taken) -> None:
        for key in taken.orders:
            self._cook(key)
        for listener in self.listeners:
            listener(taken.conversation)

    def _ring(self, db: Connection, learner: str, name: str, now: datetime) -> Taken | None:
        self.turns.gate(db, learner)
        table = tables.later
        here = (table.c.learner == learner, table.c.name == name)
        row = db.execute(select(table).where(*here)).first()
        if row is None or row.due > now.timestamp():
            return None
        db.execute(delete(table).where(*here))
        event = EVENT.validate_json(row.event)
        return self.turns.take_later(db, row.conversation, learner, event, now)

    def _cook(self, key: str) -> None:
        if key not in self._cooking:
            self._cooking[key] = self._spawn(self._cook_and_tell(key))

    async def _cook_and_tell(self, key: str) -> None:
        try:
            fault = await self._cook_once(key)
            now = self.now()
            asked = await self.store.run(lambda db: _orders(db, key))
            for learner, step in asked:
                taken = await self.store.run(
                    lambda db, a=learner, b=step: self._tell(db, a, key, b, fault, now)  # type: ignore[misc]
                )
                if taken is not None:
                    self._go_on(taken)
        except Exception:
            log.exception("recipe %s failed; it is tried again after the next start", key)
        finally:
            self._cooking.pop(key, None)

    async def _cook_once(self, key: str) -> str | None:
        """Cook a recipe unless its result is there; what went wrong, or None."""
        ready, recipe, kind, training = await self.store.run(lambda db: _ingredients(db, key))
        if ready or recipe is None:
            return None
        try:
            kind, doc = await self.workers.cook(kind, recipe, training)
        except Exception:
            log.exception("recipe %s could not be cooked", key)
            return "failed"
        await self.store.run(lambda db: _keep_result(db, key, kind, doc))
        return None

    def _tell(  # noqa: PLR0913, PLR0917 (what is told to whom)
        self, db: Connection, learner: str, key: str, step: str, fault: str | None, now: datetime
    ) -> Taken | None:
        self.turns.gate(db, learner)
        table = tables.order
        here = (table.c.learner == learner, table.c.key == key, table.c.step == step)
        row = db.execute(select(table).where(*here)).first()
        if row is None:
            return None
        db.execute(delete(table).where(*here))
        event = Computed(lesson=row.lesson, run=row.run, step=step, key=key, fault=fault)
        return self.turns.take_later(db, row.conversation, learner, event, now)

    async def _mind_time(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.run_due()
            except Exception:
                log.exception("what was due is tried again")
                await asyncio.sleep(1)

    async def _warm(self) -> None:
        started = time.monotonic()
        await self.workers.warm()
        log.info("workers ready after %.1f s", time.monotonic() - started)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _open_orders(db: Connection) -> list[str]:
    return [str(k) for k in db.execute(select(tables.order.c.key).distinct()).scalars()]


def _orders(db: Connection, key: str) -> list[tuple[str, str]]:
    table = tables.order
    rows = db.execute(select(table.c.learner, table.c.step).where(table.c.key == key))
    return [(row.learner, row.step) for row in rows]


def _due(db: Connection, now: datetime) -> list[tuple[str, str]]:
    table = tables.later
    query = select(table.c.learner, table.c.name).where(table.c.due <= now.timestamp())
    return [(row.learner, row.name) for row in db.execute(query.order_by(table.c.due).limit(200))]


def _ingredients(db: Connection, key: str) -> tuple[bool, str | None, str, str | None]:
    """Whether the result is there; the recipe, its kind, and the training that it needs."""
    ready = db.execute(select(tables.result.c.key).where(tables.result.c.key == key)).first()
    recipe = db.execute(select(tables.order.c.recipe).where(tables.order.c.key == key)).scalar()
    if ready or recipe is None:
        return ready is not None, None, "", None
    wanted = _training_key(recipe)
    if wanted is None:
        return False, recipe, "training", None
    doc = db.execute(select(tables.result.c.doc).where(tables.result.c.key == wanted)).scalar()
    return False, recipe, "evaluation", doc


def _training_key(recipe_doc: str) -> str | None:
    found = TypeAdapter(dict[str, object]).validate_json(recipe_doc).get("training_key")
    return str(found) if found is not None else None


def _keep_result(db: Connection, key: str, kind: str, doc: str) -> None:
    there = db.execute(select(tables.result.c.key).where(tables.result.c.key == key)).first()
    if there is None:
        db.execute(insert(tables.result).values(key=key, kind=kind, doc=doc))
