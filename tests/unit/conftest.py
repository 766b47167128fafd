"""A learner at any step of the small lesson, with a model of their own or without."""

from collections.abc import Callable
from functools import cache
from typing import Literal

import pytest

from dialogs.simulations.experiment import Bench
from dialogs.tutor import Tutor
from dialogs.work.persona_company import as_company
from tests.unit.steps.practice import BENCHES, Practice, bench_lesson

ModelKind = Literal["sound", "narrow", "weak", "wild"]
At = Callable[[str], Practice]
WithModel = Callable[[str, ModelKind], Practice]
AtBench = Callable[[str, str, ModelKind | None], Practice]

TOPICS = ("renew", "fine", "room", "card")
# The conversations and settings of a model, and what its figures call for.
MODELS: dict[ModelKind, tuple[tuple[str, ...], tuple[float, int, int]]] = {
    "sound": (TOPICS, (0.5, 1, 5)),  # plain and right: use it
    "narrow": (TOPICS[:2], (0.5, 1, 5)),  # two topics alone: more data
    "weak": (TOPICS, (0.1, 1, 1)),  # says what the base says: other settings
    "wild": (TOPICS, (10, 1, 5)),  # accuracy fell: other settings
}


@pytest.fixture(scope="session")
def new_learner(tutor: Tutor) -> Practice:
    """A learner who has done nothing yet."""
    return Practice(as_company(tutor.simulation("plain-words", "en")), tutor.library.strings)


@pytest.fixture
def at(new_learner: Practice) -> At:
    """Put a new learner before a step."""
    return lambda step: new_learner.copy().go(step)


@pytest.fixture(scope="session")
def trained(new_learner: Practice) -> Callable[[ModelKind], Practice]:
    """A learner who has trained a model, each kind of it once."""

    @cache
    def train(kind: ModelKind) -> Practice:
        picked, (multiplier, batch, epochs) = MODELS[kind]
        learner = new_learner.copy().go("choose")
        learner.press(picked=picked)
        learner.go("train")
        learner.press(learning_rate_multiplier=multiplier, batch_size=batch, n_epochs=epochs)
        learner.wait(60)
        assert learner.record("train").status == "passed"
        return learner

    return train


@pytest.fixture
def with_model(trained: Callable[[ModelKind], Practice]) -> WithModel:
    """Put a learner who has trained a model before a step."""
    return lambda step, kind: trained(kind).copy().go(step)


@pytest.fixture
def at_bench(
    tutor: Tutor, new_learner: Practice, trained: Callable[[ModelKind], Practice]
) -> AtBench:
    """Put a learner before a step of a small lesson with a bench; a model is had elsewhere."""

    def put(lesson: str, step: str, kind: ModelKind | None) -> Practice:
        bench = tutor.simulation(BENCHES[lesson], "en")
        assert isinstance(bench, Bench)
        learner = trained(kind) if kind else new_learner
        return learner.into(bench_lesson(lesson), bench).go(step)

    return put
