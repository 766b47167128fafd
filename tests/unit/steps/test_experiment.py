"""The experiment step, where learners err: slips cost nothing, trials count once."""

import pytest

from cards.words import transcript
from dialogs.simulations.experiment import Case, Trial
from dialogs.steps.experiment import CASES, State, amount, telling
from dialogs.values.events import Computed
from dialogs.values.facts import StepAnswered
from dialogs.values.replies import Number, Reply
from dialogs.values.turn import Compute
from tests.conversation.classroom import Classroom
from tests.lessons import library, tutor

LESSON = "cost-benefit"
FIRST = {"now": "gpt-4-1", "tuned": "gpt-4-1-nano", "volume": "10000", "reads": "2000"}
FIRST |= {"writes": "4000", "dropped": "0", "hosting-price": "1.7", "predicted": "dearer"}


@pytest.fixture
def room() -> Classroom:
    """A learner before the first experiment."""
    room = Classroom(tutor(), LESSON)
    room.type("begin")
    room.type("next")
    assert room.progress.cursor == "month"
    return room


def state(room: Classroom) -> State:
    return State.of(room.progress.record("month").state)


def test_a_trial_is_computed_and_its_figures_are_shown(room: Classroom) -> None:
    said = transcript(room.press("answer", FIRST))
    assert "You predicted: dearer than the large one. That is just what happened." in said
    assert "☑ A month in which tuning costs more" in said
    assert "35,789 conversations" in said
    assert "Hosting: 720 hours at $1.70: $1,224" in said
    (trial,) = (r for r in room.results.values() if isinstance(r, Trial))
    assert state(room).trials[0].figures == trial.figures


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"volume": "99"}, "“Conversations a month” goes from 100 to 10,000,000"),
        ({"volume": ""}, "“Conversations a month” goes from"),
        ({"volume": "many"}, "“Conversations a month” goes from"),
        ({"now": ""}, "Choose one for “In use now”"),
        ({"now": "gpt-9"}, "Choose one for “In use now”"),
        ({"predicted": ""}, "Say first how you think it will go"),
        ({"predicted": "both"}, "Say first how you think it will go"),
    ],
)
def test_a_slip_tries_nothing_and_loses_nothing(
    room: Classroom, changed: dict[str, str], told: str
) -> None:
    said = transcript(room.press("answer", {**FIRST, **changed}))
    assert told in said
    assert state(room) == State()
    assert not room.results


@pytest.mark.parametrize(
    "text",
    [
        "1; 3; 10,000; 2000; 4000; 0; 1.7; 2",
        "1; 3; 10000; 2000; 4000; 0; 1.7; dearer than the large one",
        "1 3 10000 2000 4000 0 1.7 2",
        "prediction: 2",
        "Conversations a month: 10,000\nprediction: 2",
        "3: 10000; prediction: dearer than the large one",
    ],
)
def test_what_is_typed_is_the_same_trial(room: Classroom, text: str) -> None:
    room.type(text)
    (trial,) = state(room).trials
    assert trial.values["volume"] == ("10000",)
    assert state(room).predicted == "dearer"


def test_what_commas_join_is_of_one_setting() -> None:
    room = Classroom(tutor(), "domain-adaptation")
    room.type("begin")
    room.type("next")
    room.type("1, 2 2 2 2 1")
    (trial,) = State.of(room.progress.record("tune").state).trials
    assert trial.values["lines"] == ("style", "terms")
    assert trial.values["day"] == ("tuesday",)


