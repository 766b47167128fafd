"""What is asked some days after a lesson: by whom it is wanted, when, what, and how it ends."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from content.lesson import ChoiceStep, FollowUpQuestion, QuizStep
from dialogs import follow_ups, joining, quiet_hours
from dialogs.tutor import Tutor
from dialogs.values import versions
from dialogs.values.events import Reminder, Typed
from dialogs.values.facts import FollowUpAnswered
from dialogs.values.follow_up import FollowUp, Reviewed
from dialogs.values.outcomes import ClockFound
from dialogs.values.progress import Learner, Record
from dialogs.values.replies import Message, Select
from dialogs.values.turn import At, LearnerTurn
from dialogs.work import memory
from tests.conversation.classroom import Classroom
from tests.lessons import library

MAIN = "polite-chatbot"
LESSON = library().lessons[MAIN]
assert LESSON.follow_up is not None
PLAN = LESSON.follow_up
STORED = Path(__file__).parent / "stored" / "form-4.json"
DONE = datetime(2026, 10, 24, 14, 30, tzinfo=UTC)  # the day before Europe sets its clocks back
BERLIN = "Europe/Berlin"


class Finished(Classroom):
    """The room of somebody who has finished, and whose shell says which clock they live by."""

    def __init__(self, tutor: Tutor, zone: str | None = BERLIN) -> None:
        super().__init__(tutor, MAIN)
        told = json.loads(STORED.read_text("utf-8"))["finished"]["progress"][MAIN]
        progress = versions.PROGRESS.read(json.dumps(told), 4)
        version = LESSON.version
        done = replace(progress, version=version, completed_at=DONE, cursor=LESSON.complete.id)
        self.learner = replace(self.learner, progress={MAIN: done})
        self.now, self.zone = DONE, zone

    def told(self, text: str) -> LearnerTurn:
        """What comes of a text, errand and all."""
        self.now += timedelta(seconds=1)
        turn = self.tutor.converse(self.learner, Typed(text=text), self.now, {})
        if turn.errand is not None:
            found = ClockFound(MAIN, "chat", self.zone)
            turn = self.tutor.conclude(turn.learner, found, self.now, {})
        return self.took(turn)

    def took(self, turn: LearnerTurn) -> LearnerTurn:
        """Keep what a turn leaves behind."""
        self.learner = versions.LEARNER.read(
            versions.LEARNER.write(turn.learner), versions.LEARNER.form
        )
        self.learner = replace(self.learner, progress=turn.learner.progress)
        self.facts += turn.facts
        for later in turn.later:
            assert isinstance(later, At)
            self.due[later.key] = later
        return turn

    def until_due(self) -> LearnerTurn:
        """Let the time come that was asked for."""
        (at,) = self.due.values()
        self.due.clear()
        self.now = at.time
        assert isinstance(at.event, Reminder)
        return self.took(self.tutor.converse(self.learner, at.event, self.now, {}))

    @property
    def follow_up(self) -> FollowUp:
        """What is kept of it."""
        return self.learner.follow_ups[MAIN]

    def asked(self) -> FollowUpQuestion:
        """The question that waits for an answer."""
        found = PLAN.question(self.follow_up.open or "")
        assert found is not None
        return found

    def answer(self, turn: LearnerTurn, *, right: bool = True) -> LearnerTurn:
        """Type the number of a right, or a wrong, option of the question that was put."""
        (select,) = selects(turn)
        asked = self.asked()
        assert select.id == f"{follow_ups.INPUT}{asked.id}"
        options = {o.id: o.right for o in asked.options}
        number = next(n for n, item in enumerate(select.options, 1) if options[item.id] == right)
        return self.told(str(number))


def selects(turn: LearnerTurn) -> list[Select]:
    """The questions that a turn puts."""
    messages = [one for one in turn.replies if isinstance(one, Message)]
    return [b for one in messages for b in one.blocks if isinstance(b, Select)]


def words(turn: LearnerTurn) -> str:
    """What is said in a turn's texts and notices."""
    messages = [one for one in turn.replies if isinstance(one, Message)]
    return " ".join(str(getattr(b, "text", "")) for one in messages for b in one.blocks)


