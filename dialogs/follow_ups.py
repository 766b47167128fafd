"""Questions that come back some days after a lesson, to who asked for them.

Each question is put by itself and answered with why; which ones come is `dialogs/work/memory.py`'s,
and when they may come `dialogs/quiet_hours.py`'s. None of it changes any progress.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from content.lesson import FollowUpQuestion, Lesson, QuizStep
from content.lesson.follow_up import FollowUp as Plan
from content.strings import CommandName, Strings
from dialogs import quiet_hours
from dialogs.account import Answer
from dialogs.reading.typed import chosen
from dialogs.steps import quiz
from dialogs.steps.choice import shown
from dialogs.values.actions import Command, Goto, Own
from dialogs.values.errands import FindClock
from dialogs.values.events import Reminder
from dialogs.values.facts import FollowUpAnswered
from dialogs.values.follow_up import FollowUp, Rating, Reviewed
from dialogs.values.outcomes import ClockFound
from dialogs.values.progress import Learner, Progress
from dialogs.values.replies import Block, Button, Item, Notice, Select, Text
from dialogs.values.turn import At
from dialogs.work import memory

REMINDER = "follow-up"
ANSWER = Own("answer-follow-up")
INPUT = "follow-up-"  # begins the name of the input that holds the answer to a question
MOST_LOOKS = 2  # buttons to steps that are worth another look
_AGAIN: Rating = 1
_HARD: Rating = 2
_GOOD: Rating = 3


@dataclass(frozen=True)
class FollowUps:
    """The words for a learner."""

    strings: Strings

    # --- on and off -----------------------------------------------------------------

    def wanted(self, learner: Learner, lesson: Lesson) -> Answer:
        """Switch reminders on, once it is known where they go; or say why there are none."""
        words, progress = self.strings.follow_up, learner.progress.get(lesson.id)
        if lesson.follow_up is None:
            return _said(learner, Text(words.nothing_later.format(lesson=lesson.title)))
        if learner.follow_ups.get(lesson.id) is None and not _is_completed(progress):
            return _said(learner, Text(words.not_yet.format(lesson=lesson.title)))
        return Answer(learner, errand=FindClock(lesson.id))

    def switched_on(
        self, learner: Learner, lesson: Lesson, found: ClockFound, now: datetime
    ) -> Answer:
        """Plan the days from now on; what was shown before is remembered."""
        plan, before = lesson.follow_up, learner.follow_ups.get(lesson.id)
        if plan is None:
            return _said(
                learner, Text(self.strings.follow_up.nothing_later.format(lesson=lesson.title))
            )
        if before is not None and before.is_on:
            return self.status(learner, lesson)
        progress = learner.progress.get(lesson.id)
        if before is not None:
            follow_up = replace(before, is_on=True, since=now, zone=found.zone, sent=0)
        else:
            reviewed = _reviewed(lesson, plan, progress, now)
            run = progress.run if progress else 1
            follow_up = FollowUp(run=run, since=now, zone=found.zone, reviewed=reviewed)
        words = self.strings.follow_up
        told = words.on_page if found.place == "page" else words.on_chat
        blocks: tuple[Block, ...] = (
            Text(words.on_title, "title"),
            Text(told.format(days=days_of(plan), each=plan.each, lesson=lesson.title)),
        )
        if found.place == "page":
            link, remind = self._form("link"), self._form("remind")
            blocks = (*blocks, Text(words.on_linked.format(link=link, remind=remind), "small"))
        blocks = (*blocks, Text(words.on_stop.format(word=self._form("silence")), "small"))
        after = learner.with_follow_up(lesson.id, follow_up)
        return Answer(after, blocks, later=self._next(lesson, plan, follow_up, now))

    def status(self, learner: Learner, lesson: Lesson) -> Answer:
        """Put the open question again; else say whether something comes, and offer the other."""
        words = self.strings.follow_up
        follow_up = learner.follow_ups.get(lesson.id)
        plan = lesson.follow_up
        if plan is None or follow_up is None or not follow_up.is_on:
            return self.wanted(learner, lesson)
        if self._open(plan, follow_up) is not None:
            return self._put(learner, lesson, plan, ())
        days = words.still_on.format(days=days_of(plan), lesson=lesson.title)
        if follow_up.sent >= len(plan.days):
            days = words.all_sent.format(lesson=lesson.title)
        return Answer(learner, (Text(days),), (self._stop(),))

    def silenced(self, learner: Learner) -> Answer:
        """Switch all reminders off, at once."""
        words = self.strings.follow_up
        if not is_on(learner):
            told = words.off_already.format(word=self._form("remind"))
            return _said(learner.unasked(), Text(told))
        anew = Text(words.off_anew.format(word=self._form("remind")), "small")
        return _said(without(learner).unasked(), Text(words.off), anew)

    # --- asking ---------------------------------------------------------------------

    def came(self, learner: Learner, lesson: Lesson, now: datetime) -> Answer | None:
        """Put new questions, whose day has come; None where nothing is to be said now.

        At night it asks for the morning. Days that passed while nobody minded them are left out.
        """
        plan, follow_up = lesson.follow_up, learner.follow_ups.get(lesson.id)
        if plan is None or follow_up is None or not follow_up.is_on:
            return None
        opens = quiet_hours.opens(now, follow_up.since, follow_up.zone)
        if opens is not None:
            return Answer(learner, later=(_at(lesson, opens),))
        due = sum(
            quiet_hours.planned(follow_up.since, days, follow_up.zone) <= now for days in plan.days
        )
        if due <= follow_up.sent:  # planned anew meanwhile
            return Answer(learner, later=self._next(lesson, plan, follow_up, now))
        put = follow_up.put(memory.pick(plan, follow_up, now), due)
        words = self.strings.follow_up
        lead = (
            Text(words.came_title, "title"),
            Text(words.came.format(lesson=lesson.title, count=len(put.asked))),
        )
        asked = self._put(learner.with_follow_up(lesson.id, put), lesson, plan, lead)
        return replace(asked, later=self._next(lesson, plan, put, now))

    def pressed(
        self, learner: Learner, lesson: Lesson, name: str, picks: tuple[str, ...], now: datetime
    ) -> Answer:
        """Take an answer from the card of a question, which may be an older one."""
        words, plan = self.strings.follow_up, lesson.follow_up
        follow_up = learner.follow_ups.get(lesson.id)
        asked = None if plan is None or follow_up is None else self._open(plan, follow_up)
        if plan is None or follow_up is None or asked is None:
            return _said(learner.unasked(), Text(words.gone))
        if name and asked.id != name:
            return self._put(learner, lesson, plan, (Notice("info", words.answered),))
        if len(picks) != 1 or picks[0] not in {option.id for option in asked.options}:
            return self._put(learner, lesson, plan, (Notice("info", words.choose),))
        return self._answered(learner, lesson, asked, picks[0], now)

    def typed(self, learner: Learner, lesson: Lesson, text: str, now: datetime) -> Answer | None:
        """Take a typed answer to the question that was put last; None for what isn't one."""
        plan, follow_up = lesson.follow_up, learner.follow_ups.get(lesson.id)
        asked = None if plan is None or follow_up is None else self._open(plan, follow_up)
        if asked is None or follow_up is None:
            return None
        found = chosen(text, self._items(learner, asked), self.strings.tutor.typing) or ()
        if len(found) != 1:
            return None
        return self._answered(learner, lesson, asked, found[0], now)

    def _answered(
        self, learner: Learner, lesson: Lesson, asked: FollowUpQuestion, pick: str, now: datetime
    ) -> Answer:
        """Say why, keep what it shows, and put the next one, or what came of all."""
        words, plan = self.strings.follow_up, lesson.follow_up
        before = learner.follow_ups[lesson.id]
        option = next(one for one in asked.options if one.id == pick)
        right = next(one for one in asked.options if one.right)
        reviewed = Reviewed(asked.step, _GOOD if option.right else _AGAIN, now)
        after = before.answered(reviewed, right=option.right)
        if option.right:
            told = Notice("good", option.feedback, words.right)
        else:
            why = words.right_one.format(text=right.text, why=right.feedback)
            told = Notice("warning", f"{option.feedback} {why}", words.wrong)
        assert plan is not None  # noqa: S101 (there was a question)
        fact = FollowUpAnswered(
            lesson=lesson.id,
            run=before.run,
            at=now,
            question=asked.id,
            days=plan.days[min(max(before.sent, 1), len(plan.days)) - 1],
            case=plan.is_case(asked.id),
            shown=tuple(item.id for item in self._items(learner, asked)),
            chosen=pick,
            right=option.right,
        )
        learner = learner.with_follow_up(lesson.id, after)
        if self._open(plan, after) is not None:
            return replace(self._put(learner, lesson, plan, (told,)), facts=(fact,))
        return replace(self._result(learner, lesson, plan, told, now), facts=(fact,))

    def _result(
        self, learner: Learner, lesson: Lesson, plan: Plan, told: Block, now: datetime
    ) -> Answer:
        """How many were right, what is worth another look, and when the next ones come."""
        words, follow_up = self.strings.follow_up, learner.follow_ups[lesson.id]
        right, of = sum(follow_up.right), len(follow_up.right)
        result = words.result_all if right == of else words.result
        blocks = [told, Text(result.format(right=right, of=of))]
        missed = (
            plan.question(name)
            for name, was_right in zip(follow_up.asked, follow_up.right, strict=True)
            if not was_right
        )
        names = dict.fromkeys(one.step for one in missed if one is not None)
        steps = [step for step in map(lesson.step, names) if step is not None][:MOST_LOOKS]
        if steps:
            titles = ", ".join(step.title for step in steps)
            blocks.append(Text(words.look_at.format(titles=titles)))
        if follow_up.is_on:
            blocks.append(Text(self._when(plan, follow_up, now), "small"))
        looks = steps if learner.lesson == lesson.id else []
        go = self.strings.assess.complete_goto
        buttons = [Button(go.format(title=s.title), Goto(s.id), s.title) for s in looks]
        if follow_up.is_on and follow_up.sent < len(plan.days):
            buttons.append(self._stop())
        return Answer(learner.unasked(), tuple(blocks), tuple(buttons))

    def _when(self, plan: Plan, follow_up: FollowUp, now: datetime) -> str:
        words = self.strings.follow_up
        if follow_up.sent >= len(plan.days):
            return words.last
        there = quiet_hours.planned(follow_up.since, plan.days[follow_up.sent], follow_up.zone)
        days = max(1, round((there - now) / quiet_hours.DAY))
        return words.next_in_one if days == 1 else words.next_in.format(days=days)

    def _put(self, learner: Learner, lesson: Lesson, plan: Plan, lead: tuple[Block, ...]) -> Answer:
        """Put the open question; what is typed next may be its answer."""
        words, follow_up = self.strings.follow_up, learner.follow_ups[lesson.id]
        asked = self._open(plan, follow_up)
        assert asked is not None  # noqa: S101 (who calls has seen it)
        number, of = len(follow_up.right) + 1, len(follow_up.asked)
        place = words.asked_place.format(number=number, of=of)
        if plan.is_case(asked.id):
            place = words.case_place
        blocks = (
            *lead,
            Text(place, "small"),
            Select(f"{INPUT}{asked.id}", asked.prompt, self._items(learner, asked)),
            Text(self.strings.tutor.type_number, "how"),
        )
        check = Button(words.check, ANSWER, words.check, primary=True)
        put = replace(learner, quizzed=lesson.id, confirming=None, naming=None)
        return Answer(put, blocks, (check, self._stop()))

    def _open(self, plan: Plan, follow_up: FollowUp) -> FollowUpQuestion | None:
        """The question that waits; None also for one that the lesson hasn't got any more."""
        return plan.question(follow_up.open) if follow_up.open else None

    def _items(self, learner: Learner, asked: FollowUpQuestion) -> tuple[Item, ...]:
        """The options in this learner's order."""
        return shown(asked.options, f"{learner.seed}/{asked.id}")

    def _next(
        self, lesson: Lesson, plan: Plan, follow_up: FollowUp, now: datetime
    ) -> tuple[At, ...]:
        """Ask for the next day of the plan that is still to come."""
        times = (
            quiet_hours.planned(follow_up.since, days, follow_up.zone)
            for days in plan.days[follow_up.sent :]
        )
        return tuple(_at(lesson, time) for time in times if time > now)[:1]

    def _stop(self) -> Button:
        return Button(self.strings.follow_up.stop, Command("silence"), self._form("silence"))

    def _form(self, name: CommandName) -> str:
        """What is typed for a command."""
        return self.strings.tutor.commands[name][0]


