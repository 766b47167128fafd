"""The tutor outside lessons: the first greeting, the menu, whose card it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from content.digest import digest as content_digest
from content.lesson import Lesson
from content.loader import ORIGINAL, Library
from content.stored import UnreadableError
from content.strings import Strings, TutorStrings
from dialogs import account, commands, digest, harm, joining, reminders
from dialogs.account import Account, Answer
from dialogs.advance import advance, begin, shown
from dialogs.journey import COMPLETE
from dialogs.reading import encoder, fitting, language, talk
from dialogs.reading.typed import number
from dialogs.simulations.computation import Results, Simulation
from dialogs.simulations.registry import build
from dialogs.steps import registry
from dialogs.values.actions import Agree, Choose, Command, Goto, Speak
from dialogs.values.events import (
    Arrived,
    Brought,
    Computed,
    Due,
    Event,
    Installed,
    Pressed,
    Reminder,
    Typed,
)
from dialogs.values.operator import Operator
from dialogs.values.outcomes import CodeRead, Erased, Joined, Outcome
from dialogs.values.progress import Learner, Progress
from dialogs.values.replies import Block, Button, Message, Notice, Stamp, Text, Weblink
from dialogs.values.scene import Scene
from dialogs.values.turn import LearnerTurn

UNNAMED = Operator()
# Of a card that is for anybody.
NOBODYS = Stamp(lesson="", step="", ticket=0, digest="", learner="")

HELPLINES = "https://findahelpline.com"  # by country: free, confidential, run by ThroughLine


class Tutor:
    """The lessons with their simulations, ready to talk. It holds nothing of a learner."""

    def __init__(self, library: Library, operator: Operator = UNNAMED) -> None:
        registry.check()
        self.operator = operator
        self.library = library
        self.lessons = sorted(library.lessons.values(), key=lambda one: (one.place, one.id))
        self.simulations = {
            (name, locale): build(content)
            for locale, one in library.languages.items()
            for name, content in one.simulations.items()
        }

    def warm(self) -> None:
        """Make what is costly now, so that no learner waits for it."""
        encoder.prepare()
        harm.prepare()
        talk.prepare()
        for library in self.library.languages.values():
            for lesson in library.lessons.values():
                for wordings in lesson.wordings.values():
                    fitting.prepare(wordings)
        language.prepare()
        for simulation in self.simulations.values():
            simulation.warm()

    def converse(
        self,
        learner: Learner,
        event: Event,
        now: datetime,
        results: Results,
        locale: str = ORIGINAL,
    ) -> LearnerTurn:
        """Answer one event of a learner. Pure: the same arguments give the same exchange.

        `locale` is the client's; it counts until the learner has a language.
        """
        if learner.locale is None:
            learner = replace(learner, locale=self.language(locale))
        if isinstance(event, Typed | Pressed):
            answer = self._of_account(learner, event, now)
            if answer is not None:
                return self._answered(learner, answer)
            if learner.confirming is not None:  # a later yes means something else
                learner = replace(learner, confirming=None)
            if self._is_free(learner, event) and harm.shown_in(event) == "self-harm":
                return self._concerned(learner)
        match event:
            case Arrived(event=str(name)) if name != learner.event:
                learner = replace(learner, event=name)
                return self._greet(learner, now, results)
            case Arrived():
                return self._greet(learner, now, results)
            case Installed():
                return self._welcome(learner, event, self.language(locale))
            case Brought() | Computed() | Due():
                return self._advance(learner, event.lesson, event, now, results)
            case Reminder(name=name):
                return self._remind(learner, name, now, results)
            case Pressed(learner="", do=Command(name="begin")):
                return self._begin_own(learner, event, now, results)
            case Pressed() if event.learner not in (learner.id, *learner.formerly):
                text = Text(self.strings(learner).tutor.somebody_else)
                return self._said(learner, Message((text,)))
            case Pressed(do=Speak(language=language)):
                return self._speak(learner, language, now, results)
            case Pressed(do=Command(name="lessons")):
                return self._menu(learner)
            case Pressed(do=Choose(lesson=lesson)):
                return self._choose(learner, lesson, now, results)
            case Pressed() if event.lesson in self.library.lessons:
                current = learner.in_lesson(event.lesson)
                return self._advance(current, event.lesson, event, now, results)
            case Typed(text=text):
                told = commands.read(text, *self._understood(learner))
                place = number(text)
                if told == Command("lessons"):
                    return self._menu(learner)
                if told == Command("language"):
                    return self._speak(learner, "", now, results)
                if isinstance(told, Speak):
                    return self._speak(learner, told.language, now, results)
                if learner.choosing and place is not None:
                    return self._numbered(learner, place, now, results)
                learner = replace(learner, choosing=False)
                if told == Command("begin") and not learner.greeted:
                    learner = self._met(learner)
        if not learner.greeted:
            return self._greet(learner, now, results)
        return self._advance(learner, self._current(learner).id, event, now, results)

    def conclude(
        self, learner: Learner, came: Outcome, now: datetime, results: Results
    ) -> LearnerTurn:
        """Answer what came of an errand that `converse` gave. Pure, as it is."""
        words = self._words(learner)
        match came:
            case CodeRead(other=other):
                would_be = joining.kept(learner, other, self.library.lessons)
                place, title = partial(self._place, learner), partial(self._title, learner)
                return self._answered(learner, words.offer(learner, came, would_be, place, title))
            case Joined():
                said = words.outcome(learner, came)
                return self._shown(learner, self._current(learner), now, results, *said.blocks)
            case Erased():
                return self._said(learner, Message(words.outcome(learner, came).blocks))
            case _:
                return self._answered(learner, words.outcome(learner, came))

    def scene(self, learner: Learner, lesson: Lesson, now: datetime, results: Results) -> Scene:
        """What the learner sees of a lesson: the scene at the cursor."""
        progress = self._progress(learner, lesson)
        return Scene(
            lesson=lesson,
            simulation=self.simulation(lesson.id, lesson.locale),
            strings=self.library.languages[lesson.locale].strings,
            others=self._understood(learner),
            learner=learner.id,
            progress=progress,
            step_id=progress.cursor,
            results=results,
            now=now,
        )

    def simulation(self, lesson_id: str, locale: str) -> Simulation | None:
        """What a lesson's edition for this locale computes in; None where it computes nothing."""
        edition = self.library.edition(lesson_id, locale)
        return self.simulations.get((lesson_id, edition.locale))

    def edition(self, learner: Learner, lesson_id: str) -> Lesson | None:
        """The lesson in the learner's language, or in the one that it was written in."""
        return self.library.edition(lesson_id, learner.locale or ORIGINAL).lessons.get(lesson_id)

    def strings(self, learner: Learner) -> Strings:
        """The tutor's words in the learner's language."""
        return self.library.languages[self.language(learner.locale or ORIGINAL)].strings

    def language(self, locale: str) -> str:
        """The language that we speak to a client of this locale."""
        known = self.library.languages
        return next((one for one in (locale, locale.partition("-")[0]) if one in known), ORIGINAL)

    def unreadable(self, progress: Progress) -> Mapping[str, UnreadableError]:
        """The steps of which the record's state can't be read, and why."""
        lesson = self.library.lessons.get(progress.lesson)
        steps = [lesson.step(name) for name in progress.records] if lesson else []
        found = {s.id: registry.unreadable(s, progress.record(s.id)) for s in steps if s}
        return {name: error for name, error in found.items() if error is not None}

    def begin_anew(self, learner: Learner, lesson_id: str, run: int) -> Progress | None:
        """The next run of a lesson whose progress was lost; None where there is no such lesson."""
        lesson = self.library.lessons.get(lesson_id)
        return begin(lesson, learner.seed, run) if lesson else None

    def _understood(self, learner: Learner) -> tuple[TutorStrings, ...]:
        """In whose words commands are understood: the learner's language's, and English."""
        return (self.strings(learner).tutor, self.library.strings.tutor)

    def _words(self, learner: Learner) -> Account:
        strings = self.strings(learner)
        return Account(strings.account, strings.tutor, strings.page, self.operator)

    def _of_account(self, learner: Learner, event: Typed | Pressed, now: datetime) -> Answer | None:
        """The answer to what belongs to no lesson: commands, codes, a yes or no to a question."""
        words = self._words(learner)
        if isinstance(event, Typed):
            told: Agree | commands.TypedCommand | None = commands.read(
                event.text, *self._understood(learner)
            )
        elif event.learner in (learner.id, *learner.formerly):
            told = event.do if isinstance(event.do, Command | Agree) else None
        else:
            return None
        match told:
            case Agree(to=to) if to == str(learner.confirming):
                return words.confirmed(learner)
            case Command(name="yes") if learner.confirming is not None and isinstance(event, Typed):
                return words.confirmed(learner)
            case Command(name="no") if learner.confirming is not None:
                return words.declined(learner)
            case Command(name=name) if name in account.NAMES:
                return words.command(account.NAMES[name], replace(learner, confirming=None))
            case commands.LinkCode(code=code):
                return words.code(code, replace(learner, confirming=None), now)
            case _:
                return None

    def _answered(self, learner: Learner, answer: Answer) -> LearnerTurn:
        """An answer of the account's, with the way on; its question is the only open one."""
        after = answer.learner
        if answer.errand is not None:
            locale = self.language(learner.locale or ORIGINAL)
            return LearnerTurn(after, (), locale=locale, errand=answer.errand)
        stamp = self._stamp(after)
        buttons = answer.buttons
        if after.confirming is None:
            go_on = self.strings(after).tutor.go_on
            buttons = (*buttons, Button(go_on, Goto(stamp.step), go_on, primary=not buttons))
        else:
            after = replace(
                after,
                progress={
                    name: replace(one, confirming=None) for name, one in after.progress.items()
                },
            )
        return self._said(after, Message(answer.blocks, buttons, stamp=stamp))

    def _place(self, learner: Learner, progress: Progress) -> str:
        """Where somebody is in a lesson, in a word or two."""
        words = self.strings(learner).account
        lesson = self.library.lessons.get(progress.lesson)
        if progress.frontier == COMPLETE:
            return words.place_finished
        phases = [phase.id for phase in lesson.phases] if lesson else []
        if progress.frontier not in phases or not joining.is_begun(progress):
            return words.place_start
        return words.place_phase.format(phase=phases.index(progress.frontier) + 1)

    def _title(self, learner: Learner, lesson_id: str) -> str:
        lesson = self.edition(learner, lesson_id)
        return lesson.title if lesson else lesson_id

    def _said(self, learner: Learner, *replies: Message) -> LearnerTurn:
        """Words that belong to no lesson."""
        return LearnerTurn(learner, replies, locale=self.language(learner.locale or ORIGINAL))

    def _is_free(self, learner: Learner, event: Typed | Pressed) -> bool:
        """Whether a text may say anything: it is no command."""
        if isinstance(event, Pressed):
            return True
        told = commands.read(event.text, *self._understood(learner))
        return told is None or isinstance(told, commands.WhatIs)

    def _concerned(self, learner: Learner) -> LearnerTurn:
        """A word to somebody who may be in danger, and where people help. The card stays."""
        words, stamp = self.strings(learner).tutor, self._stamp(learner)
        blocks = (
            Notice("info", words.harm_self, words.harm_self_title),
            Weblink(words.harm_self_link, HELPLINES),
            Text(words.harm_self_later, "small"),
        )
        go_on = Button(words.go_on, Goto(stamp.step), words.go_on)
        return self._said(learner, Message(blocks, (go_on,), stamp=stamp))

    def _current(self, learner: Learner) -> Lesson:
        found = self.edition(learner, learner.lesson or "")
        return found or self.edition(learner, self.lessons[0].id) or self.lessons[0]

    def _progress(self, learner: Learner, lesson: Lesson) -> Progress:
        return learner.progress.get(lesson.id) or begin(lesson, learner.seed)

    def _greet(self, learner: Learner, now: datetime, results: Results) -> LearnerTurn:
        """Show the start screen, or where a returning learner is; once in a conversation."""
        if learner.greeted:
            return LearnerTurn(learner, ())
        met = self._met(learner)
        lesson = self._current(met)
        if lead := self._missing(met, lesson):
            return self._shown(met, lesson, now, results, *lead)
        return self._advance(met, lesson.id, Arrived(), now, results)

    def _met(self, learner: Learner) -> Learner:
        """The learner, who needs no greeting any more."""
        return replace(learner, greeted=True, lesson=self._current(learner).id)

    def _welcome(self, learner: Learner, event: Installed, locale: str) -> LearnerTurn:
        """Say to several people what the tutor is, and how each of them begins."""
        strings = self.library.languages[locale].strings
        words, name = strings.tutor, event.name or strings.teams.name
        begin = Button(words.begin, Command("begin"), words.begin, primary=True)
        blocks: list[Block] = [
            Text(words.group_title, "title"),
            *(Text(one.format(name=name, begin=words.begin)) for one in words.group_welcome),
        ]
        if event.personal_chat is not None:
            blocks.append(Weblink(words.group_alone, event.personal_chat))
        return LearnerTurn(
            learner, (Message(tuple(blocks), (begin,), stamp=NOBODYS),), locale=locale
        )

    def _begin_own(
        self, learner: Learner, pressed: Pressed, now: datetime, results: Results
    ) -> LearnerTurn:
        """Begin the lesson of who pressed a button that is for anybody; or go on in it.

        The words come first: they answer the press, and the card stays for the others.
        """
        met, words = self._met(learner), self.strings(learner).tutor
        lesson = self._current(met)
        told = Message((Text(words.begun_below),))
        progress, mark = self._progress(met, lesson), digest.of_press(pressed)
        if progress.accepted == mark:  # a double click
            return self._said(met, told)
        met = met.with_progress(replace(progress, accepted=mark))
        if progress.cursor == lesson.start.id:
            turn = self._advance(met, lesson.id, Typed(text=words.begin), now, results)
        else:
            turn = self._shown(met, lesson, now, results)
        return replace(turn, replies=(told, *turn.replies))

    def _missing(self, learner: Learner, lesson: Lesson) -> tuple[Block, ...]:
        """Say so where the lesson isn't there in the learner's language."""
        if lesson.locale == self.language(learner.locale or ORIGINAL):
            return ()
        return (Notice("info", self.strings(learner).tutor.language_missing),)

    def _shown(
        self, learner: Learner, lesson: Lesson, now: datetime, results: Results, *lead: Block
    ) -> LearnerTurn:
        """Show the step where the learner is in a lesson, after some words."""
        scene = self.scene(learner, lesson, now, results)
        after = learner.with_progress(scene.progress)
        return LearnerTurn(after, (shown(scene, *lead),), locale=lesson.locale)

    def _advance(
        self, learner: Learner, lesson_id: str, event: Event, now: datetime, results: Results
    ) -> LearnerTurn:
        lesson = self.edition(learner, lesson_id)
        if lesson is None:
            return LearnerTurn(learner, ())
        turn = advance(self.scene(learner, lesson, now, results), event)
        after = learner.with_progress(turn.progress)
        return LearnerTurn(after, turn.replies, turn.facts, turn.later, lesson.locale)

    def _remind(self, learner: Learner, name: str, now: datetime, results: Results) -> LearnerTurn:
        on_reminder = reminders.BY_NAME.get(name)
        if on_reminder is None:
            return LearnerTurn(learner, ())
        return on_reminder(learner, self.scene(learner, self._current(learner), now, results))

    def _menu(self, learner: Learner) -> LearnerTurn:
        words = self.strings(learner).tutor
        editions = [self.edition(learner, one.id) or one for one in self.lessons]
        lines: list[Block] = [
            Text(words.lesson_line.format(number=n, title=one.title, summary=one.summary))
            for n, one in enumerate(editions, 1)
        ]
        buttons = tuple(
            Button(one.title, Choose(one.id), str(n)) for n, one in enumerate(editions, 1)
        )
        blocks = (Text(words.lessons_title, "title"), *lines, Text(words.lessons_how, "small"))
        asked = replace(learner, choosing=True)
        return self._said(asked, Message(blocks, buttons, stamp=self._stamp(learner)))

    def _stamp(self, learner: Learner) -> Stamp:
        """What ties buttons that belong to no step to where the learner is."""
        current = self._current(learner)
        progress = self._progress(learner, current)
        step = current.step(progress.cursor) or current.start
        return Stamp(current.id, step.id, progress.ticket, content_digest(step), learner.id)

    def _speak(self, learner: Learner, name: str, now: datetime, results: Results) -> LearnerTurn:
        """Go on in another language, at the same step; without a name, ask which."""
        languages = self.library.languages
        words = self.strings(learner).tutor
        wanted = next(
            (
                locale
                for locale, one in languages.items()
                if name.casefold() in (locale.casefold(), *one.strings.tutor.language_names)
            ),
            None,
        )
        if wanted is None:
            names = [one.strings.tutor.language_name for one in languages.values()]
            buttons = tuple(
                Button(called, Speak(locale), f"{words.commands['language'][0]} {called}")
                for called, locale in zip(names, languages, strict=True)
            )
            told = words.language_unknown.format(name=name, languages=", ".join(names))
            title = Text(told) if name else Text(words.languages_title, "title")
            blocks = (title, Text(words.languages_how, "small"))
            return self._said(learner, Message(blocks, buttons, stamp=self._stamp(learner)))
        learner = replace(learner, locale=wanted, choosing=False, greeted=True)
        lesson = self._current(learner)
        changed = Notice("info", languages[wanted].strings.tutor.language_changed)
        lead = (changed, *self._missing(learner, lesson))
        return self._shown(learner, lesson, now, results, *lead)

    def _numbered(
        self, learner: Learner, place: float, now: datetime, results: Results
    ) -> LearnerTurn:
        """Go to the lesson of this number in the menu."""
        if 1 <= place <= len(self.lessons):
            return self._choose(learner, self.lessons[int(place) - 1].id, now, results)
        words = self.strings(learner).tutor.no_such_number
        told = Text(words.format(number=f"{place:g}", last=len(self.lessons)))
        return self._said(learner, Message((told,)))

    def _choose(
        self, learner: Learner, lesson_id: str, now: datetime, results: Results
    ) -> LearnerTurn:
        lesson = self.edition(learner, lesson_id)
        if lesson is None:
            return self._menu(learner)
        chosen = learner.in_lesson(lesson.id)
        words = self.library.languages[lesson.locale].strings.tutor
        lead = Text(words.other_lesson.format(lesson=lesson.title))
        return self._shown(chosen, lesson, now, results, lead, *self._missing(chosen, lesson))
