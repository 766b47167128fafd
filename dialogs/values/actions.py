"""What a button does: a closed union, and how a button's data writes it.

`str` writes one, `read` reads it: `answer`, `goto:lab`, `lesson:plain-words`, `next`, `say`,
`vote:4f2a try-first prompt`, or a step's own word. What is written stays readable: cards in
people's chats keep their buttons.
"""

from dataclasses import dataclass
from typing import get_args

from content.reading import QuestionName
from content.strings import CommandName

_COMMANDS = {str(name): name for name in get_args(CommandName)}
_GOTO, _LESSON, _LANGUAGE, _AGREE = "goto:", "lesson:", "language:", "agree:"
_ASK = "ask:"
_QUESTIONS = {str(name): name for name in get_args(QuestionName)}
_VOTE = "vote:"


@dataclass(frozen=True)
class Answer:
    """Answer the step with the card's inputs."""

    def __str__(self) -> str:
        return "answer"


@dataclass(frozen=True)
class Own:
    """A step's own word: it does something with the card's inputs that is no answer."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Goto:
    """Look at another step."""

    step: str

    def __str__(self) -> str:
        return f"{_GOTO}{self.step}"


@dataclass(frozen=True)
class Choose:
    """Go to another lesson."""

    lesson: str

    def __str__(self) -> str:
        return f"{_LESSON}{self.lesson}"


@dataclass(frozen=True)
class Speak:
    """Go on in another language, by its locale or what somebody calls it."""

    language: str

    def __str__(self) -> str:
        return f"{_LANGUAGE}{self.language}"


@dataclass(frozen=True)
class Command:
    """Move about, as by typing: next, back, help and the like."""

    name: CommandName

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Agree:
    """Say yes to a question about what can't be undone, and to that one alone."""

    to: str

    def __str__(self) -> str:
        return f"{_AGREE}{self.to}"


@dataclass(frozen=True)
class Ask:
    """Ask one of the storyboard's questions, or answer the one that is asked back."""

    question: QuestionName
    option: str = ""

    def __str__(self) -> str:
        return f"{_ASK}{self.question}:{self.option}"


@dataclass(frozen=True)
class Vote:
    """Answer what is open in a room; without an `answer`, with the card's text.

    `activity` is of the run sheet, or a learner's question (`question:<number>`).
    """

    room: str
    activity: str
    answer: str = ""

    def __str__(self) -> str:
        return f"{_VOTE}{self.room} {self.activity} {self.answer}".rstrip()


@dataclass(frozen=True)
class Say:
    """Say a text for the learner."""

    text: str

    def __str__(self) -> str:
        return "say"


Action = Answer | Own | Goto | Choose | Speak | Command | Agree | Ask | Vote | Say


def read(written: str, text: str = "") -> Action:
    """What a button does, as its data writes it; `text` is what `say` says."""
    if written == "answer":
        return Answer()
    if written == "say":
        return Say(text)
    if written.startswith(_GOTO):
        return Goto(written.removeprefix(_GOTO))
    if written.startswith(_LESSON):
        return Choose(written.removeprefix(_LESSON))
    if written.startswith(_LANGUAGE):
        return Speak(written.removeprefix(_LANGUAGE))
    if written.startswith(_AGREE):
        return Agree(written.removeprefix(_AGREE))
    question, _, option = written.removeprefix(_ASK).partition(":")
    if written.startswith(_ASK) and question in _QUESTIONS:
        return Ask(_QUESTIONS[question], option)
    if written.startswith(_VOTE):
        room, _, rest = written.removeprefix(_VOTE).partition(" ")
        activity, _, answer = rest.partition(" ")
        return Vote(room, activity, answer)
    command = _COMMANDS.get(written)
    return Own(written) if command is None else Command(command)
