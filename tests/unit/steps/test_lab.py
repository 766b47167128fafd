"""The lab step, where learners err: numbers out of range, no prediction, no data, a fault."""

import pytest

from dialogs.simulations.persona import Hyperparameters, TrainingOutcome
from dialogs.steps.lab import LabRun, State, good_settings
from tests.unit.conftest import At
from tests.unit.steps.practice import Practice

GOOD, LITTLE, MUCH = ("0.5", "1", "5"), ("0.1", "1", "1"), ("10", "1", "5")


@pytest.fixture
def bench(at: At) -> Practice:
    """A learner with data, before the lab."""
    learner = at("choose")
    learner.press(picked=("renew", "fine", "room", "card"))
    return learner.go("runs")


def values(numbers: tuple[str, str, str], predicted: str = "good") -> dict[str, str]:
    names = ("learning_rate_multiplier", "batch_size", "n_epochs")
    return {**dict(zip(names, numbers, strict=True)), "predicted": predicted}


OUT_OF_RANGE = [
    pytest.param(("0.09", "1", "5"), "Multiplier goes from 0.1 to 10", id="multiplier too low"),
    pytest.param(("10.1", "1", "5"), "Multiplier goes from 0.1 to 10", id="multiplier too high"),
    pytest.param(("1", "0", "5"), "Batch size goes from 1 to 16", id="no batch"),
    pytest.param(("1", "17", "5"), "Batch size goes from 1 to 16", id="batch too large"),
    pytest.param(("1", "1.5", "5"), "Batch size goes from 1 to 16", id="half an example"),
    pytest.param(("1", "1", "0"), "Epochs goes from 1 to 30", id="no epoch"),
    pytest.param(("1", "1", "31"), "Epochs goes from 1 to 30", id="too many epochs"),
    pytest.param(("1", "1", "-3"), "Epochs goes from 1 to 30", id="epochs below zero"),
    pytest.param(("", "1", "5"), "Multiplier goes from 0.1 to 10", id="nothing"),
    pytest.param(("one", "1", "5"), "Multiplier goes from 0.1 to 10", id="a number in words"),
]


@pytest.mark.parametrize(("numbers", "said"), OUT_OF_RANGE)
def test_a_number_out_of_its_range_runs_nothing(
    bench: Practice, numbers: tuple[str, str, str], said: str
) -> None:
    seen = bench.press(**values(numbers))
    assert (seen.outcome, seen.counts, seen.kept, seen.later) == ("unclear", (0, 0), {}, ())
    assert said in seen.said


@pytest.mark.parametrize("numbers", [("0.1", "1", "1"), ("10", "16", "30")], ids=["least", "most"])
def test_the_limits_themselves_can_be_run(bench: Practice, numbers: tuple[str, str, str]) -> None:
    assert len(bench.press(**values(numbers)).kept["runs"]) == 1


@pytest.mark.parametrize("predicted", ["", "dance"], ids=["none", "an unknown one"])
def test_without_a_prediction_nothing_runs(bench: Practice, predicted: str) -> None:
    seen = bench.press(**values(GOOD, predicted))
    assert (seen.outcome, seen.kept) == ("unclear", {})
    assert "Predict first" in seen.said


def test_without_data_nothing_runs(at: At) -> None:
    seen = at("runs").press(**values(GOOD))
    assert (seen.outcome, seen.kept) == ("unclear", {})
    assert "Your training set has 0 lines" in seen.said


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("0.5 1 5 1", "noted"),
        ("0,5; 1; 5; 1", "noted"),
        ("0.5 1 5", "unclear"),
        ("0.5 1 5 1 1", "unclear"),
        ("0.5 1 5 0", "unclear"),
        ("0.5 1 5 5", "noted"),
        ("0.5 1 5 6", "unclear"),
        ("99 1 5 1", "unclear"),
        ("run it", "unclear"),
    ],
)
def test_typed_runs_need_three_numbers_and_a_prediction(
    bench: Practice, text: str, outcome: str
) -> None:
    seen = bench.type(text)
    assert seen.outcome == outcome
    assert bool(seen.kept) == (outcome == "noted")


def test_a_wrong_prediction_is_no_miss_and_is_told(bench: Practice) -> None:
    seen = bench.press(**values(LITTLE, "overfit"))
    assert (seen.outcome, seen.counts) == ("noted", (0, 0))
    assert "You predicted: it learns by heart. What happened: it learns too little." in seen.said
    right = bench.press(**values(LITTLE, "underfit"))
    assert "That is just what happened." in right.said
    assert "The same settings give the same result again" in right.said


