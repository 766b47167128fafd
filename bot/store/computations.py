"""What workers shall compute, for whom; and what they computed, which is never changed."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from bot.store.tables import computation, result
from dialogs.simulations import registry
from dialogs.simulations.computation import Recipe, Result
from dialogs.values.turn import Compute

KEPT = 100  # parsed results in memory; one is about 0.1 MiB


@dataclass(frozen=True)
class StoredResult:
    """A result as it is stored; `doc` is of the form that its `kind` has."""

    key: str
    kind: str
    doc: str

    def read(self) -> Result:
        """The result itself."""
        return registry.read_result(self.kind, self.doc)


@dataclass(frozen=True)
class Job:
    """What a worker needs: the recipe, and the stored results that it rests on."""

    recipe: Recipe
    results: tuple[StoredResult, ...] = ()


def place(db: Connection, learner: str, conversation: str, wanted: Compute) -> None:
    """Note what shall be computed; its outcome comes to this conversation."""
    take(db, learner, wanted.key, wanted.step)
    db.execute(
        insert(computation).values(
            learner=learner,
            key=wanted.key,
            step=wanted.step,
            conversation=conversation,
            lesson=wanted.lesson,
            run=wanted.run,
            kind=registry.kind_of(wanted.recipe),
            recipe=wanted.recipe.model_dump_json(),
        )
    )


def open_keys(db: Connection) -> list[str]:
    """The recipes that somebody still waits for."""
    return [str(key) for key in db.execute(select(computation.c.key).distinct()).scalars()]


def who_waits(db: Connection, key: str) -> list[tuple[str, str]]:
    """The learners and steps that wait for a recipe."""
    rows = db.execute(
        select(computation.c.learner, computation.c.step).where(computation.c.key == key)
    )
    return [(row.learner, row.step) for row in rows]


def batch(db: Connection, key: str) -> Job | None:
    """What is to be computed; None when it was computed before, or nobody waits any more."""
    if db.execute(select(result.c.key).where(result.c.key == key)).first() is not None:
        return None
    row = db.execute(
        select(computation.c.kind, computation.c.recipe).where(computation.c.key == key)
    ).first()
    if row is None:
        return None
    recipe = registry.read_recipe(row.kind, row.recipe)
    return Job(recipe, tuple(_stored(db, recipe.rests_on)))


def keep(db: Connection, made: StoredResult) -> None:
    """Store a result, once."""
    if db.execute(select(result.c.key).where(result.c.key == made.key)).first() is None:
        db.execute(insert(result).values(key=made.key, kind=made.kind, doc=made.doc))


def take(db: Connection, learner: str, key: str, step: str) -> Row[Any] | None:
    """Take an computation off the list; None when somebody else did."""
    here = (computation.c.learner == learner, computation.c.key == key, computation.c.step == step)
    return db.execute(delete(computation).where(*here).returning(computation)).first()


def _stored(db: Connection, keys: Iterable[str]) -> Iterator[StoredResult]:
    wanted = list(keys)
    if wanted:
        for row in db.execute(select(result).where(result.c.key.in_(wanted))):
            yield StoredResult(row.key, row.kind, row.doc)


@dataclass
class Results:
    """Results by key, the last used ones parsed in memory. Store threads share it."""

    _parsed: "OrderedDict[str, Result]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, db: Connection, keys: Iterable[str]) -> Mapping[str, Result]:
        """The results of these keys, as far as they are there."""
        wanted = set(keys)
        with self._lock:
            found = {key: self._parsed[key] for key in wanted if key in self._parsed}
            for key in found:
                self._parsed.move_to_end(key)
        missing = wanted - set(found)
        if not missing:
            return found
        read = {stored.key: stored.read() for stored in _stored(db, missing)}
        with self._lock:
            self._parsed.update(read)
            while len(self._parsed) > KEPT:
                self._parsed.popitem(last=False)
        return {**found, **read}
