"""The way through a lesson, where learners err: commands, old cards, double clicks, phases."""

from dataclasses import replace

import pytest

from content.lesson import ChoiceStep, Lesson
from dialogs.values.actions import Say
from dialogs.values.events import Pressed, Reminder
from dialogs.values.facts import (
    HintShown,
    LessonCompleted,
    LessonStarted,
    PhaseCompleted,
    StepAnswered,
)
from dialogs.values.progress import Record
from tests.unit.conftest import At
from tests.unit.steps.practice import Practice, Seen

RIGHT, WRONG = ("tone",), ("facts",)
READ = ("needs", "pick", "goals", "say")
MAKE = ("choose", "write", "check-set", "order", "form")
JUDGE = ("where", "decide", "exam")
SOUND = "It should use simple words, and name the next step for the visitor."


# --- moving about ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "text", "there", "said"),
    [
        pytest.param("intro", "next", "tour", "Tour", id="next where one reads"),
        pytest.param("intro", "Next!", "tour", "Tour", id="next with a mark"),
        pytest.param("intro", "go on", "tour", "Tour", id="next in other words"),
        pytest.param("pick", "next", "pick", "isn't finished yet", id="next where one must answer"),
        pytest.param("picks", "next", "goals", "Goals", id="next past what is optional"),
        pytest.param("mood", "next", "choose", "Choose", id="next past a survey"),
        pytest.param("complete", "next", "complete", "The end", id="next at the end"),
        pytest.param("pick", "back", "talk", "Talk", id="back"),
        pytest.param("start", "back", "start", "Practice", id="back at the start"),
        pytest.param("tour", "skip", "needs", "Needs", id="skip, past the whole tour"),
        pytest.param("tour-more", "skip tutorial", "needs", "Needs", id="skip from its middle"),
        pytest.param("pick", "skip", "pick", "no tutorial to skip", id="skip a question"),
        pytest.param("intro", "skip", "intro", "no tutorial to skip", id="skip what isn't one"),
        pytest.param("pick", "hello", "pick", "Which one?", id="hello"),
        pytest.param("pick", "help", "pick", "Help with the pick.", id="help"),
        pytest.param("pick", "?", "pick", "Help with the pick.", id="a question mark"),
        pytest.param("pick", "progress", "pick", "You are at Pick", id="progress"),
        pytest.param("pick", "review 1", "pick", "don't know which step", id="review of nothing"),
        pytest.param("pick", "review", "pick", "", id="review of no number"),
        pytest.param("pick", "yes", "pick", "The card above waits", id="yes to nothing"),
        pytest.param("pick", "no", "pick", "The card above waits", id="no to nothing"),
    ],
)
def test_a_command_leads_where_it_may(at: At, step: str, text: str, there: str, said: str) -> None:
    learner = at(step)
    seen = learner.type(text)
    assert learner.progress.cursor == there
    assert said in seen.said
    assert seen.facts == ()
    assert all(r.attempts == 0 for r in learner.progress.records.values())


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("review 1", "needs"),
        ("review 2", "pick"),
        ("Review 2.", "pick"),
        ("review 0", "say"),
        ("review 3", "say"),
        ("review 99999999999999999999", "say"),
    ],
)
def test_review_opens_a_finished_step_by_its_number(at: At, text: str, there: str) -> None:
    learner = at("say").pass_all("needs", "pick")
    seen = learner.type(text)
    assert learner.progress.cursor == there
    assert ("don't know which step" in seen.said) == (there == "say")
    if there != "say":
        assert "You have passed this step." in seen.said
        assert "answer" not in learner.buttons


@pytest.mark.parametrize("text", ["review two", "review the second"])
def test_a_review_in_words_is_no_command(at: At, text: str) -> None:
    learner = at("pick").pass_all("needs")
    learner.type(text)
    assert learner.progress.cursor == "pick"


def test_a_passed_step_is_closed_until_it_is_tried_again(at: At) -> None:
    learner = at("pick")
    learner.press(picked=RIGHT)
    answered = learner.go("pick").type("the facts")
    assert (answered.outcome, answered.counts) == ("shown", (1, 0))
    assert "You have passed this step." in answered.said
    opened = learner.type("try again")
    assert (opened.reissued, learner.progress.reopened) == (True, True)
    assert learner.type("the facts").counts == (2, 1)


