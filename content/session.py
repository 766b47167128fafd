"""A session: the run sheet of a talk that the tutor runs with its host.

One file of `content/sessions/` for each session and language, `<id>.<locale>.yaml`. Ids, minutes
and kinds are the same in all languages, since a room has learners of several.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from content.frozen import Frozen
from content.yaml_nodes import Loc

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Words = Annotated[str, Field(min_length=1, max_length=1000)]
Minutes = Annotated[int, Field(ge=1, le=120)]


class Drop(Frozen):
    """Slides that can be left out when the talk is late, and the minutes that this saves."""

    slides: str
    minutes: Annotated[float, Field(gt=0, le=30)]
    what: Words


class Part(Frozen):
    """A stretch of an act: `slides` of the deck, or a demo, which is never dropped.

    `notes` are for the speaker. `activities` are what may be opened for the room meanwhile.
    """

    id: Id
    title: Words
    minutes: Minutes
    slides: str = ""
    demo: bool = False
    notes: tuple[Words, ...]
    drop: tuple[Drop, ...] = ()
    activities: tuple[Id, ...] = ()


class Act(Frozen):
    """An act of the talk."""

    id: Id
    title: Words
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]


class PollOption(Frozen):
    """What can be chosen in a poll."""

    id: Id
    text: Annotated[str, Field(min_length=1, max_length=80)]


class Poll(Frozen):
    """A question with options. One with a `right` option is a quiz question, and `because` why."""

    kind: Literal["poll"]
    id: Id
    prompt: Words
    options: Annotated[tuple[PollOption, ...], Field(min_length=2, max_length=6)]
    right: Id | None = None
    because: str = ""


class Cloud(Frozen):
    """A question that is answered in a few words of one's own."""

    kind: Literal["cloud"]
    id: Id
    prompt: Words


class Train(Frozen):
    """Everybody trains a model of their own in a `lesson`, and the best by a `figure` are shown.

    The figure is one of the lesson's experiment, a share of 0.0 to 1.0, or of an evaluation:
    `satisfied` or `accuracy`. `measured` says what it is, for the big screen.
    """

    kind: Literal["train"]
    id: Id
    prompt: Words
    lesson: Id
    figure: Id
    measured: Words


class Demo(Frozen):
    """A prepared run that is played back: `run` names it among those that are staged."""

    kind: Literal["demo"]
    id: Id
    prompt: Words
    run: Id


SessionActivity = Annotated[Poll | Cloud | Train | Demo, Field(discriminator="kind")]


class Preparation(Frozen):
    """What the host does the day before."""

    id: Id
    title: Words
    text: Words


class Tile(Frozen):
    """A tile of the recap: a question that developers have, and its answer in a sentence."""

    question: Words
    answer: Words


class Resource(Frozen):
    """Something that a host is given; without an `address` it is not yet provided."""

    id: Id
    title: Words
    about: Words
    address: Annotated[str, Field(pattern=r"^(https?://\S+)?$", max_length=500)] = ""


class Session(Frozen):
    """A talk of `minutes` in all, act by act, and what goes with it.

    `lesson` is the lesson that its learners do, and in whose company its runs are prepared.
    """

    id: Id
    locale: str
    lesson: Id
    title: Words
    summary: Words
    minutes: Minutes
    acts: Annotated[tuple[Act, ...], Field(min_length=1)]
    activities: tuple[SessionActivity, ...]
    preparations: tuple[Preparation, ...]
    takeaways: Annotated[tuple[Words, ...], Field(min_length=1, max_length=4)]
    call_to_action: Words
    recap: Annotated[tuple[Tile, ...], Field(min_length=8, max_length=8)]
    resources: tuple[Resource, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of all acts, in their order."""
        return tuple(part for act in self.acts for part in act.parts)

    def part(self, name: str) -> Part | None:
        """The part of this id."""
        return next((one for one in self.parts if one.id == name), None)

    def activity(self, name: str) -> SessionActivity | None:
        """The activity of this id."""
        return next((one for one in self.activities if one.id == name), None)


def complaints(session: Session) -> Iterator[tuple[Loc, str]]:
    """What doesn't fit together in a session, with its place."""
    total = sum(part.minutes for part in session.parts)
    if total != session.minutes:
        yield ("minutes",), f"the parts take {total} minutes together, not {session.minutes}"
    named = [
        *(("acts", one.id) for one in session.acts),
        *(("parts", one.id) for one in session.parts),
        *(("activities", one.id) for one in session.activities),
        *(("resources", one.id) for one in session.resources),
        *(("preparations", one.id) for one in session.preparations),
    ]
    for kind, name in sorted(one for one in set(named) if named.count(one) > 1):
        yield (("acts",) if kind == "parts" else (kind,)), f'two of the {kind} are "{name}"'
    known = {one.id for one in session.activities}
    for part in session.parts:
        for name in part.activities:
            if name not in known:
                yield ("acts",), f'{part.id} opens "{name}", which is no activity'
        if part.demo and part.drop:
            yield ("acts",), f"{part.id} is a demo, which is never dropped"
    for at, activity in enumerate(session.activities):
        if not isinstance(activity, Poll):
            continue
        options = [one.id for one in activity.options]
        if len(set(options)) < len(options):
            yield ("activities", at, "options"), "two options have the same id"
        if activity.right is not None and activity.right not in options:
            yield ("activities", at, "right"), f'"{activity.right}" is none of the options'


def skeleton(session: Session) -> list[object]:
    """What is the same in all languages: ids, kinds, minutes, and what is right."""
    return [
        session.id,
        session.lesson,
        session.minutes,
        [[act.id, [_of_part(part) for part in act.parts]] for act in session.acts],
        [_of_activity(one) for one in session.activities],
        [one.id for one in session.preparations],
        [one.id for one in session.resources],
        len(session.takeaways),
    ]


def _of_part(part: Part) -> list[object]:
    saved = [(one.slides, one.minutes) for one in part.drop]
    return [part.id, part.minutes, part.slides, part.demo, saved, part.activities]


def _of_activity(activity: SessionActivity) -> list[object]:
    match activity:
        case Poll():
            options = [one.id for one in activity.options]
            return [activity.kind, activity.id, options, activity.right]
        case Demo():
            return [activity.kind, activity.id, activity.run]
        case Train():
            return [activity.kind, activity.id, activity.lesson, activity.figure]
        case _:
            return [activity.kind, activity.id]
