"""What belongs to no lesson: the first greeting, the menu, whose card it is."""

from dataclasses import replace
from datetime import datetime

from content.digest import digest as content_digest
from content.lesson import Lesson
from content.loader import Library
from dialogs import commands, reminders
from dialogs.advance import advance, begin, shown
from dialogs.reading.typed import number
from dialogs.simulations.computation import Results, Simulation
from dialogs.simulations.registry import build
from dialogs.steps import registry
from dialogs.values.actions import Choose, Command
from dialogs.values.events import Arrived, Computed, Due, Event, Pressed, Reminder, Typed
from dialogs.values.progress import Learner, Progress
from dialogs.values.replies import Block, Button, Message, Stamp, Text
from dialogs.values.scene import Scene
from dialogs.values.turn import LearnerTurn


class Tutor:
    """The lessons with their simulations, ready to talk. It holds nothing of a learner."""

    def __init__(self, library: Library) -> None:
        registry.check()
        self.library = library
        self.lessons = sorted(library.lessons.values(), key=lambda one: (one.place, one.id))
        self.simulations: dict[str, Simulation] = {
            name: build(content) for name, content in library.simulations.items()
        }

    def converse(
        self, learner: Learner, event: Event, now: datetime, results: Results
    ) -> LearnerTurn:
        """Answer one event of a learner. Pure: the same arguments give the same exchange."""
        match event:
            case Arrived(event=str(name)) if name != learner.event:
                learner = replace(learner, event=name)
                return self._greet(learner, now, results)
            case Arrived():
                return self._greet(learner, now, results)
            case Computed() | Due():
                return self._advance(learner, event.lesson, event, now, results)
            case Reminder(name=name):
                return self._remind(learner, name, now, results)
            case Pressed() if event.learner != learner.id:
                text = Text(self.library.strings.tutor.somebody_else)
                return LearnerTurn(learner, (Message((text,)),))
            case Pressed(do=Command(name="lessons")):
                return self._menu(learner)
            case Pressed(do=Choose(lesson=lesson)):
                return self._choose(learner, lesson, now, results)
            case Pressed() if event.lesson in self.library.lessons:
                current = learner.in_lesson(event.lesson)
                return self._advance(current, event.lesson, event, now, results)
            case Typed(text=text):
                place = number(text)
                if commands.read(text, self.library.strings.tutor) == Command("lessons"):
                    return self._menu(learner)
                if learner.choosing and place and 1 <= place <= len(self.lessons):
                    return self._choose(learner, self.lessons[int(place) - 1].id, now, results)
                learner = replace(learner, choosing=False)
        if not learner.greeted:
            return self._greet(learner, now, results)
        return self._advance(learner, self._current(learner).id, event, now, results)

    def scene(self, learner: Learner, lesson: Lesson, now: datetime, results: Results) -> Scene:
        """What the learner sees of a lesson: the scene at the cursor."""
        progress = self._progress(learner, lesson)
        return Scene(
            lesson=lesson,
            simulation=self.simulations.get(lesson.id),
            strings=self.library.strings,
            learner=learner.id,
            progress=progress,
            step_id=progress.cursor,
            results=results,
            now=now,
        )

    def _current(self, learner: Learner) -> Lesson:
        return self.library.lessons.get(learner.lesson or "", self.lessons[0])

    def _progress(self, learner: Learner, lesson: Lesson) -> Progress:
        return learner.progress.get(lesson.id) or begin(lesson, learner.seed)

    def _greet(self, learner: Learner, now: datetime, results: Results) -> LearnerTurn:
        """Show the start screen, or where a returning learner is; once in a conversation."""
        if learner.greeted:
            return LearnerTurn(learner, ())
        lesson = self._current(learner)
        met = replace(learner, greeted=True, lesson=lesson.id)
        return self._advance(met, lesson.id, Arrived(), now, results)

    def _advance(
        self, learner: Learner, lesson_id: str, event: Event, now: datetime, results: Results
    ) -> LearnerTurn:
        lesson = self.library.lessons.get(lesson_id)
        if lesson is None:
            return LearnerTurn(learner, ())
        turn = advance(self.scene(learner, lesson, now, results), event)
        after = learner.with_progress(turn.progress)
        return LearnerTurn(after, turn.replies, turn.facts, turn.later)

    def _remind(self, learner: Learner, name: str, now: datetime, results: Results) -> LearnerTurn:
        on_reminder = reminders.BY_NAME.get(name)
        if on_reminder is None:
            return LearnerTurn(learner, ())
        return on_reminder(learner, self.scene(learner, self._current(learner), now, results))

    def _menu(self, learner: Learner) -> LearnerTurn:
        words = self.library.strings.tutor
        lines: list[Block] = [
            Text(words.lesson_line.format(number=n, title=one.title, summary=one.summary))
            for n, one in enumerate(self.lessons, 1)
        ]
        buttons = tuple(
            Button(one.title, Choose(one.id), str(n)) for n, one in enumerate(self.lessons, 1)
        )
        current = self._current(learner)
        progress = self._progress(learner, current)
        step = current.step(progress.cursor) or current.start
        stamp = Stamp(current.id, step.id, progress.ticket, content_digest(step), learner.id)
        blocks = (Text(words.lessons_title, "title"), *lines, Text(words.lessons_how, "small"))
        asked = replace(learner, choosing=True)
        return LearnerTurn(asked, (Message(blocks, buttons, stamp=stamp),))

    def _choose(
        self, learner: Learner, lesson_id: str, now: datetime, results: Results
    ) -> LearnerTurn:
        lesson = self.library.lessons.get(lesson_id)
        if lesson is None:
            return self._menu(learner)
        chosen = learner.in_lesson(lesson.id)
        scene = self.scene(chosen, lesson, now, results)
        lead = Text(self.library.strings.tutor.other_lesson.format(lesson=lesson.title))
        after = chosen.with_progress(scene.progress)
        return LearnerTurn(after, (shown(scene, lead),))
