"""Runs that are recorded for a talk: how a training went, and what its models say afterwards."""

import pytest

from dialogs.simulations.recorded_run import RecordableBench, RecordedRun, RunRecipe, record
from dialogs.simulations.registry import COMPUTATIONS, compute, kind_of
from tests.lessons import tutor
from tests.unit.simulations.trials import LOCALES, SEED, Values

DISTIL: Values = {
    "lines": ("120",),
    "filter": ("agree",),
    "student": ("small",),
    "volume": ("100000",),
}
RAFT: Values = {
    "oracle": ("80",),
    "distractors": ("2",),
    "answers": ("quote",),
    "without": ("decline",),
}


def bench(lesson: str, locale: str = "en") -> RecordableBench:
    found = tutor().simulation(lesson, locale)
    assert isinstance(found, RecordableBench)
    return found


def recipe(lesson: str, experiment: str, values: Values, before: Values | None) -> RunRecipe:
    return RunRecipe(
        lesson=lesson,
        locale="en",
        experiment=experiment,
        values=values,
        before=before,
        made_of=bench(lesson).digest,
    )


UNTRAINED = {**RAFT, "oracle": ("untrained",)}
DISTILLED = recipe("distillation", "distil", DISTIL, None)
READ = recipe("raft", "raft", RAFT, UNTRAINED)


@pytest.mark.parametrize(("wanted", "points", "every"), [(DISTILLED, 10, 15), (READ, 6, 1)])
def test_a_recorded_run_learns_and_has_the_figures_of_its_trial(
    wanted: RunRecipe, points: int, every: int
) -> None:
    found = compute(bench(wanted.lesson), wanted, {})
    assert isinstance(found, RecordedRun)
    assert (len(found.losses), found.every) == (points + 1, every)
    training, held_out = zip(*found.losses, strict=True)
    assert list(training) == sorted(training, reverse=True)
    assert held_out[-1] < held_out[0]
    assert held_out[-1] > training[-1]
    trial = bench(wanted.lesson).run(wanted.experiment, wanted.values, SEED)
    assert found.figures == dict(trial.figures)
    assert bool(found.before) == (wanted.before is not None)
    stored = COMPUTATIONS["run"].stored_result
    assert stored.read(stored.write(found), stored.form) == found
    assert kind_of(wanted) == kind_of(found) == "run"


def test_raft_is_held_against_the_reader_that_was_not_trained() -> None:
    found = record(bench("raft"), READ)
    assert found.figures["precision"] > found.before["precision"] + 0.2
    assert found.figures["invented"] < found.before["invented"] - 0.5


@pytest.mark.parametrize("locale", LOCALES)
def test_teacher_and_student_say_a_topic_and_how_sure_they_are(locale: str) -> None:
    question = {"en": "Where is my parcel?", "de": "Wo bleibt mein Paket?"}[locale]
    topic = {"en": "Delivery, ", "de": "Lieferung, "}[locale]
    models = bench("distillation", locale).models(DISTIL, SEED)
    for model in models:
        assert model(question).startswith(topic)
        assert "%" in model(question)
        assert model("")  # whatever is typed is answered


def test_the_trained_reader_quotes_its_page_and_declines_elsewhere() -> None:
    before, after = bench("raft").models(RAFT, SEED)
    asked = "How long does the TorqLite 18 take to charge?"
    assert before(asked) == "60 minutes."
    assert after(asked).startswith("The page “TorqLite 18” says")
    assert after("What is the meaning of life?") == "The documents don't say that."
    for odd in ("", "?!", "x" * 600):
        assert before(odd)
        assert after(odd)
