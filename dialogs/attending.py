"""A learner in a live session's room: what they type for it, and what they are told of it.

The shell finds the room (its rows are shared by all who are in it); what came of that is answered
here. A room changes no progress in any lesson.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from content.session import Cloud, Demo, Poll, Session, Train
from content.strings import RoomStrings
from dialogs.account import CODE_MINUTES, trying_a_code
from dialogs.reading.typed import plain
from dialogs.room import codes
from dialogs.room.advance import is_wrap_up
from dialogs.room.answers import (
    LONGEST,
    LONGEST_NAME,
    LONGEST_QUESTION,
    MOST_QUESTIONS,
    NAME_GIVEN,
    QUESTION,
    option_of,
)
from dialogs.room.state import Room
from dialogs.values.actions import Choose, Command, Vote
from dialogs.values.errands import (
    AskHost,
    BecomeHost,
    CastVote,
    EnterRoom,
    LeaveRoom,
    NameInRoom,
    RoomErrand,
    SeeQuestions,
    SeeRoom,
)
from dialogs.values.events import Pressed, Typed
from dialogs.values.operator import Operator
from dialogs.values.outcomes import HostPage, NoRoom, QuestionsSeen, RoomOutcome, RoomSeen
from dialogs.values.progress import Attending, Learner
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Dialogue,
    Notice,
    OwnLink,
    OwnPicture,
    Text,
    Utterance,
    Weblink,
    Write,
)

ANSWER = "room-answer"  # the input that holds an answer in words
MOST_SHOWN = 5  # questions of others that are shown together


@dataclass(frozen=True)
class Said:
    """What is said of a room, by its slot: what is told of the same later takes its place."""

    learner: Learner
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    slot: str | None = None


def code_in(text: str, languages: Iterable[RoomStrings]) -> str | None:
    """The code of a room that a text is, alone or after the word for it.

    After the word anything is taken for a code, so that a mistyped one is told so.
    """
    alone = codes.normal(text)
    if alone is not None:
        return alone
    for words in languages:
        first, _, rest = text.strip().partition(" ")
        if first.casefold() in words.join_words and rest.strip() and any(map(str.isdigit, rest)):
            return codes.normal(rest) or rest.strip()[:20]
    return None


def entering(learner: Learner, code: str, now: datetime) -> tuple[Learner, EnterRoom | None]:
    """Go into a room; who tries many codes has to wait."""
    trying = trying_a_code(learner, now)
    return (learner, None) if trying is None else (trying, EnterRoom(code))


def errand_of(
    learner: Learner,
    event: Typed | Pressed,
    session: Session | None,
    languages: Sequence[RoomStrings],
    *,
    is_command: bool,
) -> RoomErrand | None:
    """What an event means for the learner's room; None where it is meant for something else."""
    if isinstance(event, Pressed):
        if not isinstance(event.do, Vote):
            return None
        text = event.do.answer or event.texts.get(ANSWER, "")
        return CastVote(event.do.room, event.do.activity, text)
    attending = learner.attending
    said = plain(event.text)
    if any(said in words.look_words for words in languages):
        return SeeRoom()
    if any(said in words.host_words for words in languages):
        return BecomeHost()
    if attending is None or session is None:
        return None
    for words in languages:
        if said in words.leave_words:
            return LeaveRoom()
        if said in words.questions_words:
            return SeeQuestions()
        if said in words.nameless_words:
            return NameInRoom("")
        first, _, rest = event.text.strip().partition(" ")
        if first.rstrip(":").casefold() in words.ask_words and rest.strip():
            return AskHost(rest)
        if first.rstrip(":").casefold() in words.name_words and rest.strip():
            return NameInRoom(rest)
    if not attending.is_asked or attending.put is None or is_command:
        return None
    match session.activity(attending.put):
        case Poll() as poll if option_of(poll, event.text) is not None:
            return CastVote(attending.room, attending.put, event.text)
        case Cloud():
            return CastVote(attending.room, attending.put, event.text)
        case _:
            return None