@pytest.mark.parametrize(
    ("runs", "open_ones"),
    [
        pytest.param(
            [GOOD, GOOD, GOOD], "too little training; find one of too much", id="good alone"
        ),
        pytest.param(
            [LITTLE, LITTLE, LITTLE], "find a good run; find one of too much", id="little alone"
        ),
        pytest.param(
            [GOOD, LITTLE, GOOD], "Still to do: find one of too much", id="without too much"
        ),
    ],
)
def test_three_runs_are_not_enough_without_all_kinds(
    bench: Practice, runs: list[tuple[str, str, str]], open_ones: str
) -> None:
    for numbers in runs:
        seen = bench.press(**values(numbers))
    assert (seen.outcome, seen.record.status) == ("noted", "tried")
    assert open_ones in seen.said
    assert "next" not in bench.buttons


def test_it_passes_with_the_third_kind_and_stays_open(bench: Practice) -> None:
    foreseen = ((GOOD, "good"), (LITTLE, "underfit"), (MUCH, "good"))
    seen = [bench.press(**values(numbers, predicted)) for numbers, predicted in foreseen]
    assert [s.outcome for s in seen] == ["noted", "noted", "passed"]
    assert (seen[2].score, seen[2].counts) == (1.0, (1, 0))
    more = bench.press(**values(GOOD))
    assert (more.outcome, more.record.status, len(more.kept["runs"])) == ("noted", "passed", 4)
    assert "Still to do" not in more.said


def test_who_found_all_kinds_by_chance_has_to_foresee_two(bench: Practice) -> None:
    for numbers in (GOOD, LITTLE, MUCH):
        seen = bench.press(**values(numbers))
    assert (seen.outcome, "next" in bench.buttons) == ("noted", False)
    assert "Still to do: predict 2 different kinds rightly within 3 different runs." in seen.said
    # One of them again is no prediction: how it ends is known.
    assert bench.press(**values(LITTLE, "underfit")).outcome == "noted"
    assert bench.press(**values(("0.1", "2", "1"), "underfit")).outcome == "noted"
    assert bench.press(**values(("0.5", "2", "5"), "good")).outcome == "passed"


def test_the_same_run_six_times_is_one_run(bench: Practice) -> None:
    for _ in range(6):
        seen = bench.press(**values(LITTLE, "underfit"))
    assert (seen.outcome, seen.record.status, seen.record.waived) == ("noted", "tried", False)
    assert "find a good run" in seen.said
    assert "next" not in bench.buttons


def test_after_six_different_runs_a_kind_that_never_shows_is_not_asked_for(
    bench: Practice,
) -> None:
    for epochs in ("4", "5", "6", "7"):
        bench.press(**values(("0.5", "1", epochs)))
    assert bench.press(**values(LITTLE, "underfit")).outcome == "noted"
    seen = bench.press(**values(("0.5", "1", "8")))
    assert (seen.outcome, seen.record.status) == ("passed", "passed")
    assert "You have made 6 different runs" in seen.said


def test_a_run_that_failed_is_put_aside_and_counts_for_nothing(bench: Practice) -> None:
    bench.is_computed_at_once = False
    waiting = bench.press(**values(GOOD))
    assert waiting.kept["pending"]["predicted"] == "good"
    seen = bench.worker_fails()
    assert (seen.kept["runs"], seen.kept["pending"], seen.counts) == ([], None, (0, 0))
    assert "could not be run" in seen.said
    bench.is_computed_at_once = True
    assert len(bench.press(**values(GOOD)).kept["runs"]) == 1


def test_a_run_of_before_that_comes_late_is_no_run(bench: Practice) -> None:
    bench.is_computed_at_once = False
    bench.press(**values(GOOD))
    bench.press(**values(LITTLE))
    late, last = bench.waiting
    bench.waiting = [last, late]
    assert bench.worker_brings().kept["runs"] == []
    assert len(bench.worker_brings().kept["runs"]) == 1


def test_the_numbers_of_the_last_run_stand_in_the_fields(bench: Practice) -> None:
    assert bench.inputs["n_epochs"] == 5
    bench.press(**values(LITTLE))
    assert bench.inputs["n_epochs"] == 1
    bench.press(**values(("1", "3", "99")))
    assert bench.inputs["batch_size"] == 3, "a slip keeps what was set"


def test_the_job_is_offered_the_best_good_run_and_not_the_newest() -> None:
    def run(epochs: int, kind: TrainingOutcome, loss: float) -> LabRun:
        settings = Hyperparameters(n_epochs=epochs)
        return LabRun(settings=settings, predicted="good", kind=kind, valid_loss=loss)

    runs = (run(3, "good", 1.46), run(20, "good", 1.49), run(30, "overfit", 1.4))
    found = good_settings(State(runs=runs).as_json())
    assert found is not None
    assert found.n_epochs == 3