def test_a_step_that_stays_open_needs_no_second_opening(at: At) -> None:
    learner = at("choose")
    learner.press(picked=("renew", "fine", "room"))
    learner.go("choose")
    assert "answer" in learner.buttons
    assert learner.type(learner.numbers("short")).outcome == "missed"


@pytest.mark.parametrize(
    ("passed", "goal", "there"),
    [
        pytest.param((), "needs", "needs", id="the first question"),
        pytest.param((), "pick", "intro", id="past an open question"),
        pytest.param(("needs", "talk"), "pick", "pick", id="past passed ones"),
        pytest.param(("needs",), "goals", "intro", id="past an open talk"),
        pytest.param((), "nowhere", "intro", id="an unknown step"),
        pytest.param((*READ, "talk"), "choose", "choose", id="into the next phase"),
    ],
)
def test_a_step_is_reached_when_nothing_bars_the_way(
    at: At, passed: tuple[str, ...], goal: str, there: str
) -> None:
    learner = at("intro").pass_all(*passed)
    assert learner.card
    seen = learner.press_on(learner.card, f"goto:{goal}")
    assert learner.progress.cursor == there
    assert ("comes later" in seen.said) == (there == "intro")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what is an epoch", "epoch: One pass"),
        ("What is epochs?", "epoch: One pass"),
        ("what are the epochs", "epoch: One pass"),
        ("what is loss", "loss: How surprised"),
        ("define passes", "epoch: One pass"),
        ("What's an A/B test?", "A/B test: A comparison"),
        ("explain ab test", "A/B test: A comparison"),
        ("what is a gauge of politeness", "I can't explain “gauge of politeness”"),
        (f"what is {'x' * 200}", "I can't explain"),
    ],
)
def test_what_is_explains_the_words_that_it_knows_and_names_the_nearest(
    at: At, question: str, said: str
) -> None:
    learner = at("pick")
    seen = learner.type(question)
    assert said in seen.said
    assert (learner.progress.cursor, seen.counts) == ("pick", (0, 0))


def test_a_question_where_one_writes_is_an_answer_unless_it_asks_for_a_term(at: At) -> None:
    assert at("talk").type("What are your opening hours?").kept["count"] == 1
    assert at("talk").type("What is an epoch?").kept == {}


@pytest.mark.parametrize("text", ["what is", "explain", "define "])
def test_a_question_about_nothing_explains_nothing(at: At, text: str) -> None:
    assert "I can't explain" not in at("pick").type(text).said


# --- beginning anew --------------------------------------------------------------------


def test_a_restart_is_asked_for_and_puts_the_answers_aside(at: At) -> None:
    learner = at("pick")
    learner.press(picked=RIGHT)
    asked = learner.type("restart")
    assert "from the beginning?" in asked.said
    assert learner.progress.confirming == "restart"
    before = learner.progress
    seen = learner.type("yes")
    progress = learner.progress
    assert (progress.cursor, progress.run, progress.records) == ("start", 2, {})
    assert (progress.seed, progress.ticket) == (before.seed, before.ticket + 1)
    assert "A fresh start." in seen.said
    assert seen.reissued


@pytest.mark.parametrize("text", ["no", "cancel", "No thanks"])
def test_no_keeps_everything(at: At, text: str) -> None:
    learner = at("pick")
    learner.press(picked=RIGHT)
    learner.type("restart")
    learner.type(text)
    progress = learner.progress
    assert (progress.cursor, progress.run, progress.confirming) == ("pick", 1, None)
    assert learner.record("pick").status == "passed"
    assert learner.type("yes").record.status == "passed"
    assert learner.progress.run == 1


@pytest.mark.parametrize("between", ["help", "progress", "banana", "next", "what is loss", "hello"])
def test_a_yes_that_comes_later_restarts_nothing(at: At, between: str) -> None:
    learner = at("pick")
    learner.press(picked=RIGHT)
    learner.type("restart")
    learner.type(between)
    learner.type("yes")
    assert learner.progress.run == 1
    assert learner.record("pick").status == "passed"