@pytest.fixture
def room(tutor: Tutor) -> Finished:
    """Somebody who has finished, and is asked nothing yet."""
    return Finished(tutor)


def test_nothing_comes_unless_it_was_asked_for(room: Finished, tutor: Tutor) -> None:
    reminder = Reminder(name=follow_ups.REMINDER, lesson=MAIN)
    turn = tutor.converse(room.learner, reminder, DONE + timedelta(days=2), {})
    assert (turn.replies, turn.later) == ((), ())
    assert "No reminders are switched on" in words(room.told("stop reminders"))


def test_who_hasnt_finished_is_told_so_and_who_has_is_offered_it(
    room: Finished, tutor: Tutor
) -> None:
    beginner = Classroom(tutor, MAIN)
    turn = tutor.converse(beginner.learner, Typed(text="remind me"), DONE, {})
    assert turn.errand is None
    assert "after you have finished" in words(turn)
    end = tutor.converse(room.learner, Typed(text="hello"), DONE, {})
    (message,) = (one for one in end.replies if isinstance(one, Message))
    assert "remind" in [str(button.do) for button in message.buttons]


def test_three_times_new_questions_and_a_case_come_and_then_no_more(room: Finished) -> None:
    assert "After 1, 7, 30 days" in words(room.told("ask me again"))
    times = []
    for _ in PLAN.days:
        turn = room.until_due()
        times.append(room.now)
        for _ in range(PLAN.each + 1):
            turn = room.answer(turn)
        assert f"All {PLAN.each + 1} were right" in words(turn)
    assert not room.due
    assert "These were the last ones" in words(turn)
    # 16:30 by the clock there, before and after it was set back by an hour.
    assert [at.isoformat() for at in times] == [
        "2026-10-25T15:30:01+00:00",
        "2026-10-31T15:30:01+00:00",
        "2026-11-23T15:30:01+00:00",
    ]
    facts = [one for one in room.facts if isinstance(one, FollowUpAnswered)]
    assert len({one.question for one in facts}) == len(facts) == 3 * (PLAN.each + 1)
    assert [one.case for one in facts] == [False, False, False, True] * 3
    assert [one.days for one in facts] == [1] * 4 + [7] * 4 + [30] * 4
    assert all(one.right for one in facts)


def test_what_was_missed_in_the_lesson_is_asked_first_and_what_is_missed_now_comes_again(
    room: Finished,
) -> None:
    progress = room.learner.progress[MAIN]
    weak = {name: Record(status="passed", attempts=4, misses=3) for name in ("targets", "quality")}
    done = replace(progress, records={**progress.records, **weak})
    room.learner = replace(room.learner, progress={MAIN: done})
    room.told("remind me")
    turn = room.until_due()
    steps = [PLAN.question(name).step for name in room.follow_up.asked]  # type: ignore[union-attr]
    assert set(steps[:2]) == {"targets", "quality"}
    missed = room.asked().step
    turn = room.answer(turn, right=False)
    assert "Right would have been" in words(turn)
    for _ in range(PLAN.each):
        turn = room.answer(turn)
    assert "Worth another look" in words(turn)
    known = memory.recall(room.follow_up.reviewed, room.now + timedelta(days=6))
    assert min(known, key=lambda step: known[step]) == missed
    assert all(0 < share <= 1 for share in known.values())


def test_what_is_known_less_is_asked_before_what_is_known_better() -> None:
    names = PLAN.steps
    at = DONE - timedelta(days=30)
    reviewed = [Reviewed(name, 3, at) for name in names]
    reviewed += [Reviewed(name, 3, DONE) for name in names if name not in ("cost", "rivals", "lab")]
    asked = memory.pick(PLAN, FollowUp(1, DONE, reviewed=tuple(reviewed)), DONE)
    steps = {PLAN.question(name).step for name in asked}  # type: ignore[union-attr]
    assert {"cost", "rivals"} <= steps


