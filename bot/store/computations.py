"""What workers shall compute, for whom; and what they computed, which is never changed."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from bot.store.tables import computation, result
from dialogs.simulations.persona import Evaluation, EvaluationRecipe, Training, TrainingRecipe
from dialogs.values.turn import Compute, Recipe, Result

KEPT = 100  # parsed results in memory; one is about 0.1 MiB


@dataclass(frozen=True)
class Job:
    """What a worker needs: the recipe, and the training that an evaluation looks at."""

    recipe: Recipe
    training: str | None = None

    @property
    def kind(self) -> str:
        """What it results in."""
        return "training" if isinstance(self.recipe, TrainingRecipe) else "evaluation"


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
            kind=Job(wanted.recipe).kind,
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
    if row.kind == "training":
        return Job(TrainingRecipe.model_validate_json(row.recipe))
    wanted = EvaluationRecipe.model_validate_json(row.recipe)
    query = select(result.c.doc).where(result.c.key == wanted.training_key)
    return Job(wanted, db.execute(query).scalar())


def keep(db: Connection, key: str, kind: str, doc: str) -> None:
    """Store a result, once."""
    if db.execute(select(result.c.key).where(result.c.key == key)).first() is None:
        db.execute(insert(result).values(key=key, kind=kind, doc=doc))


def take(db: Connection, learner: str, key: str, step: str) -> Row[Any] | None:
    """Take an computation off the list; None when somebody else did."""
    here = (computation.c.learner == learner, computation.c.key == key, computation.c.step == step)
    return db.execute(delete(computation).where(*here).returning(computation)).first()


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
        read: dict[str, Result] = {}
        for row in db.execute(select(result).where(result.c.key.in_(missing))):
            kind = Training if row.kind == "training" else Evaluation
            read[row.key] = kind.model_validate_json(row.doc)
        with self._lock:
            self._parsed.update(read)
            while len(self._parsed) > KEPT:
                self._parsed.popitem(last=False)
        return {**found, **read}
