"""The curves step, where learners err: nothing, two, the wrong kind, the right one too early."""

import pytest

from dialogs.demonstrations import fitting
from dialogs.simulations.persona.outcome import outcome
from dialogs.simulations.persona.training import Checkpoint
from dialogs.values.replies import Chart
from tests.unit.conftest import At
from tests.unit.steps.practice import Practice

RUNS = {"good", "overfit", "diverged"}


@pytest.fixture
def reader(at: At) -> Practice:
    """A learner before the curves."""
    return at("read")


def run_shown(reader: Practice) -> str:
    """The run whose chart stands last on the card, by its losses."""
    assert reader.card
    chart = [b for b in reader.card.blocks if isinstance(b, Chart)][-1]
    losses = tuple(y for _, y in chart.series[0].points)
    return next(n for n, s in fitting.SETUPS.items() if fitting.run(s).train == losses)


@pytest.mark.parametrize("text", ["", "9", "0", "1, 2", "banana"])
def test_a_slip_costs_nothing(reader: Practice, text: str) -> None:
    seen = reader.type(text)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})


def test_a_miss_says_what_the_chosen_kind_looks_like_and_keeps_what_was_told(
    reader: Practice,
) -> None:
    first = run_shown(reader)
    reader.press(picked=first)
    here = run_shown(reader)
    assert here != first
    seen = reader.press(picked=first)
    assert (seen.outcome, round(seen.score or 0, 2)) == ("missed", 0.33)
    assert "would look otherwise" in seen.said
    assert run_shown(reader) == here


def test_every_run_told_passes(reader: Practice) -> None:
    told = []
    for _ in RUNS:
        told.append(run_shown(reader))
        seen = reader.press(picked=told[-1])
    assert set(told) == RUNS
    assert (seen.outcome, seen.score) == ("passed", 1.0)
    assert "You can read curves." in seen.said


@pytest.mark.parametrize("name", fitting.SETUPS)
def test_each_small_training_ends_as_its_name_says(name: fitting.RunName) -> None:
    run = fitting.run(fitting.SETUPS[name])
    ends = [
        Checkpoint(n, n, train, valid, changed=1.0)
        for n, (train, valid) in enumerate(zip(run.train, run.valid, strict=True))
    ]
    assert outcome(ends[1:], run.train[0], run.valid[0]) == name