@pytest.mark.parametrize("word", ["stop", "stop reminders", "no more reminders", "unsubscribe"])
def test_a_word_ends_it_also_in_the_midst_of_it(room: Finished, word: str) -> None:
    room.told("remind me")
    room.until_due()
    assert "No reminders come any more" in words(room.told(word))
    assert not room.follow_up.is_on
    turn = room.until_due()
    assert (turn.replies, turn.later) == ((), ())


def test_stop_means_what_it_meant_where_nothing_is_switched_on(room: Finished) -> None:
    assert "Everything is kept" in words(room.told("stop"))


def test_who_switches_it_on_again_is_asked_from_then_on(room: Finished) -> None:
    room.told("remind me")
    room.told("stop reminders")
    room.due.clear()
    room.now = DONE + timedelta(days=100)
    room.told("remind me")
    turn = room.until_due()
    assert room.now - DONE > timedelta(days=100)
    assert selects(turn)


def test_at_night_it_waits_for_the_morning_by_the_learners_clock(room: Finished) -> None:
    room.now = datetime(2026, 10, 24, 23, 50, tzinfo=UTC)  # 01:50 there
    room.told("remind me")
    (at,) = room.due.values()
    local = at.time.astimezone(ZoneInfo(BERLIN))
    assert (local.day, local.hour) == (26, 9)
    room.due.clear()
    room.now = at.time.replace(hour=22, minute=15)  # the tutor was down meanwhile: 23:15 there
    late = room.tutor.converse(room.learner, at.event, room.now, {})
    assert not late.replies
    (again,) = late.later
    assert isinstance(again, At)
    assert again.time.astimezone(ZoneInfo(BERLIN)).strftime("%d %H:%M") == "27 09:00"


def test_where_no_clock_is_known_somebody_is_awake_when_they_learned(tutor: Tutor) -> None:
    room = Finished(tutor, zone=None)
    room.told("remind me")
    (at,) = room.due.values()
    assert at.time == room.now + timedelta(days=1)
    late = tutor.converse(room.learner, at.event, at.time + timedelta(hours=9), {})
    assert not late.replies
    assert [one.time for one in late.later if isinstance(one, At)] == [at.time + timedelta(days=1)]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "nowhere"])
def test_whatever_the_hour_it_is_planned_by_day(zone: str) -> None:
    for hour in range(24):
        since = datetime(2026, 3, 7, hour, 59, 59, tzinfo=UTC)
        for days in (1, 7, 30):
            at = quiet_hours.planned(since, days, zone)
            assert quiet_hours.opens(at, since, zone) is None
            assert timedelta(days=days - 1) < at - since < timedelta(days=days + 1)


def test_days_that_passed_while_nobody_minded_them_are_left_out(room: Finished) -> None:
    room.told("remind me")
    (at,) = room.due.values()
    late = at.time + timedelta(days=20)
    turn = room.tutor.converse(room.learner, at.event, late, {})
    assert len(selects(turn)) == 1
    (again,) = turn.later
    assert isinstance(again, At)
    assert again.time > late + timedelta(days=8)
    assert turn.learner.follow_ups[MAIN].sent == 2


def test_an_answer_pressed_twice_or_from_an_older_card_counts_once(room: Finished) -> None:
    room.told("remind me")
    turn = room.until_due()
    (first,) = selects(turn)
    message = next(one for one in turn.replies if isinstance(one, Message))
    assert message.stamp is not None
    room.stamped = message
    pick = {first.id: first.options[0].id}
    room.press(str(follow_ups.ANSWER), pick)
    room.stamped = message
    room.press(str(follow_ups.ANSWER), pick)
    assert len(room.follow_up.right) == 1
    again = next(one for one in reversed(room.transcript) if isinstance(one, Message))
    assert "answered already" in str(again.blocks[0])


def test_nothing_chosen_is_no_answer(room: Finished) -> None:
    room.told("remind me")
    turn = room.until_due()
    room.stamped = next(one for one in turn.replies if isinstance(one, Message))
    room.press(str(follow_ups.ANSWER))
    assert room.follow_up.right == ()


