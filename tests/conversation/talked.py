"""What learners say beside their answers, at steps of every kind: what became of each sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import get_args

from content.lesson import ChatStep, ComparisonStep, CompleteStep, Step
from content.loader import ORIGINAL
from content.reading import TalkName
from dialogs import talk
from dialogs.advance import COURTESIES
from dialogs.tutor import Tutor
from dialogs.values.replies import Dialogue, Message, Notice, Reply, Sides, Text
from dialogs.work import requirements
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import play_until

SECOND = timedelta(seconds=1)
TERM, COMMAND = "term: ", "command: "  # meanings that are no kind of talk


@dataclass(frozen=True)
class Said:
    """A sentence at a step: whether it was answered by what it means, and what it cost.

    `lost` tells that the step's card was put anew, and what was written in it was left.
    """

    step: str
    kind: str
    text: str
    right: bool
    attempts: int
    lost: bool
    got: str


def first_of_each_kind(tutor: Tutor, lesson: str) -> Iterator[Step]:
    """The first step of each kind, in the lesson's order."""
    seen: set[str] = set()
    for step in tutor.library.lessons[lesson].steps:
        if step.kind not in seen:
            seen.add(step.kind)
            yield step


def at_every_kind(
    tutor: Tutor,
    lesson: str,
    sentences: Sequence[tuple[Sequence[str], str]],
    every: int = 1,
    locale: str = ORIGINAL,
) -> Iterator[Said]:
    """Say each sentence, with its meanings, at a step of each kind that a learner has just met.

    `every`: at each kind only every third or so of them, other ones at the next kind.
    `locale`: the learner's language by then.
    """
    room = Classroom(tutor, lesson, seed=3)
    for place, step in enumerate(first_of_each_kind(tutor, lesson)):
        play_until(room, step.id)
        learner, now, card = room.learner, room.now, room.stamped
        room.learner = replace(learner, locale=locale)
        edition = tutor.edition(room.learner, lesson)
        assert edition
        here = edition.step(step.id)
        assert here
        for means, text in sentences[place % every :: every]:
            yield _said(room, here, means, text)
        room.learner, room.now, room.stamped = learner, now, card


def _said(room: Classroom, step: Step, means: Sequence[str], text: str) -> Said:
    learner, before, card = room.learner, room.progress, room.stamped
    now = room.now
    replies = room.type(text)
    after = room.progress
    stays = room.stamped is card or step.converses
    room.learner, room.now, room.stamped = learner, now, card
    return Said(
        step.id,
        step.kind,
        text,
        right=any(_answers(room, step, one, replies, after.cursor) for one in means),
        attempts=after.record(step.id).attempts - before.record(step.id).attempts,
        lost=not stays and after.cursor == before.cursor and after.ticket != before.ticket,
        got=" / ".join(_texts(replies))[:160],
    )


def _answers(
    room: Classroom, step: Step, means: str, replies: Sequence[Reply], cursor: str
) -> bool:
    """Whether the replies are what is said to something that means this."""
    lesson = room.tutor.edition(room.learner, room.progress.lesson)
    assert lesson
    scene = room.tutor.scene(room.learner, lesson, room.now, room.results)
    if means.startswith(TERM):
        term = means.removeprefix(TERM)
        entry = next(one for one in lesson.glossary if one.id == term)
        return any(entry.meaning in text for text in _texts(replies))
    if means.startswith(COMMAND):
        other = Classroom(room.tutor, lesson.id)
        other.learner, other.now, other.results = room.learner, room.now, dict(room.results)
        return _texts(other.type(means.removeprefix(COMMAND))) == _texts(replies)
    blocks = [block for reply in _messages(replies) for block in reply.blocks]
    to_model = means in COURTESIES and isinstance(step, ChatStep | ComparisonStep)
    if to_model and any(isinstance(block, Dialogue | Sides) for block in blocks):
        return True
    if means == "fine" and requirements.may_leave(step, scene.progress):
        return cursor != step.id or isinstance(step, CompleteStep)
    if means == "repeat":
        return any(reply.stamp for reply in _messages(replies))
    name = next(one for one in get_args(TalkName) if one == means)
    wanted = talk.answered(replace(scene, now=scene.now + SECOND), step, name).text
    return wanted in _texts(replies)


def _messages(replies: Sequence[Reply]) -> list[Message]:
    return [reply for reply in replies if isinstance(reply, Message)]


def _texts(replies: Sequence[Reply]) -> list[str]:
    return [b.text for r in _messages(replies) for b in r.blocks if isinstance(b, Text | Notice)]