def test_of_many_cases_own_ones_stay_and_both_verdicts_are_seen() -> None:
    cases = [Case(title=str(n), said="…", right=n % 9 > 0, own=n == 40) for n in range(60)]
    shown = telling(cases)
    assert len(shown) == CASES
    assert cases[40] in shown
    assert sum(case.right is False for case in shown) in (CASES // 2 - 1, CASES // 2)
    assert [int(case.title) for case in shown] == sorted(int(case.title) for case in shown)
    few_wrong = [Case(title=str(n), said="…", right=n != 30) for n in range(60)]
    assert few_wrong[30] in telling(few_wrong)
    assert len(telling(few_wrong)) == CASES


@pytest.mark.parametrize("text", ["1; 3; 10,000", "hello there", "now", "1", "volume: lots"])
def test_what_is_no_trial_is_told_how_to_be_one(room: Classroom, text: str) -> None:
    said = transcript(room.type(text))
    assert said
    assert not state(room).trials


def test_a_line_changes_one_thing_of_the_trial_before(room: Classroom) -> None:
    room.press("answer", FIRST)
    room.type("Conversations a month: 100,000")
    first, second = state(room).trials
    assert {n for n in first.values if first.values[n] != second.values[n]} == {"volume"}


def test_the_same_settings_count_once(room: Classroom) -> None:
    room.press("answer", FIRST)
    said = transcript(room.type("Conversations a month: 10,000"))
    assert "You have tried this before" in said
    assert len(state(room).trials) == 1


def test_hints_come_after_trials_that_meet_nothing_new(room: Classroom) -> None:
    room.press("answer", FIRST)
    hints = library().lessons[LESSON].step("month").hints  # type: ignore[union-attr]
    told = [transcript(room.type(f"Conversations a month: {n}")) for n in (9000, 8000, 7000, 6000)]
    assert [next(h for h in hints if h in one) for one in told] == [*hints, hints[-1]]


def test_it_passes_when_every_goal_was_met_and_goes_on(room: Classroom) -> None:
    room.press("answer", FIRST)
    room.type("Conversations a month: 100,000")
    assert "Still to be reached: A pair of models" in transcript(room.type("next"))
    said = transcript(room.type("Tuned instead: gpt-4.1"))
    assert "Savings on tokens have to carry the hosting" in said
    assert room.progress.record("month").status == "passed"
    assert sum(isinstance(fact, StepAnswered) for fact in room.facts) == 1
    assert "Trial 4" in transcript(room.type("Conversations a month: 500"))
    room.type("next")
    assert room.progress.cursor == "year"


class Failing(Classroom):
    """A room in which workers fail for a while."""

    fails = False

    def cook(self, compute: Compute) -> tuple[Reply, ...]:
        if not self.fails:
            return super().cook(compute)
        where = {"lesson": compute.lesson, "run": compute.run, "step": compute.step}
        return self.send(Computed(**where, key=compute.key, fault="out of memory"))


def test_a_trial_that_failed_can_be_made_again() -> None:
    room = Failing(tutor(), LESSON)
    room.type("begin")
    room.type("next")
    room.fails = True
    changed = {**FIRST, "volume": "12000"}
    assert "could not be computed" in transcript(room.press("answer", changed))
    assert not state(room).trials
    assert room.stamped
    (volume,) = (b.value for b in room.stamped.blocks if isinstance(b, Number) and b.id == "volume")
    assert volume == 12_000, "what was set stands there"
    room.fails = False
    room.type("Tokens read in each: 3000")
    (trial,) = state(room).trials
    assert (trial.values["volume"], trial.values["reads"]) == (("12000",), ("3000",))
    assert state(room).failed is None


def test_a_line_changes_what_stands_on_the_card() -> None:
    room = Classroom(tutor(), LESSON)
    room.type("begin")
    room.type("next")
    room.press("answer", FIRST)
    room.type("Conversations a month: 20,000")
    room.type("Conversations a month: 10,000")  # the first again
    room.type("Tokens read in each: 3000")
    assert state(room).trials[-1].values["volume"] == ("10000",)


@pytest.mark.parametrize(
    ("volume", "writes", "bills"),
    [("100000", "4000", ["$3,600", "$1,404"]), ("13000", "4000", ["$468", "$1,247.40"])],
)
def test_the_items_of_a_bill_add_up(volume: str, writes: str, bills: list[str]) -> None:
    room = Classroom(tutor(), LESSON)
    room.type("begin")
    room.type("next")
    room.press("answer", {**FIRST, "volume": volume, "writes": writes})
    (trial,) = (r for r in room.results.values() if isinstance(r, Trial))
    assert [case.said for case in trial.cases] == [f"Together {bill}" for bill in bills]
    for case in trial.cases:
        items = [float(p.text.rpartition("$")[2].replace(",", "")) for p in case.behind]
        assert sum(items) == pytest.approx(float(case.said.rpartition("$")[2].replace(",", "")))


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("10,000", "en", 10_000),
        ("$1,250.50", "en", 1250.5),
        ("10.000", "de", 10_000),
        ("1.250,5", "de", 1250.5),
        ("0.5", "de", 0.5),
        ("0,5", "de", 0.5),
        ("80 %", "en", 80),
        ("-3", "en", -3),
        ("some", "en", None),
        ("", "en", None),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(
    text: str, language: str, number: float | None
) -> None:
    assert amount(text, library().languages[language].strings.model.numbers) == number


def test_a_map_fills_in_as_one_decides() -> None:
    room = Classroom(tutor(), "choosing-a-technique")
    room.type("begin")
    room.type("next")
    wrong = {"scenario": "stock", "technique": "sft", "because": "acts"}
    assert "RAG: What it changes What it looks up or does, Your requests ·" in transcript(
        room.press("answer", wrong)
    )
    right = {"scenario": "stock", "technique": "rag", "because": "knows"}
    said = transcript(room.press("answer", right))
    assert "RAG: What it changes What it looks up or does, Your requests Stock and prices" in said
    said = transcript(
        room.press("answer", {"scenario": "summary", "technique": "", "because": "enough"})
    )
    assert "None: What it changes Nothing, Your requests Summaries" in said, "nothing is a place"
    assert "SFT: What it changes How it answers by itself, Your requests ·" in said
