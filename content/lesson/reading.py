"""The kinds of step that are read: nothing in them is judged."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from content.frozen import Frozen
from content.lesson.base import BaseStep, Complaint, Image, Loc, Surroundings, Words
from content.lesson.effort import LOOK_S, PRESS_S, REASONS_OPENED, SCENE_LOOKS


class StartStep(BaseStep):
    """The start screen; `duration` is how long the lesson takes, in words.

    `objectives` are what learners will be able to do, where one sentence doesn't say it all.
    """

    assessed = False
    later = frozenset({"objectives", "scenario", "challenge", "requirements"})

    kind: Literal["start"]
    subtitle: Words
    duration: Words | None = None
    icon: Image
    objective: Words
    objectives: tuple[Words, ...] = ()
    scenario: Words
    challenge: Words
    requirements: tuple[Words, ...]
    details_title: Words
    details: tuple[Words, ...]
    button: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return PRESS_S

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        return REASONS_OPENED if loc[0] in self.later else 1.0


class InformationStep(BaseStep):
    """Paragraphs to read; `goals` lists the phase's learning goals below them."""

    assessed = False

    kind: Literal["information"]
    body: tuple[Words, ...] = Field(min_length=1)
    goals: bool = False
    tips: tuple[Words, ...] = ()

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return PRESS_S


class Frame(Frozen):
    """One still of a demonstration; `mono` is for code."""

    caption: Words
    text: Words
    mono: bool = False


SceneName = Literal["learning-rate", "batch-size", "epochs", "low-rank", "retrieval"]


class ExplanationStep(BaseStep):
    """A demonstration that the learner steps through, from before to after.

    Its `frames` are written by the author; a `scene` is computed (`dialogs/demonstrations/`).
    """

    assessed = False
    repeats = frozenset({"frames"})
    unread = frozenset({"scene"})
    one_by_one = frozenset({"frames"})

    kind: Literal["explanation"]
    body: tuple[Words, ...] = ()
    frames: tuple[Frame, ...] = ()
    scene: SceneName | None = None
    closing: tuple[Words, ...] = ()

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return LOOK_S * max(len(self.frames), SCENE_LOOKS if self.scene else 0)

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        if self.scene is None and len(self.frames) < 2:  # noqa: PLR2004, before and after
            yield (), f'step "{self.id}" has neither a "scene" nor two "frames"'


class Link(Frozen):
    """A page elsewhere."""

    group: Words
    text: Words
    url: Annotated[str, Field(pattern=r"^https://")]


class CompleteStep(BaseStep):
    """The end: what was achieved, and where to go from here.

    `download` names the learner's training set, `practice` the lesson's practice file; a lesson
    without a persona company has neither.
    """

    assessed = False
    unread = frozenset({"unfinished"})

    kind: Literal["complete"]
    body: tuple[Words, ...]
    unfinished: Words
    links: tuple[Link, ...]
    download: str = ""
    practice: str = ""

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return PRESS_S

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        for key in ("download", "practice"):
            if around.world is not None and not getattr(self, key):
                yield (), f'step "{self.id}" has no "{key}", which names a file for the learner'
        seen: set[str] = set()
        for at, link in enumerate(self.links):
            if link.url in seen:
                yield ("links", at, "url"), f"{link.url} is linked twice"
            seen.add(link.url)