def test_a_restart_that_is_asked_for_twice_is_confirmed_once(at: At) -> None:
    learner = at("pick")
    learner.type("restart")
    learner.type("start over")
    learner.type("yes")
    assert learner.progress.run == 2


# --- cards -----------------------------------------------------------------------------


def test_a_button_that_says_something_counts_as_if_it_were_typed(at: At) -> None:
    learner = at("intro")
    assert learner.card
    assert learner.card.stamp
    learner.send(Pressed(**vars(learner.card.stamp), do=Say("next")))
    assert learner.progress.cursor == "tour"


def test_a_reminder_is_nothing_to_a_lesson(at: At) -> None:
    learner = at("pick")
    before = learner.progress
    seen = learner.send(Reminder(name="come-back"))
    assert (seen.outcome, seen.facts, seen.later) == ("silent", (), ())
    assert learner.progress == before


def test_a_double_click_is_answered_by_silence(at: At) -> None:
    learner = at("pick")
    card = learner.card
    assert card
    learner.press_on(card, picked=WRONG)
    seen = learner.press_on(card, picked=WRONG)
    assert (seen.outcome, seen.counts, seen.replies) == ("silent", (1, 1), ())


def test_an_older_card_with_other_values_counts_for_nothing(at: At) -> None:
    learner = at("pick")
    card = learner.card
    assert card
    learner.press_on(card, picked=WRONG)
    seen = learner.press_on(card, picked=RIGHT)
    assert (seen.counts, seen.record.status) == ((1, 1), "tried")
    assert "earlier message" in seen.said
    assert "answer" in learner.buttons, "the step as it is now"


def test_a_card_of_another_step_leads_back_to_where_one_is(at: At) -> None:
    learner = at("needs")
    card = learner.card
    assert card
    learner.go("pick")
    seen = learner.press_on(card, picked=("facts", "words", "step"))
    assert (learner.progress.cursor, learner.record("needs").attempts) == ("pick", 0)
    assert "earlier message" in seen.said


def test_a_card_of_an_earlier_run_answers_nothing(at: At) -> None:
    learner = at("start")
    card = learner.card
    assert card
    learner.press("begin")
    learner.type("restart")
    learner.type("yes")
    seen = learner.press_on(card, "begin")
    assert learner.progress.cursor == "start"
    assert "earlier message" in seen.said


def test_the_same_wrong_answer_on_the_new_card_is_another_attempt(at: At) -> None:
    learner = at("pick")
    assert learner.press(picked=WRONG).counts == (1, 1)
    assert learner.press(picked=WRONG).counts == (2, 2)


def test_a_button_that_is_not_offered_is_an_answer_to_the_step(at: At) -> None:
    learner = at("pick")
    assert learner.card
    seen = learner.press_on(learner.card, "dance", picked=())
    assert (seen.outcome, learner.progress.cursor) == ("unclear", "pick")


def test_a_changed_message_is_no_second_answer(at: At) -> None:
    learner = at("pick")
    learner.type("the facts")
    seen = learner.change_message()
    assert (seen.counts, learner.progress.cursor) == ((1, 1), "pick")
    assert "send it as a new message" in seen.said


def changed(lesson: Lesson, version: str = "ids-second", **fields: dict[str, object]) -> Lesson:
    """Another version of the lesson, in which these steps have other fields."""
    phases = tuple(
        phase.model_copy(
            update={
                "steps": tuple(
                    s.model_copy(update=fields[s.id]) if s.id in fields else s for s in phase.steps
                )
            }
        )
        for phase in lesson.phases
    )
    return lesson.model_copy(update={"phases": phases, "version": version})


def test_a_question_that_changed_is_asked_anew_without_an_attempt(at: At) -> None:
    learner = at("pick")
    step = learner.lesson.step("pick")
    assert isinstance(step, ChoiceStep)
    others = tuple(o.model_copy(update={"right": not o.right}) for o in step.options)
    fields: dict[str, object] = {"prompt": "Which one is it now?", "options": others, "many": True}
    learner.lesson = changed(learner.lesson, "ids-first", pick=fields)
    seen = learner.press(picked=WRONG)
    assert (seen.outcome, seen.counts, seen.reissued) == ("unclear", (0, 0), True)
    assert "changed this question" in seen.said
    assert "Which one is it now?" in seen.said