def test_other_words_are_none_of_its_answers(room: Finished) -> None:
    room.told("remind me")
    room.until_due()
    turn = room.told("what is a baseline")
    assert "figures of the base model" in words(turn)
    assert room.follow_up.right == ()
    # And now a number means what it means in the lesson.
    room.told("2")
    assert room.follow_up.right == ()


def test_who_comes_back_finds_the_question_that_still_waits(room: Finished) -> None:
    room.told("remind me")
    turn = room.until_due()
    (asked,) = selects(turn)
    room.told("progress")
    assert asked.id in [one.id for one in selects(room.told("hi"))]
    assert asked.id in [one.id for one in selects(room.told("reminders"))]


def test_a_question_that_was_taken_out_of_the_lesson_is_passed_over(room: Finished) -> None:
    room.told("remind me")
    room.until_due()
    gone = replace(room.follow_up, asked=("taken-out",), right=())
    room.learner = room.learner.with_follow_up(MAIN, gone)
    assert not selects(room.told("hi"))
    assert "Reminders are on" in words(room.told("reminders"))
    turn = room.until_due()
    assert selects(turn)


def test_what_is_asked_some_days_later_is_new() -> None:
    assert len(PLAN.questions) >= 30
    steps = [step for step in LESSON.steps if isinstance(step, ChoiceStep)]
    told = [(step.id, f"{step.situation} {step.prompt}") for step in steps]
    told += [(q.id, q.prompt) for step in LESSON.steps_of(QuizStep) for q in step.bank]
    known = {name: content_words(text) for name, text in told}
    for one in PLAN.all:
        asked = content_words(one.prompt)
        alike = {name: len(asked & words) for name, words in known.items()}
        assert max(alike.values()) < max(5, 0.5 * len(asked)), (one.id, alike)


def test_the_right_option_isnt_known_by_its_length_or_by_the_questions_words() -> None:
    longest = shortest = repeats = 0.0
    for one in PLAN.all:
        lengths = [len(option.text) for option in one.options]
        asked = content_words(one.prompt)
        alike = [len(asked & content_words(option.text)) for option in one.options]
        best = [o.right for o, n in zip(one.options, alike, strict=True) if n == max(alike)]
        repeats += sum(best) / len(best)
        right = next(n for n, option in enumerate(one.options) if option.right)
        longest += lengths[right] == max(lengths)
        shortest += lengths[right] == min(lengths)
    assert max(longest, shortest, repeats) <= 0.4 * len(PLAN.all)


def content_words(text: str) -> set[str]:
    """The words of a text that say what it is about."""
    return set(re.findall(r"[a-z]{5,}", text.lower()))


def test_two_learners_who_become_one_keep_the_reminders_of_what_is_kept(tutor: Tutor) -> None:
    room = Finished(tutor)
    room.told("remind me")
    other = Learner(id="other", seed=3)
    one = joining.joined(other, room.learner, "other", library().lessons)
    assert one.follow_ups == room.learner.follow_ups


def test_who_has_finished_comes_back_to_every_step_and_from_there_to_the_end(
    room: Finished,
) -> None:
    turn = room.told("look back")
    (message,) = (one for one in turn.replies if isinstance(one, Message))
    ways = [str(button.do) for button in message.buttons]
    assert ways == [
        "goto:complete",
        "goto:meet-base",
        "goto:side-by-side",
        "goto:chat-tuned",
        "certificate",
    ]
    told = str(message.blocks)
    for title in ("Best practices", "Your model", "right at once"):
        assert title.lower() in told.lower(), title
    for number, step in enumerate((s for p in LESSON.phases for s in p.steps), 1):
        assert f"{number}. {step.title}" in told, step.id
        if number % 9 == 1:
            assert step.title in words(room.told(f"review {number}"))
            assert room.learner.progress[MAIN].cursor == step.id
    room.told("to the end")
    assert room.learner.progress[MAIN].cursor == LESSON.complete.id


def test_who_has_not_finished_is_told_how_far_they_are(tutor: Tutor) -> None:
    beginner = Classroom(tutor, MAIN)
    turn = tutor.converse(beginner.learner, Typed(text="look back"), DONE, {})
    assert "Your progress" in words(turn)
