"""What workers shall compute, for whom; and what they computed, which is never changed.

A result that can't be read any more is dropped and computed again from its recipe.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from bot.store import set_aside
from bot.store.set_aside import Unread
from bot.store.tables import computation, computed_for, result
from content.stored import UnreadableError
from dialogs.simulations import registry
from dialogs.simulations.computation import Recipe, Result
from dialogs.simulations.registry import UnknownComputationError
from dialogs.values.turn import Compute

CACHED = 100  # parsed results in memory; one is about 0.1 MiB
KEPT_S = 24 * 3600.0  # of a result that no learner's progress needs: the next one may order it
NO_STEP = ""  # what no step asked for: a result that is computed again

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredResult:
    """A result as it is stored: a document of a kind, in one of the forms that kind has."""

    key: str
    kind: str
    doc: str
    form: int

    @classmethod
    def of(cls, key: str, value: Result) -> "StoredResult":
        """A result as it is stored today."""
        kind = registry.kind_of(value)
        stored = registry.stored_result(kind)
        return cls(key, kind, stored.write(value), stored.form)

    def read(self) -> Result:
        """The result itself. Raises UnreadableError, or UnknownComputationError."""
        return registry.stored_result(self.kind).read(self.doc, self.form)


@dataclass(frozen=True)
class Job:
    """What a worker needs: the recipe, and the stored results that it rests on."""

    key: str
    recipe: Recipe
    results: tuple[StoredResult, ...] = ()


def place(db: Connection, learner: str, conversation: str, wanted: Compute) -> None:
    """Note what shall be computed; its outcome comes to this conversation.

    A step waits for one computation of a kind: the one before is dropped, unless somebody else
    waits for it.
    """
    take(db, learner, wanted.key, wanted.step)
    kind = registry.kind_of(wanted.recipe)
    if wanted.step != NO_STEP:
        _drop_former(db, learner, wanted, kind)
    stored = registry.stored_recipe(kind)
    db.execute(
        insert(computation).values(
            learner=learner,
            key=wanted.key,
            step=wanted.step,
            conversation=conversation,
            lesson=wanted.lesson,
            run=wanted.run,
            kind=kind,
            recipe=stored.write(wanted.recipe),
            form=stored.form,
        )
    )
    mine = {"learner": learner, "key": wanted.key}
    here = [computed_for.c[name] == value for name, value in mine.items()]
    if not db.execute(update(computed_for).where(*here).values(until=None)).rowcount:
        db.execute(insert(computed_for).values(mine))


def _drop_former(db: Connection, learner: str, wanted: Compute, kind: str) -> None:
    """Forget what a step waited for until now; a result that wasn't there yet isn't kept."""
    same = {"learner": learner, "lesson": wanted.lesson, "step": wanted.step, "kind": kind}
    here = [computation.c[name] == value for name, value in same.items()]
    former = delete(computation).where(*here, computation.c.key != wanted.key)
    for key in db.execute(former.returning(computation.c.key)).scalars().all():
        waits = select(computation.c.key).where(
            computation.c.learner == learner, computation.c.key == key
        )
        is_there = select(result.c.key).where(result.c.key == key)
        mine = (computed_for.c.learner == learner, computed_for.c.key == key)
        db.execute(delete(computed_for).where(*mine, ~waits.exists(), ~is_there.exists()))


def release(db: Connection, learner: str, needed: Iterable[str], now: float) -> None:
    """Let go, after a while, of the results that a learner's progress doesn't need any more.

    `needed` are the keys of the others; `now` is in Unix seconds.
    """
    theirs, kept = computed_for.c.learner == learner, list(needed)
    waits = select(computation.c.key).where(computation.c.learner == learner)
    unread = and_(computed_for.c.key.not_in(kept), computed_for.c.key.not_in(waits))
    for which, until in ((unread, now + KEPT_S), (computed_for.c.key.in_(kept), None)):
        had = computed_for.c.until.is_(None) if until else computed_for.c.until.is_not(None)
        db.execute(update(computed_for).where(theirs, which, had).values(until=until))


def place_again(db: Connection, learner: str, conversation: str, key: str) -> bool:
    """Have a result that can't be read computed again; one without a recipe is dropped.

    Whether it is being computed. The row stays until the new result replaces it: others may need
    its recipe, too.
    """
    waiting = (computation.c.learner == learner, computation.c.key == key)
    if db.execute(select(computation.c.key).where(*waiting)).first() is not None:
        return True
    recipe = recipe_of_result(db, key)
    if recipe is None:
        log.error("result %s can't be read and has no recipe: it is dropped", key)
        db.execute(delete(result).where(result.c.key == key))
        return False
    log.error("result %s can't be read: it is computed again", key)
    place(db, learner, conversation, Compute(key, recipe, recipe.lesson, 0, NO_STEP))
    return True


def is_placed_again(db: Connection, learner: str, keys: Iterable[str]) -> bool:
    """Whether one of these results is being computed again for a learner."""
    here = (computation.c.learner == learner, computation.c.step == NO_STEP)
    query = select(computation.c.key).where(*here, computation.c.key.in_(list(keys)))
    return db.execute(query.limit(1)).first() is not None


def open_keys(db: Connection) -> list[tuple[str, str]]:
    """The recipes that somebody still waits for, each with one of those learners."""
    query = select(computation.c.key, func.min(computation.c.learner))
    return [(str(key), str(who)) for key, who in db.execute(query.group_by(computation.c.key))]


def who_waits(db: Connection, key: str) -> list[tuple[str, str]]:
    """The learners and steps that wait for a recipe."""
    rows = db.execute(
        select(computation.c.learner, computation.c.step).where(computation.c.key == key)
    )
    return [(row.learner, row.step) for row in rows]


def next_job(db: Connection, key: str) -> Job | None:
    """What is to be computed for a recipe: what it rests on first, where that isn't at hand.

    None when it was computed before, or nobody waits any more. Raises UnreadableError where a
    recipe can't be read.
    """
    if _readable(db, key) is not None:
        return None
    recipe = _recipe_asked_for(db, key)
    if recipe is None:
        return None
    rests_on = [(other, _readable(db, other)) for other in recipe.rests_on]
    for other, stored in rests_on:
        before = recipe_of_result(db, other) or _recipe_asked_for(db, other)
        if stored is None and before is not None:
            return Job(other, before)
    return Job(key, recipe, tuple(stored for _, stored in rests_on if stored is not None))


def keep(db: Connection, made: StoredResult, recipe: Recipe) -> None:
    """Store a result, once, as long as there is somebody for whom it was computed."""
    if _readable(db, made.key) is not None:
        return
    db.execute(delete(result).where(result.c.key == made.key))
    if db.execute(select(computed_for.c.key).where(computed_for.c.key == made.key)).first():
        stored = registry.stored_recipe(registry.kind_of(recipe))
        row = {"key": made.key, "kind": made.kind, "doc": made.doc, "form": made.form}
        own = {"recipe": stored.write(recipe), "recipe_form": stored.form}
        db.execute(insert(result).values(**row, **own))


def take(db: Connection, learner: str, key: str, step: str) -> Row[Any] | None:
    """Take a computation off the list; None when somebody else did."""
    here = (computation.c.learner == learner, computation.c.key == key, computation.c.step == step)
    return db.execute(delete(computation).where(*here).returning(computation)).first()


def discard(db: Connection, learner: str, key: str) -> None:
    """Forget what was computed, or was to be, for a learner; others keep what is theirs."""
    for table in (computation, computed_for):
        db.execute(delete(table).where(table.c.learner == learner, table.c.key == key))
    if db.execute(select(computed_for.c.key).where(computed_for.c.key == key)).first() is None:
        db.execute(delete(result).where(result.c.key == key))


def take_failed(db: Connection, learner: str, key: str, step: str) -> Row[Any] | None:
    """Take one that couldn't be computed; its recipe is set aside where it can't be read."""
    row = take(db, learner, key, step)
    if row is not None and registry.recipe_of(key, row.recipe, row.form) is None:
        reason = f"the recipe {key} can't be read"
        unread = Unread(computation.name, f"{key} {step}".strip(), row.recipe, row.form)
        set_aside.keep(db, learner, unread, reason)
    return row


def _recipe_asked_for(db: Connection, key: str) -> Recipe | None:
    """The recipe of a computation that somebody waits for. Raises UnreadableError."""
    rows = db.execute(select(computation).where(computation.c.key == key)).all()
    recipes = (registry.recipe_of(key, row.recipe, row.form) for row in rows)
    recipe = next((recipe for recipe in recipes if recipe is not None), None)
    if rows and recipe is None:
        msg = f"the recipe {key} can't be read"
        raise UnreadableError(msg)
    return recipe


def recipe_of_result(db: Connection, key: str) -> Recipe | None:
    """The recipe of a result that was computed before."""
    query = select(result.c.recipe, result.c.recipe_form).where(result.c.key == key)
    row = db.execute(query).first()
    if row is None or row.recipe is None:
        return None
    return registry.recipe_of(key, row.recipe, row.recipe_form)


def _stored(db: Connection, keys: Iterable[str]) -> list[StoredResult]:
    query = select(result.c.key, result.c.kind, result.c.doc, result.c.form)
    rows = db.execute(query.where(result.c.key.in_(list(keys))))
    return [StoredResult(row.key, row.kind, row.doc, row.form) for row in rows]


def _readable(db: Connection, key: str) -> StoredResult | None:
    for stored in _stored(db, [key]):
        try:
            stored.read()
        except (UnreadableError, UnknownComputationError):
            return None
        return stored
    return None


@dataclass(frozen=True)
class FoundResults:
    """Results by key, as far as they are there; the keys of those that can't be read."""

    results: Mapping[str, Result]
    unreadable: tuple[str, ...] = ()


@dataclass
class Results:
    """Results by key, the last used ones parsed in memory. Store threads share it."""

    _parsed: "OrderedDict[str, Result]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, db: Connection, keys: Iterable[str]) -> FoundResults:
        """The results of these keys."""
        wanted = set(keys)
        with self._lock:
            cached = {key: self._parsed[key] for key in wanted if key in self._parsed}
            for key in cached:
                self._parsed.move_to_end(key)
        missing = wanted - set(cached)
        if not missing:
            return FoundResults(cached)
        read: dict[str, Result] = {}
        unreadable: list[str] = []
        for stored in _stored(db, missing):
            try:
                read[stored.key] = stored.read()
            except (UnreadableError, UnknownComputationError):
                unreadable.append(stored.key)
        with self._lock:
            self._parsed.update(read)
            while len(self._parsed) > CACHED:
                self._parsed.popitem(last=False)
        return FoundResults({**cached, **read}, tuple(unreadable))