def is_on(learner: Learner) -> bool:
    """Whether any reminder may still come."""
    return any(one.is_on for one in learner.follow_ups.values())


def without(learner: Learner) -> Learner:
    """The learner, to whom no reminder comes any more."""
    off = {name: one.off() for name, one in learner.follow_ups.items()}
    return replace(learner, follow_ups=off)


def question_of(names: Iterable[str]) -> str:
    """The question whose card holds these inputs; empty where none of them is one's."""
    return next((name.removeprefix(INPUT) for name in names if name.startswith(INPUT)), "")


def _is_completed(progress: Progress | None) -> bool:
    return progress is not None and progress.completed_at is not None


def _reviewed(
    lesson: Lesson, plan: Plan, progress: Progress | None, now: datetime
) -> tuple[Reviewed, ...]:
    """How well each matter was known in the lesson: by misses there and in its assessment."""
    if progress is None:
        return ()
    missed = {
        question.step
        for step in lesson.steps_of(QuizStep)
        for question in quiz.missed(step, progress.record(step.id))
    }
    found = []
    for name in plan.steps:
        misses = progress.record(name).misses + (name in missed)
        rating = _AGAIN if misses > 1 else _HARD if misses else _GOOD
        found.append(Reviewed(name, rating, progress.completed_at or now))
    return tuple(found)


def days_of(plan: Plan) -> str:
    """The days of a plan, as they are told."""
    return ", ".join(map(str, plan.days))


def _at(lesson: Lesson, time: datetime) -> At:
    return At(f"{REMINDER} {lesson.id}", time, Reminder(name=REMINDER, lesson=lesson.id))


def _said(learner: Learner, *blocks: Block) -> Answer:
    return Answer(learner, blocks)
