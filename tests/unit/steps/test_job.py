"""The training job, where learners err: no data, bad numbers, cancelled, failed, twice."""

import re

import pytest

from dialogs.values.facts import ModelTrained
from dialogs.values.replies import JobBoard
from tests.unit.conftest import At, ModelKind, WithModel
from tests.unit.steps.practice import Practice

NUMBERS = {"learning_rate_multiplier": "0.5", "batch_size": "1", "n_epochs": "5"}


@pytest.fixture
def desk(at: At) -> Practice:
    """A learner with data, before the job; what a worker shall do waits."""
    learner = at("choose")
    learner.press(picked=("renew", "fine", "room", "card"))
    learner.is_computed_at_once = False
    return learner.go("train")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("learning_rate_multiplier", "0", "Multiplier goes from 0.1 to 10"),
        ("learning_rate_multiplier", "10.5", "Multiplier goes from 0.1 to 10"),
        ("batch_size", "17", "Batch size goes from 1 to 16"),
        ("batch_size", "2.5", "Batch size goes from 1 to 16"),
        ("n_epochs", "0", "Epochs goes from 1 to 30"),
        ("n_epochs", "31", "Epochs goes from 1 to 30"),
        ("n_epochs", "", "Epochs goes from 1 to 30"),
        ("n_epochs", "five", "Epochs goes from 1 to 30"),
    ],
)
def test_a_number_out_of_its_range_starts_no_job(
    desk: Practice, name: str, value: str, said: str
) -> None:
    seen = desk.press(**{**NUMBERS, name: value})
    assert (seen.outcome, seen.kept, seen.later) == ("unclear", {}, ())
    assert said in seen.said


@pytest.mark.parametrize("way", ["pressed", "typed"])
def test_the_service_refuses_a_job_without_data(at: At, way: str) -> None:
    learner = at("train")
    seen = learner.press(**NUMBERS) if way == "pressed" else learner.type("start")
    assert (seen.outcome, seen.kept, seen.later) == ("unclear", {}, ())
    assert "Training file has 0 example(s), but must have at least 10 examples" in seen.said


@pytest.mark.parametrize(
    "text",
    ["start the job", "start", "train", "run it", "Start 0.5 1 5", "0.5 1 5"],
)
def test_typed_words_start_the_job(desk: Practice, text: str) -> None:
    seen = desk.type(text)
    assert (seen.outcome, seen.kept["status"], seen.kept["number"]) == ("noted", "pending", 1)
    assert seen.kept["settings"]["n_epochs"] == 5


@pytest.mark.parametrize("text", ["banana", "5", "0.5 1", "1 1 5 3", ""])
def test_what_starts_nothing_is_told_how(desk: Practice, text: str) -> None:
    seen = desk.type(text)
    assert (seen.outcome, seen.kept) == ("unclear", {})
    assert 'Or type "start the job"' in seen.said


@pytest.mark.parametrize("text", ["start 99 1 5", "train 0.5 1"])
def test_typed_numbers_out_of_range_or_too_few_start_nothing(desk: Practice, text: str) -> None:
    assert desk.type(text).kept == {}


def test_a_job_that_runs_is_not_started_again(desk: Practice) -> None:
    desk.press(**NUMBERS)
    seen = desk.type("start")
    assert (seen.outcome, seen.kept["number"]) == ("unclear", 1)
    assert "The job is running." in seen.said


@pytest.mark.parametrize("text", ["status", "cancel the job"])
def test_where_no_job_runs_there_is_nothing_to_see_or_cancel(desk: Practice, text: str) -> None:
    seen = desk.type(text)
    assert (seen.outcome, seen.kept) == ("unclear", {})
    assert "No job is running." in seen.said


@pytest.mark.parametrize("moment", ["waiting", "running"])
@pytest.mark.parametrize("way", ["pressed", "typed"])
def test_a_cancelled_job_brings_no_model_and_can_be_started_again(
    desk: Practice, moment: str, way: str
) -> None:
    desk.press(**NUMBERS)
    if moment == "running":
        desk.worker_brings()
    seen = desk.press("cancel") if way == "pressed" else desk.type("cancel the job")
    assert (seen.outcome, seen.kept["status"], seen.counts) == ("noted", "cancelled", (0, 0))
    assert "Status: cancelled" in seen.said
    while desk.waiting:
        desk.worker_brings()
    desk.wait(60)
    assert desk.progress.model is None
    assert desk.record("train").status == "tried"
    again = desk.press(**NUMBERS)
    assert (again.kept["status"], again.kept["number"]) == ("pending", 2)


def test_a_job_that_failed_says_so_and_can_be_started_again(desk: Practice) -> None:
    desk.press(**NUMBERS)
    seen = desk.worker_fails()
    assert (seen.outcome, seen.kept["status"], seen.counts) == ("noted", "failed", (0, 0))
    assert "Status: failed" in seen.said
    assert desk.wait(60) == []
    assert desk.press(**NUMBERS).kept["number"] == 2


def test_times_of_a_cancelled_job_are_not_those_of_the_next(desk: Practice) -> None:
    desk.press(**NUMBERS)
    desk.worker_brings()
    former = [*desk.due]
    desk.press("cancel")
    desk.press(**NUMBERS)
    desk.worker_brings()
    for at in former:
        seen = desk.send(at.event)
        assert (seen.outcome, seen.record.status) == ("silent", "tried")