@dataclass(frozen=True)
class RoomTalk:
    """The words for a learner in a room, and the session in their language."""

    words: RoomStrings
    sessions: Mapping[str, Session]
    operator: Operator
    locale: str

    def hasty(self, learner: Learner) -> Said:
        """Say that codes aren't to be guessed."""
        return Said(learner, (Text(self.words.hasty.format(minutes=CODE_MINUTES)),))

    def outcome(self, learner: Learner, came: RoomOutcome) -> Said | None:
        """Say what came of an errand; None where there is nothing to say."""
        words = self.words
        match came:
            case NoRoom(why="none"):
                told = words.no_session.format(join=words.join_words[0])
                return Said(replace(learner, attending=None), (Text(told),))
            case NoRoom(why="over"):
                return Said(learner, (Text(words.over_code),))
            case NoRoom():
                return Said(learner, (Text(words.wrong_code),))
            case QuestionsSeen():
                return self._questions(learner, came)
            case HostPage():
                return self._host(learner, came)
            case RoomSeen():
                session = self.sessions.get(came.room.session)
                return self._seen(learner, came, session) if session else None

    def _host(self, learner: Learner, came: HostPage) -> Said:
        """The way to the host's page."""
        words = self.words
        if came.path is not None:
            told = Text(words.host_by_link.format(minutes=CODE_MINUTES))
            return Said(learner, (told, OwnLink(words.host_go, came.path)))
        if not self.operator.is_hosting:
            return Said(learner, (Text(words.host_nowhere),))
        return Said(learner, (Text(words.host_by_token), OwnLink(words.host_go, "/host")))

    def _seen(self, learner: Learner, came: RoomSeen, session: Session) -> Said | None:
        words, room = self.words, came.room
        before = learner.attending
        if before is None or before.room != room.id:
            before = Attending(room.id, room.session)
        match came.came:
            case "left":
                return Said(replace(learner, attending=None), (Text(words.left),))
            case "asked":
                told = (
                    words.asked if came.refused is None else self._refusal(came, LONGEST_QUESTION)
                )
                return Said(replace(learner, attending=before), (Notice("info", told),))
            case "named":
                return self._named(replace(learner, attending=before), came)
            case "refused":
                told = self._refusal(came, LONGEST)
                lead: Block = Notice("info", told)
                if came.refused in ("too-long", "empty", "unknown"):
                    return Said(replace(learner, attending=before), (lead,))
                return self._state(learner, before, came, session, (lead,))
            case "voted":
                return self._state(learner, before, came, session, ())
            case "told":
                return self._told(learner, before, came, session)
            case "entered":
                title = Text(words.entered_title.format(title=session.title), "title")
                about = Text(words.entered_about.format(ask=words.ask_words[0]))
                return self._state(learner, before, came, session, (title, about))
            case "looked":
                title = Text(words.entered_title.format(title=session.title), "title")
                return self._state(learner, before, came, session, (title,))

    def _told(
        self, learner: Learner, before: Attending, came: RoomSeen, session: Session
    ) -> Said | None:
        """What is said because the room has changed: only what the learner doesn't know yet."""
        room = came.room
        if room.is_over or is_wrap_up(session, room.part):
            return self._state(learner, before, came, session, ())
        if room.open is not None:
            if room.open == before.put and room.open in came.votes:
                return None
            return self._state(learner, before, came, session, ())
        if before.put is None or before.put != room.last:
            return None
        poll = session.activity(before.put)
        if not isinstance(poll, Poll) or poll.right is None:
            return None
        after = replace(learner, attending=replace(before, is_asked=False))
        return Said(after, self._result(poll, came), slot=_slot(room, poll.id))

    def _state(
        self,
        learner: Learner,
        before: Attending,
        came: RoomSeen,
        session: Session,
        lead: tuple[Block, ...],
    ) -> Said:
        """The room as it is: what is open, what is taken home, or that nothing is open."""
        room, words = came.room, self.words
        if room.is_over:
            blocks = (
                Text(words.over_title, "title"),
                Text(words.over_about),
                *self._home(session),
            )
            return Said(replace(learner, attending=None), (*lead, *blocks), (self._later(),))
        activity = session.activity(room.open) if room.open else None
        if activity is None:
            after = replace(learner, attending=replace(before, is_asked=False))
            if is_wrap_up(session, room.part):
                home = (Text(words.wrap_title, "title"), *self._home(session))
                return Said(after, (*lead, *home), (self._later(),), _slot(room, "home"))
            rest = (Text(words.entered_wait), Text(words.entered_lesson, "small"))
            return Said(after, (*lead, *rest))
        mine = came.votes.get(activity.id)
        is_asked = isinstance(activity, Poll) or (isinstance(activity, Cloud) and mine is None)
        now = replace(before, put=activity.id, is_asked=is_asked)
        after = replace(learner, attending=now)
        head: tuple[Block, ...] = (
            *lead,
            Text(words.from_host, "small"),
            Text(activity.prompt, "heading"),
        )
        away: tuple[Block, ...] = (Text(words.host_away, "small"),) if came.is_host_away else ()
        match activity:
            case Poll():
                chosen = next((one.text for one in activity.options if one.id == mine), None)
                told: Block = (
                    Text(words.how_option, "how")
                    if chosen is None
                    else Notice("good", words.yours.format(answer=chosen))
                )
                buttons = tuple(
                    Button(one.text, Vote(room.id, activity.id, one.id), str(place))
                    for place, one in enumerate(activity.options, 1)
                )
                return Said(after, (*head, told, *away), buttons, _slot(room, activity.id))
            case Cloud():
                own: tuple[Block, ...] = (Text(words.how_words, "how"),)
                if mine is not None:
                    own = (
                        Dialogue((Utterance(words.you, mine, "customer"),)),
                        Notice("good", words.yours_words),
                    )
                field = Write(ANSWER, words.answer_label, long=False)
                send = Button(
                    words.answer_send, Vote(room.id, activity.id), words.answer_send, primary=True
                )
                return Said(after, (*head, *own, field, *away), (send,), _slot(room, activity.id))
            case Train():
                name = words.train_name.format(name=words.name_words[0])
                about = (Text(words.train_about), Text(name, "small"))
                go = Button(words.train_go, Choose(activity.lesson), words.train_go, primary=True)
                return Said(after, (*head, *about), (go,), _slot(room, activity.id))
            case Demo():
                ask = OwnLink(words.models_page, f"/models/{room.code}")
                blocks = (*head, Text(words.demo_about), ask)
                return Said(after, blocks, slot=_slot(room, activity.id))

    def _named(self, learner: Learner, came: RoomSeen) -> Said:
        """What a learner is called on the big screen from now on, or why not."""
        words, name = self.words, came.votes.get(NAME_GIVEN)
        if came.refused is not None:
            told = words.name_unfit.format(most=LONGEST_NAME)
        elif name is None:
            told = words.nameless
        else:
            told = words.named.format(name=name, nameless=words.nameless_words[0])
        return Said(learner, (Notice("info", told),))

    def _result(self, poll: Poll, came: RoomSeen) -> tuple[Block, ...]:
        """What was right, and whether the learner had it."""
        words = self.words
        right = next(one.text for one in poll.options if one.id == poll.right)
        mine = came.votes.get(poll.id)
        told = words.right_is.format(right=right)
        if mine == poll.right:
            told = f"{told} {words.you_were_right}"
        notice = Notice("good" if mine == poll.right else "info", told)
        return (Text(poll.prompt, "heading"), notice, Text(poll.because))

    def _home(self, session: Session) -> tuple[Block, ...]:
        """What is taken home: the messages, the recap, where to read on, what comes later."""
        words = self.words
        tiles = "; ".join(f"{one.question} {one.answer}" for one in session.recap)
        path = recap_path(session.id, self.locale)
        links = (
            (words.paper, self.operator.paper),
            (words.repository, self.operator.repository),
        )
        return (
            Bullets(session.takeaways),
            OwnPicture(path, words.recap_alt.format(tiles=tiles)),
            OwnLink(words.recap_file, path),
            *(Weblink(text, address) for text, address in links if address),
            Text(session.call_to_action),
            Text(words.later_about),
        )

    def _later(self) -> Button:
        """Asks for the questions that come some days after the lesson."""
        return Button(self.words.later, Command("remind"), self.words.later)

    def _refusal(self, came: RoomSeen, most: int) -> str:
        words = self.words
        match came.refused:
            case "over":
                return words.over_code
            case "closed":
                return words.closed if came.activity in came.votes else words.closed_none
            case "too-long":
                return words.answer_long.format(most=most)
            case "empty":
                return words.empty
            case "many":
                return words.asked_many.format(most=MOST_QUESTIONS)
            case _:
                return words.unknown_option

    def _questions(self, learner: Learner, came: QuestionsSeen) -> Said:
        words, room = self.words, came.room
        title = Text(words.questions_title, "title")
        if not came.questions:
            none = Text(words.questions_none.format(ask=words.ask_words[0]))
            return Said(learner, (title, none))
        blocks: list[Block] = [title]
        buttons = []
        for place, one in enumerate(came.questions[:MOST_SHOWN], 1):
            line = words.question_line.format(number=place, votes=one.votes)
            blocks.append(Dialogue((Utterance(line, one.text, "customer"),)))
            if one.is_voted:
                blocks.append(Text(words.question_voted, "small"))
            else:
                text = words.question_vote.format(number=place)
                vote = Vote(room.id, f"{QUESTION}{one.number}", "yes")
                buttons.append(Button(text, vote, text))
        return Said(learner, tuple(blocks), tuple(buttons), _slot(room, "questions"))


def recap_path(session: str, locale: str) -> str:
    """Where the recap's picture is."""
    return f"/sessions/{session}/{locale}/recap.png"


def _slot(room: Room, activity: str) -> str:
    return f"room-{room.id[:12]}-{activity}"