def test_a_press_counts_where_only_words_were_mended(at: At) -> None:
    learner = at("pick")
    learner.lesson = changed(learner.lesson, "ids-first", pick={"prompt": "Which one is it?"})
    assert learner.press(picked=WRONG).counts == (1, 1)


def test_a_version_as_it_was_told_formerly_disturbs_nobody(at: At) -> None:
    """It was a digest of the files; whose steps all exist is at today's version of the lesson."""
    learner = at("pick").pass_all("needs")
    learner.progress = replace(learner.progress, version="0123456789abcdef")
    seen = learner.press(picked=WRONG)
    assert "The lesson was updated" not in seen.said
    assert seen.counts == (1, 1)
    assert learner.progress.version == learner.lesson.version


def test_a_former_version_with_a_step_that_is_gone_is_told_of(at: At) -> None:
    learner = at("pick").pass_all("needs")
    record = learner.progress.record("needs")
    learner.progress = replace(learner.progress, version="0123456789abcdef").with_record(
        "gone", record
    )
    assert "The lesson was updated" in learner.look().said


def test_a_lesson_that_moved_on_is_told_once_and_keeps_what_was_earned(at: At) -> None:
    learner = at("pick").pass_all("needs")
    learner.lesson = changed(learner.lesson)
    seen = learner.type("the facts")
    assert "The lesson was updated" in seen.said
    assert (seen.counts, learner.progress.cursor) == ((0, 0), "pick")
    assert learner.record("needs").status == "passed"
    assert learner.type("the facts").counts == (1, 1)


@pytest.mark.parametrize(
    ("passed", "there"),
    [((), "start"), (("needs", "talk"), "pick"), ((*READ, *MAKE, *JUDGE), "complete")],
    ids=["nothing passed", "some passed", "the last one passed"],
)
def test_who_stood_at_a_step_that_is_gone_goes_on_after_the_last_passed_one(
    at: At, passed: tuple[str, ...], there: str
) -> None:
    learner = at("mood").pass_all(*passed)
    learner.lesson = changed(learner.lesson)
    learner.progress = replace(learner.progress, cursor="gone", frontier="gone-phase")
    learner.look()
    assert learner.progress.cursor == there
    assert learner.progress.frontier == "read"


def test_what_a_worker_brings_for_a_lesson_that_moved_on_is_taken(at: At) -> None:
    learner = at("choose")
    learner.press(picked=("renew", "fine", "room"))
    learner.is_computed_at_once = False
    learner.go("train").press(learning_rate_multiplier=0.5, batch_size=1, n_epochs=5)
    learner.lesson = changed(learner.lesson)
    learner.worker_brings()
    assert learner.wait(60)[-1].outcome == "passed"


def test_what_comes_for_an_earlier_run_is_dropped(at: At) -> None:
    learner = at("choose")
    learner.press(picked=("renew", "fine", "room"))
    learner.is_computed_at_once = False
    learner.go("train").press(learning_rate_multiplier=0.5, batch_size=1, n_epochs=5)
    learner.type("restart")
    learner.type("yes")
    assert learner.worker_brings().replies == ()
    assert learner.progress.model is None


# --- what happened ---------------------------------------------------------------------


def kinds(seen: Seen) -> list[str]:
    return [f.kind for f in seen.facts]


def test_each_attempt_is_a_fact_with_its_number_and_each_hint_with_its_level(at: At) -> None:
    learner = at("pick")
    told = [learner.press(picked=p) for p in (WRONG, ("speed",), RIGHT)]
    answers = [f for s in told for f in s.facts if isinstance(f, StepAnswered)]
    assert [(f.step, f.attempt, f.passed, f.score) for f in answers] == [
        ("pick", 1, False, 0.0),
        ("pick", 2, False, 0.0),
        ("pick", 3, True, 1.0),
    ]
    assert [f.level for s in told for f in s.facts if isinstance(f, HintShown)] == [1, 2]
    assert {(f.lesson, f.run) for f in answers} == {("practice", 1)}


@pytest.mark.parametrize("text", ["banana", "next", "help", "0", "1, 2"])
def test_a_slip_or_a_command_is_no_fact(at: At, text: str) -> None:
    assert at("pick").type(text).facts == ()