def test_a_job_shows_how_far_it_is_and_ends_with_a_model(desk: Practice) -> None:
    desk.press(**NUMBERS)
    assert "pending: the service tests your file first (40 lines" in desk.look().said
    desk.worker_brings()
    assert "◐ Queue · ○ Training" in desk.press("status").said
    desk.wait(4)
    told = desk.type("status").said
    assert "running: training, epoch 4 of 5" in told
    assert "Epoch 3, step 120: training loss" in told
    assert "Epoch 4, step 160" not in told
    desk.wait(1.4)
    assert "running: the model is being made" in desk.type("status").said
    desk.wait(1)
    assert "● Model creation · ◐ Safety check" in desk.type("status").said
    seen = desk.wait(20)[-1]
    assert (seen.outcome, seen.score, seen.kept["status"]) == ("passed", 1.0, "succeeded")
    assert [type(f) for f in seen.facts[1:]] == [ModelTrained]
    assert desk.progress.model
    assert "Your own fine-tuned model is ready" in seen.said


def test_a_job_is_told_of_once_on_its_way_where_messages_stay(desk: Practice) -> None:
    desk.press(**NUMBERS)
    desk.worker_brings()
    seen = desk.wait(20)
    told = [s for s in seen if any(m.blocks for m in s.messages)]
    assert len(seen) >= 5
    assert [s.outcome for s in told] == ["shown", "passed"]


def test_a_finished_job_is_found_again_with_its_curves_and_its_log(desk: Practice) -> None:
    desk.press(**NUMBERS)
    desk.worker_brings()
    desk.wait(20)
    seen = desk.go("needs").go("train").look()
    (board,) = (b for m in seen.messages for b in m.blocks if isinstance(b, JobBoard))
    assert board.chart
    assert len(board.chart.series[1].points) == 6
    assert "Safety check passed. Job succeeded." in seen.said


@pytest.mark.parametrize(
    ("base", "name"), [("", r"ready: ft-[0-9a-f]{8}-\w+"), ("small", r"ready: The small one\.ft-")]
)
def test_a_model_is_named_by_base_model_job_and_suffix(
    desk: Practice, base: str, name: str
) -> None:
    if base:
        desk.go("form").press(base=base)
        desk.go("train")
    desk.press(**NUMBERS)
    desk.worker_brings()
    assert re.search(name, desk.wait(20)[-1].said)


def test_a_job_that_ends_elsewhere_is_told_there_and_moves_nobody(desk: Practice) -> None:
    desk.press(**NUMBERS)
    desk.worker_brings()
    desk.go("needs")
    seen = desk.wait(60)[-1]
    assert desk.progress.cursor == "needs"
    assert "Status: succeeded" in seen.said
    assert seen.buttons == []


def test_another_model_reopens_what_depended_on_the_old_one(with_model: WithModel) -> None:
    learner = with_model("where", "narrow")
    learner.press(picked=("loans", "money"))
    learner.go("exam").pass_all("exam", "needs")
    learner.go("train").press(learning_rate_multiplier="0.1", batch_size="1", n_epochs="1")
    seen = next(s for s in learner.wait(60) if s.outcome == "passed")
    assert "what depended on the old one is open again: Where" in seen.said
    where = learner.record("where")
    assert (where.status, where.score, where.model, where.state) == ("tried", 0.0, None, None)
    assert learner.record("exam").status == "passed"
    (kept,) = learner.progress.history
    assert (kept.step, kept.score) == ("where", 1.0)


def test_the_same_settings_give_the_same_model_and_reopen_nothing(with_model: WithModel) -> None:
    learner = with_model("where", "narrow")
    learner.press(picked=("loans", "money"))
    learner.go("train").press(**NUMBERS)
    learner.wait(60)
    assert learner.record("where").status == "passed"
    assert learner.progress.history == ()


def test_settings_of_the_labs_good_run_stand_in_the_fields(desk: Practice) -> None:
    desk.is_computed_at_once = True
    desk.go("runs")
    desk.press(learning_rate_multiplier="1", batch_size="1", n_epochs="4", predicted="good")
    desk.press(learning_rate_multiplier="0.1", batch_size="1", n_epochs="1", predicted="good")
    assert desk.go("train").inputs["n_epochs"] == 4


@pytest.mark.parametrize(("kind", "picked"), [("narrow", "best"), ("sound", "best")])
def test_a_checkpoint_that_is_the_model_already_reopens_nothing(
    with_model: WithModel, kind: ModelKind, picked: str
) -> None:
    learner = with_model("where", kind).pass_all("where")
    before = learner.progress.model
    seen = learner.go("finish").press(checkpoint=picked)
    assert (seen.outcome, seen.later) == ("passed", ())
    assert learner.progress.model == before
    assert learner.record("where").status == "passed"


def test_an_earlier_checkpoint_is_another_model_and_reopens_what_depended_on_it(
    with_model: WithModel,
) -> None:
    learner = with_model("train", "narrow")
    learner.press(learning_rate_multiplier="1", batch_size="1", n_epochs="20")
    learner.wait(60)
    learner.go("where").press(picked=("loans", "money"))
    seen = learner.go("finish").press(checkpoint="best")
    assert (seen.outcome, len(seen.later)) == ("passed", 1)
    assert learner.progress.model
    assert learner.progress.model.epoch in range(1, 20)
    assert learner.record("where").status == "tried"
    assert [kept.step for kept in learner.progress.history] == ["where"]
