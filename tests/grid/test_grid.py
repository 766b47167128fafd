"""A sample of the grid (`python -m tests.grid` goes through all of it), and what it rests on."""

from dataclasses import replace

import pytest

from dialogs.simulations.persona import Training
from tests.grid.claims import CLAIMS
from tests.grid.figures import Known
from tests.grid.points import PROMPTS, TARGETS, Point, points
from tests.grid.reasoning import untrue
from tests.grid.walk import Walk, Walker

USUAL, WILD = ("1", "1", "3"), ("10", "1", "3")
# What was contradicted once: the tutor's words on the left, the run's figures beside them.
ONCE = [
    pytest.param(Point("sound", USUAL, 7, "best"), id="a sound run"),
    pytest.param(Point("all flawed", USUAL, 1, "last"), id="flawed data that trains well"),
]


def held(point: Point, prompts: int, targets: int) -> Walk:
    walk = Walk(point)
    walk.run(PROMPTS[:prompts], TARGETS[-targets:])
    return walk


@pytest.mark.parametrize("point", ONCE[:1])
def test_what_is_said_of_a_run_is_so(point: Point) -> None:
    walk = held(point, 1, 1)
    assert walk.findings == []
    assert walk.sentences > 100
    assert min(walk.refused) >= 1, "a decision is refused at each point"
    # What isn't so would have been found.
    words = walk.learner.strings.model
    known = Known(walk.training, walk.evaluation, {"politeness": 3.0, "accuracy": 0.75})
    line = words.weighing.data_sound.format(lines="57", topics="10")
    assert untrue(line, known, words) == ""
    assert untrue(line, replace(known, data="all flawed"), words) == "data_sound"
    assert untrue(words.weighing.grounds["no-gain"], known, words) == "grounds.no-gain"
    assert untrue(words.weighing.grounds["settings"], known, words) == "grounds.settings"


@pytest.mark.parametrize(
    "point",
    [
        *ONCE[1:],
        pytest.param(Point("three conversations", WILD, 1, "last"), id="a run that blew up"),
        pytest.param(Point("sound", ("1", "1", "30"), 1, "best"), id="learnt by heart"),
        *points(2),
    ],
    ids=str,
)
def test_what_is_said_is_so_all_over_the_grid(point: Point) -> None:
    walk = held(point, 2, 2)
    assert walk.findings == []
    assert not walk.refused or min(walk.refused) >= 1


def trained(data: str, settings: tuple[str, str, str], seed: int) -> Training:
    walk = Walk(Point(data, settings, seed, "last"))
    multiplier, batch, epochs = settings
    walk.learner.go("lab").press(
        learning_rate_multiplier=multiplier, batch_size=batch, n_epochs=epochs, predicted="good"
    )
    return walk.training


@pytest.mark.parametrize("seed", range(1, 6))
def test_validation_loss_starts_above_training_loss(seed: int) -> None:
    # It would start below if validation lines were easier, or known from training.
    training = trained("sound", ("0.1", "1", "1"), seed)
    assert training.start_valid_loss > training.start_train_loss


def test_a_false_number_and_a_false_kind_are_found() -> None:
    training = trained("three conversations", WILD, 1)
    known = Known(training)
    told = CLAIMS["model.lab_words"]
    assert told
    assert told(known, {"vlast": f"{training.checkpoints[-1].valid_loss:.2f}"})
    assert not told(known, {"vlast": "0.01"})
    so = [
        kind
        for kind in ("good", "underfit", "overfit", "diverged", "unlike-validation")
        if (claim := CLAIMS[f"lab.outcomes.{kind}.explain"]) and claim(known, {})
    ]
    assert training.kind in so
    assert "good" not in so


def test_the_grid_is_large_enough() -> None:
    found = list(points())
    assert len(set(found)) >= 200
    assert len(TARGETS) * len(PROMPTS) >= 10
    assert Walker(found[0]).company