def test_facts_of_the_second_run_carry_its_number(at: At) -> None:
    learner = at("start")
    learner.type("restart")
    learner.type("yes")
    (started,) = learner.type("begin").facts
    assert isinstance(started, LessonStarted)
    assert started.run == 2
    (answered,) = learner.go("pick").press(picked=RIGHT).facts
    assert (answered.run, getattr(answered, "attempt", 0)) == (2, 1)


def last_answer(learner: Practice) -> Seen:
    return learner.go("say").press(text=SOUND)


def test_a_phase_is_complete_with_its_last_requirement_and_once(at: At) -> None:
    learner = at("say").pass_all("needs", "pick")
    assert kinds(last_answer(learner)) == ["step-answered"], "the goals are open"
    learner.keep("say", replace(learner.record("say"), status="new"))
    learner.pass_all("goals")
    seen = last_answer(learner)
    assert kinds(seen) == ["step-answered", "phase-completed"]
    assert learner.progress.frontier == "make"
    assert "Phase 1 of 3 complete." in seen.said
    assert "Now make something." in seen.said
    learner.type("try again")
    assert kinds(learner.press(text=SOUND)) == ["step-answered"]
    assert learner.progress.frontier == "make"


def test_a_miss_completes_no_phase(at: At) -> None:
    learner = at("say").pass_all("needs", "pick", "goals")
    learner.press(text="My neighbour went to that library every week.")
    assert learner.progress.frontier == "read"


def test_a_waived_step_completes_no_phase(at: At) -> None:
    learner = at("form").pass_all(*READ, *MAKE)
    learner.keep("choose", replace(learner.record("choose"), status="tried", waived=True))
    learner.go("say").keep("say", replace(learner.record("say"), status="tried"))
    last_answer(learner)
    assert learner.progress.frontier == "make"


def test_phases_that_were_done_ahead_are_completed_in_their_order(at: At) -> None:
    learner = at("say").pass_all("needs", "pick", "goals", *MAKE, *JUDGE)
    seen = last_answer(learner)
    assert [f.phase for f in seen.facts if isinstance(f, PhaseCompleted)] == [
        "read",
        "make",
        "judge",
    ]
    (done,) = (f for f in seen.facts if isinstance(f, LessonCompleted))
    assert (done.run, done.version) == (1, "ids-first")
    progress = learner.progress
    assert (progress.frontier, progress.completed_at) == ("complete", learner.now)
    assert progress.completed_version == "ids-first"


def test_a_lesson_tells_its_mean_score_and_what_was_right_at_once(at: At) -> None:
    learner = at("say").pass_all("needs", "pick", "goals", *MAKE, *JUDGE)
    learner.keep("needs", Record(status="passed", attempts=1, score=1.0))
    learner.keep("pick", Record(status="passed", attempts=2, misses=1, score=1.0))
    # Passed with fewer points, and answered without a pass: neither was right at once.
    learner.keep("runs", Record(status="tried", attempts=1, misses=1, score=0.25))
    (done,) = (f for f in last_answer(learner).facts if isinstance(f, LessonCompleted))
    assert (done.score, done.first_attempts, done.attempt) == (0.6875, 0.5, None)


def test_a_completed_lesson_says_at_which_attempt_its_quiz_was_passed(at: At) -> None:
    learner = at("say").pass_all("needs", "pick", "goals", *MAKE, *JUDGE)
    learner.keep("exam", Record(status="passed", attempts=3, state={"best": 3, "attempt": 4}))
    (done,) = (f for f in last_answer(learner).facts if isinstance(f, LessonCompleted))
    assert done.attempt == 3


def test_a_lesson_is_completed_once_a_run(at: At) -> None:
    learner = at("say").pass_all("needs", "pick", "goals", *MAKE, *JUDGE)
    last_answer(learner)
    when = learner.progress.completed_at
    learner.type("try again")
    assert kinds(learner.press(text=SOUND)) == ["step-answered"]
    assert learner.progress.completed_at == when
    learner.type("restart")
    learner.type("yes")
    assert learner.progress.completed_at is None
    learner.pass_all("needs", "pick", "goals", *MAKE, *JUDGE)
    assert "lesson-completed" in kinds(last_answer(learner))
