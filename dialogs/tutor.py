"""The tutor outside lessons: the first greeting, the menu, whose card it is."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Self

from content.digest import digest as content_digest
from content.lesson import Lesson, SwapStep
from content.loader import ORIGINAL, Library
from content.session import Session
from content.stored import UnreadableError
from content.strings import CommandName, RoomStrings, Strings, TutorStrings
from dialogs import (
    account,
    attending,
    catalogue,
    certificates,
    commands,
    digest,
    follow_ups,
    harm,
    joining,
    profile,
    reminders,
)
from dialogs.account import Account, Answer
from dialogs.advance import advance, begin, is_short, mentioned, shown
from dialogs.attending import RoomTalk, Said
from dialogs.certificates import Certificates
from dialogs.follow_ups import FollowUps
from dialogs.journey import COMPLETE
from dialogs.questions import Conversation
from dialogs.reading import encoder, fitting, language, questions, talk
from dialogs.reading.typed import after, number, plain
from dialogs.simulations.computation import Results, Simulation
from dialogs.simulations.registry import build
from dialogs.steps import registry
from dialogs.values.actions import Action, Agree, Ask, Choose, Command, Goto, Speak
from dialogs.values.errands import Issue, SeeCertificate
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
from dialogs.values.facts import QuestionAsked, SessionJoined
from dialogs.values.operator import Operator
from dialogs.values.outcomes import (
    CertificateOutcome,
    ClockFound,
    CodeRead,
    Erased,
    Joined,
    Outcome,
    RoomOutcome,
    RoomSeen,
)
from dialogs.values.progress import Learner, Progress
from dialogs.values.replies import Block, Button, Message, Notice, Stamp, Text, Weblink
from dialogs.values.scene import Scene
from dialogs.values.turn import LearnerTurn

# Of a card that is for anybody.
NOBODYS = Stamp(lesson="", step="", ticket=0, digest="", learner="")

PUT_SO = 0.7  # from which "What is …?" asks one of them though it may ask for a term
LIKELY = 0.5  # from which what isn't put as a question may be one of the storyboard's

HELPLINES = "https://findahelpline.com"  # by country: free, confidential, run by ThroughLine


class Tutor:
    """The lessons with their simulations, ready to talk. It holds nothing of a learner."""

    def __init__(self, library: Library) -> None:
        registry.check()
        self.operator = Operator()
        self.library = library
        self.lessons = sorted(library.lessons.values(), key=lambda one: (one.place, one.id))
        self.simulations = {
            (name, locale): build(content)
            for locale, one in library.languages.items()
            for name, content in one.simulations.items()
        }

    def run_by(self, operator: Operator) -> Self:
        """The same tutor, of whom and for whom this is said."""
        named = copy(self)
        named.operator = operator
        return named

    def warm(self) -> None:
        """Make what is costly now, so that no learner waits for it."""
        encoder.prepare()
        harm.prepare()
        talk.prepare()
        questions.prepare()
        for library in self.library.languages.values():
            for lesson in library.lessons.values():
                for wordings in lesson.wordings.values():
                    fitting.prepare(wordings)
                for step in lesson.steps_of(SwapStep):
                    encoder.vectors([t for one in step.pairs for t in (one.first, one.second)])
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
            if (turn := self._entering(learner, event, now)) is not None:
                return turn
            answer = self._of_account(learner, event, now)
            if answer is not None:
                return self._answered(learner, answer)
            if (learner.confirming, learner.naming, learner.quizzed) != (None, None, None):
                learner = learner.unasked()
            if self._is_free(learner, event) and harm.shown_in(event) == "self-harm":
                return self._concerned(learner)
            if (turn := self._in_room(learner, event)) is not None:
                return turn
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
            case Reminder():
                return self._remind(learner, event, now, results)
            case Pressed(learner="", do=Command(name="begin")):
                return self._begin_own(learner, event, now, results)
            case Pressed() if event.learner not in (learner.id, *learner.formerly):
                text = Text(self.strings(learner).tutor.somebody_else)
                return self._said(learner, Message((text,)))
            case Pressed(do=Speak(language=language)):
                return self._speak(learner, language, now, results)
            case Pressed(do=Command(name="lessons")):
                return self._menu(learner)
            case Pressed(do=Command(name="profile")):
                return self._profile(learner)
            case Pressed(do=Command(name="questions")):
                return self._said(learner, self._questions(learner).listed())
            case Pressed(do=Ask(question=question, option=option)):
                return self._said(learner, self._questions(learner).answered(question, option))
            case Pressed(do=Choose(lesson=lesson)):
                return self._choose(learner, lesson, now, results)
            case Pressed() if event.lesson in self.library.lessons:
                current = learner.in_lesson(event.lesson)
                return self._advance(current, event.lesson, event, now, results)
            case Typed(text=text):
                command = commands.read(text, *self._understood(learner)) or self._language(text)
                place = number(text)
                if command == Command("lessons"):
                    return self._menu(learner)
                if command == Command("profile"):
                    return self._profile(learner)
                if command == Command("questions"):
                    return self._said(learner, self._questions(learner).listed())
                rest = self._question(learner, text)
                if rest is not None and command is None:
                    return self._asked(learner, rest, self._questions(learner).read(rest), now)
                if command == Command("language"):
                    return self._speak(learner, "", now, results)
                if command == Command("hello") and learner.greeted:
                    here = self._current(learner).id
                    shown_again = self._advance(learner, here, event, now, results)
                    return self._still_asking(shown_again)
                if isinstance(command, Speak):
                    return self._speak(learner, command.language, now, results)
                if learner.choosing and place is not None:
                    return self._numbered(learner, place, now, results)
                learner = replace(learner, choosing=False)
                if command == Command("begin") and not learner.greeted:
                    learner = self._met(learner)
        if not learner.greeted:
            return self._greet(learner, now, results)
        turn = self._advance(learner, self._current(learner).id, event, now, results)
        told = self._answer_to(learner, event.text, turn) if isinstance(event, Typed) else None
        if told is None or not isinstance(event, Typed):
            return turn
        return self._asked(learner, event.text, told, now)

    def conclude(
        self, learner: Learner, came: Outcome, now: datetime, results: Results
    ) -> LearnerTurn:
        """Answer what came of an errand that `converse` gave. Pure, as it is."""
        words = self._words(learner)
        if isinstance(came, CertificateOutcome):
            return self._answered(learner, self._certificates(learner).outcome(learner, came))
        if isinstance(came, RoomOutcome):
            return self._said_of_room(learner, came, now)
        match came:
            case ClockFound(lesson=name):
                lesson = self.edition(learner, name) or self._current(learner)
                answer = self._follow_ups(learner).switched_on(learner, lesson, came, now)
                return self._answered(learner, answer)
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
            elsewhere=partial(self._elsewhere, learner, now, results),
        )

    def _elsewhere(
        self, learner: Learner, now: datetime, results: Results, lesson: str
    ) -> Scene | None:
        """What the learner sees of another lesson; None where they never began it."""
        found = self.edition(learner, lesson) if lesson in learner.progress else None
        return self.scene(learner, found, now, results) if found else None

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
            if event.do == follow_ups.ANSWER:
                return self._quizzed(learner, event, now)
            if event.do == certificates.GIVE:
                return self._named(learner, event.texts.get(certificates.NAME, ""))
            told = event.do if isinstance(event.do, Command | Agree) else None
        else:
            return None
        if isinstance(told, Command) and (said := self._reminded(learner, told.name)):
            return said
        match told:
            case None if learner.naming is not None and isinstance(event, Typed):
                in_danger = harm.shown_in(event) == "self-harm"
                return None if in_danger else self._named(learner, event.text)
            case None if learner.quizzed is not None and isinstance(event, Typed):
                return self._quizzed(learner, event, now)
            case Agree(to=to) if to == str(learner.confirming):
                return words.confirmed(learner)
            case Agree(to=to) if Issue.is_named(to):  # pressed twice: it is there
                return Answer(learner, errand=SeeCertificate())
            case Command(name="yes") if learner.confirming is not None and isinstance(event, Typed):
                return words.confirmed(learner)
            case Command(name="no") if learner.confirming is not None or learner.naming is not None:
                return words.declined(learner)
            case Command(name=name) if name in account.NAMES:
                return words.command(account.NAMES[name], learner.unasked())
            case commands.LinkCode(code=code):
                return words.code(code, learner.unasked(), now)
            case _:
                return None

    def _quizzed(self, learner: Learner, event: Typed | Pressed, now: datetime) -> Answer | None:
        """The answer to a follow-up's question; None where a text is none."""
        answers = self._follow_ups(learner)
        if isinstance(event, Typed):
            lesson = self.edition(learner, learner.quizzed or "")
            return answers.typed(learner, lesson, event.text, now) if lesson else None
        name = follow_ups.question_of(event.picks)
        named = [one for one in learner.follow_ups if self._asks(learner, one, name)]
        lesson = self.edition(learner, named[0]) if named else self._followed_up(learner)
        picks = event.picks.get(f"{follow_ups.INPUT}{name}", ())
        return answers.pressed(learner, lesson or self._current(learner), name, picks, now)

    def _asks(self, learner: Learner, lesson_id: str, question: str) -> bool:
        lesson = self.edition(learner, lesson_id)
        return bool(lesson and lesson.follow_up and lesson.follow_up.question(question))

    def _entering(
        self, learner: Learner, event: Typed | Pressed, now: datetime
    ) -> LearnerTurn | None:
        """Go into a live session's room, where a text is its code."""
        if not isinstance(event, Typed):
            return None
        code = attending.code_in(event.text, self._room_words(learner))
        if code is None:
            return None
        after, errand = attending.entering(learner.unasked(), code, now)
        if errand is None:
            return self._room_message(learner, self._room_talk(learner).hasty(after))
        return LearnerTurn(
            after, (), locale=self.language(learner.locale or ORIGINAL), errand=errand
        )

    def _in_room(self, learner: Learner, event: Typed | Pressed) -> LearnerTurn | None:
        """Do what is meant for the learner's room, if anything is."""
        if isinstance(event, Pressed) and event.learner not in (learner.id, *learner.formerly):
            return None
        here = learner.attending
        session = self._sessions(learner).get(here.session) if here else None
        is_command = isinstance(event, Typed) and not self._is_free(learner, event)
        words = self._room_words(learner)
        errand = attending.errand_of(learner, event, session, words, is_command=is_command)
        if errand is None:
            return None
        locale = self.language(learner.locale or ORIGINAL)
        return LearnerTurn(learner, (), locale=locale, errand=errand)

    def _said_of_room(self, learner: Learner, came: RoomOutcome, now: datetime) -> LearnerTurn:
        said = self._room_talk(learner).outcome(learner, came)
        if said is None:
            return LearnerTurn(learner, ())
        before, here = learner.attending, said.learner.attending
        is_new = before is None or here is None or before.room != here.room
        if here is None or not is_new or not isinstance(came, RoomSeen):
            return self._room_message(learner, said)
        # Who came by no event is known by their session from now on.
        known = replace(said.learner, event=said.learner.event or came.room.code)
        turn = self._room_message(learner, replace(said, learner=known))
        fact = SessionJoined(lesson=here.session, run=1, at=now, room=came.room.code)
        return replace(turn, facts=(fact,))

    def _room_message(self, learner: Learner, said: Said) -> LearnerTurn:
        """What is said of a room, with the way on in the lesson."""
        after = said.learner if said.learner.greeted else self._met(said.learner)
        stamp = self._stamp(after)
        go_on = self.strings(learner).tutor.go_on
        on = Button(go_on, Goto(stamp.step), go_on)
        message = Message(said.blocks, (*said.buttons, on), stamp=stamp, slot=said.slot)
        return self._said(after, message)

    def _room_talk(self, learner: Learner) -> RoomTalk:
        locale = self.language(learner.locale or ORIGINAL)
        words = self.strings(learner).room
        return RoomTalk(words, self._sessions(learner), self.operator, locale)

    def _room_words(self, learner: Learner) -> tuple[RoomStrings, ...]:
        """In whose words what is typed for a room is understood, as with commands."""
        return (self.strings(learner).room, self.library.strings.room)

    def _sessions(self, learner: Learner) -> Mapping[str, Session]:
        return self.library.languages[self.language(learner.locale or ORIGINAL)].sessions

    def _certificates(self, learner: Learner) -> Certificates:
        strings = self.strings(learner)
        return Certificates(strings.certificate, strings.tutor, self._words(learner).contact)

    def _named(self, learner: Learner, text: str) -> Answer:
        """What comes of a name for a certificate, also of one that is given twice."""
        asked = learner.confirming
        lesson = learner.naming or (asked.lesson if isinstance(asked, Issue) else None)
        if lesson is None:
            return Answer(learner.unasked(), errand=SeeCertificate())
        return self._certificates(learner).named(learner, lesson, text)

    def _answered(self, learner: Learner, answer: Answer) -> LearnerTurn:
        """An answer of the account's, with the way on; its question is the only open one."""
        after = answer.learner
        locale = self.language(learner.locale or ORIGINAL)
        if answer.errand is not None or not answer.blocks:
            return LearnerTurn(after, (), later=answer.later, locale=locale, errand=answer.errand)
        stamp = self._stamp(after)
        buttons = answer.buttons
        if after.confirming is None:
            go_on = self.strings(after).tutor.go_on
            buttons = (*buttons, Button(go_on, Goto(stamp.step), go_on, primary=not buttons))
        if (after.confirming, after.naming, after.quizzed) != (None, None, None):
            after = replace(
                after,
                progress={
                    name: replace(one, confirming=None) for name, one in after.progress.items()
                },
            )
        said = self._said(after, Message(answer.blocks, buttons, stamp=stamp))
        return replace(said, facts=answer.facts, later=answer.later)

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
        return self._still_asking(self._advance(met, lesson.id, Arrived(), now, results))

    def _still_asking(self, turn: LearnerTurn) -> LearnerTurn:
        """The turn, and below it the question of a follow-up that still waits for an answer."""
        learner = turn.learner
        asking = (name for name, one in learner.follow_ups.items() if one.is_on and one.open)
        lesson = self.edition(learner, next(asking, ""))
        if lesson is None:
            return turn
        answer = self._follow_ups(learner).status(learner, lesson)
        if answer.learner.quizzed is None:
            return turn
        asked = self._answered(learner, answer)
        return replace(turn, learner=asked.learner, replies=(*turn.replies, *asked.replies))

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
        after, replies = learner.with_progress(turn.progress), turn.replies
        if isinstance(event, Computed) and lesson.id != self._current(learner).id:
            # Who is at another lesson isn't put a step of this one.
            replies = tuple(r for r in replies if not (isinstance(r, Message) and r.puts))
        return LearnerTurn(after, replies, turn.facts, turn.later, lesson.locale)

    def _remind(
        self, learner: Learner, reminder: Reminder, now: datetime, results: Results
    ) -> LearnerTurn:
        if reminder.name == follow_ups.REMINDER:
            lesson = self.edition(learner, reminder.lesson)
            answer = self._follow_ups(learner).came(learner, lesson, now) if lesson else None
            return LearnerTurn(learner, ()) if answer is None else self._answered(learner, answer)
        on_reminder = reminders.BY_NAME.get(reminder.name)
        if on_reminder is None:
            return LearnerTurn(learner, ())
        return on_reminder(learner, self.scene(learner, self._current(learner), now, results))

    def _follow_ups(self, learner: Learner) -> FollowUps:
        return FollowUps(self.strings(learner))

    def _followed_up(self, learner: Learner) -> Lesson:
        """The lesson whose follow-up is meant: the one that is on, or was completed; else this."""
        current = self._current(learner)
        known = [name for name, one in learner.follow_ups.items() if one.is_on]
        done = [name for name, one in learner.progress.items() if one.completed_at is not None]
        for name in (*known, current.id, *done):
            lesson = self.edition(learner, name)
            if lesson and lesson.follow_up and name in (*known, *done):
                return lesson
        return current

    def _reminded(self, learner: Learner, name: CommandName) -> Answer | None:
        """The answer to what is said of reminders; None for what isn't."""
        answers, lesson = self._follow_ups(learner), self._followed_up(learner)
        match name:
            case "reminders":
                return answers.status(learner.unasked(), lesson)
            case "remind":
                return answers.wanted(learner.unasked(), lesson)
            case "silence":
                return answers.silenced(learner)
            case "pause" if follow_ups.is_on(learner):
                return answers.silenced(learner)
            case _:
                return None

    def _menu(self, learner: Learner) -> LearnerTurn:
        """The catalogue, from which a number picks."""
        words, tutor = self.strings(learner).catalogue, self.strings(learner).tutor
        stamp = self._stamp(learner)
        blocks = (
            Text(tutor.lessons_title, "title"),
            Text(words.how, "small"),
            *catalogue.offers(learner, self._editions(learner), words),
        )
        asked = replace(learner, choosing=True)
        buttons = (Button(tutor.go_on, Goto(stamp.step), tutor.go_on),)
        return self._said(asked, Message(blocks, buttons, stamp=stamp))

    def _profile(self, learner: Learner) -> LearnerTurn:
        """What the learner has done in all lessons, and what to do next."""
        strings, stamp = self.strings(learner), self._stamp(learner)
        words, series = strings.tutor, strings.tutor.commands["series"][0]
        found = profile.shown(
            learner, self._editions(learner), strings.profile, strings.catalogue, series
        )
        others = (
            Button(words.lessons_title, Command("lessons"), words.commands["lessons"][0]),
            Button(words.go_on, Goto(stamp.step), words.go_on),
        )
        buttons = (*found.buttons, *others)
        learner = replace(learner, choosing=True)
        return self._said(learner, Message(found.blocks, buttons, stamp=stamp))

    def _questions(self, learner: Learner) -> Conversation:
        strings = self.strings(learner)
        words = strings.tutor
        lessons = {one.id: one for one in self._editions(learner)}
        stamp = self._stamp(learner)
        return Conversation(strings.questions, lessons, stamp, words.right, words.not_yet)

    def _question(self, learner: Learner, text: str) -> str | None:
        """What is asked after the word for it, as in "question 3"; None for anything else."""
        known = (self.strings(learner), self.library.strings)
        asked = (after(text, strings.questions.forms) for strings in known)
        return next((rest for rest in asked if rest), None)

    def _asked(self, learner: Learner, text: str, told: Message, now: datetime) -> LearnerTurn:
        """The answer to what was asked; which question that surely was is a fact, its words not."""
        said, found = self._said(learner, told), questions.asked(text)
        lesson = self._current(learner)
        progress = self._progress(learner, lesson)
        if found is None or not found.is_sure or not progress.started:
            return said
        fact = QuestionAsked(lesson=lesson.id, run=progress.run, at=now, question=found.names[0])
        return replace(said, facts=(fact,))

    def _answer_to(self, learner: Learner, text: str, turn: LearnerTurn) -> Message | None:
        """The answer to one of the storyboard's questions, where the step made nothing of it.

        Where one answers in own sentences it has to be a question for sure, and no good answer;
        it counts as none then. Where one talks with a model, it takes the word for it.
        """
        lesson = self._current(learner)
        was, now = self._progress(learner, lesson), self._progress(turn.learner, lesson)
        step = lesson.step(was.cursor)
        if step is None or step.converses:
            return None
        told = commands.read(text, *self._understood(learner))
        if told is not None and not (
            isinstance(told, commands.WhatIs) and not _explains(lesson, told.term)
        ):
            return None
        is_question, moved = text.rstrip().endswith("?"), was.cursor != now.cursor
        if step.written:
            if not is_question or moved or now.record(step.id).status == "passed":
                return None
        elif turn.facts or turn.later or moved or was.records != now.records:
            return None
        found = questions.asked(text)
        if found is None or not (found.is_sure or not step.written):
            return None
        # "Can I start from scratch?" is said to the tutor, though it begins like a question; what
        # isn't put as one may as well be an answer that the step can't read.
        if not (found.is_sure or questions.is_put_as_one(text) or found.share >= LIKELY):
            return None
        if found.is_sure:
            surely_talk = talk.certainty(text, talk.ANSWER, "term")
        else:
            surely_talk = talk.beside(text) if talk.talk_in(text) else 0.0
        if surely_talk > found.share:
            return None
        if not found.is_sure and self._asks_for_term(learner, lesson, told, text, found.share):
            return None
        return self._questions(turn.learner).of(found)

    def _asks_for_term(
        self,
        learner: Learner,
        lesson: Lesson,
        told: Action | commands.TypedCommand | None,
        text: str,
        share: float,
    ) -> bool:
        """Whether the step's word on a term stands, known or not, before a guess at a question."""
        forms = self.strings(learner).tutor.typing
        if isinstance(told, commands.WhatIs):
            return is_short(told.term, forms) and share < PUT_SO
        return talk.talk_in(text) == "term" and mentioned(lesson, text, forms) is not None

    def _editions(self, learner: Learner) -> list[Lesson]:
        """All lessons in the learner's language, as far as they are there in it."""
        return [self.edition(learner, one.id) or one for one in self.lessons]

    def _stamp(self, learner: Learner) -> Stamp:
        """What ties buttons that belong to no step to where the learner is."""
        current = self._current(learner)
        progress = self._progress(learner, current)
        step = current.step(progress.cursor) or current.start
        return Stamp(current.id, step.id, progress.ticket, content_digest(step), learner.id)

    def _language(self, text: str) -> Speak | None:
        """The language that a text names, and nothing else; a code of two letters may be more."""
        languages = (one.strings.tutor for one in self.library.languages.values())
        is_named = any(plain(text) in words.language_names for words in languages)
        return Speak(plain(text)) if is_named and len(text) > len("de") else None

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
        if 1 <= place <= len(self.lessons) and place == int(place):
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


def _explains(lesson: Lesson, term: str) -> bool:
    """Whether the lesson's glossary has a term, by any of its names."""
    names = (name for entry in lesson.glossary for name in (entry.term, *entry.also))
    return plain(term) in map(plain, names)
