"""A learner's profile: what is done, what was strong, what to do next, which certificates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from content.lesson import Lesson, Phase
from content.strings import CatalogueStrings, ProfileStrings
from dialogs import catalogue
from dialogs.values.actions import Choose, Command
from dialogs.values.progress import Learner, Progress
from dialogs.values.replies import Block, Bullets, Button, Notice, Table, Text
from dialogs.work import requirements

STRONG, WEAK = 0.8, 0.5  # shares of a phase's steps that were right at once: from, and below
LEAST = 2  # passed steps from which a phase says something of a learner
TOLD = 3  # phases that are named of each


@dataclass(frozen=True)
class Shown:
    """A profile: what it says, and where it leads."""

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Stretch:
    """How a phase went: the share of its passed steps that were right at the first attempt."""

    lesson: Lesson
    phase: Phase
    passed: int
    at_once: float


def stretches(learner: Learner, lessons: Sequence[Lesson]) -> Iterator[Stretch]:
    """Every phase of which enough was passed to say something."""
    for lesson in lessons:
        progress = learner.progress.get(lesson.id)
        for phase in lesson.phases if progress else ():
            asked = [step.id for step in phase.steps if requirements.is_assessed(step)]
            records = [progress.record(name) for name in asked] if progress else []
            passed = [one for one in records if one.status == "passed"]
            if len(passed) >= LEAST:
                at_once = sum(one.misses == 0 for one in passed) / len(passed)
                yield Stretch(lesson, phase, len(passed), at_once)


def shown(
    learner: Learner,
    lessons: Sequence[Lesson],
    words: ProfileStrings,
    offered: CatalogueStrings,
    series: str,
) -> Shown:
    """The profile card; `series` is what is typed for the certificate of all lessons."""
    done = [one for one in lessons if catalogue.is_done(learner.progress.get(one.id))]
    rows = tuple(_row(learner.progress.get(one.id), one, offered) for one in lessons)
    went = sorted(stretches(learner, lessons), key=lambda one: (-one.at_once, -one.passed))
    strong = [one for one in went if one.at_once >= STRONG][:TOLD]
    weak = [one for one in reversed(went) if one.at_once < WEAK][:TOLD]
    then = catalogue.next_for(learner, lessons)
    blocks: list[Block] = [
        Text(words.title, "title"),
        Text(words.done.format(done=len(done), of=len(lessons))),
        Table(words.header, rows),
    ]
    for title, found in ((words.strong, strong), (words.weak, weak)):
        if found:
            blocks += [Text(title, "strong"), Bullets(tuple(_line(one, words) for one in found))]
    buttons: list[Button] = []
    if then is not None:
        number = lessons.index(then) + 1
        blocks.append(Text(words.then.format(title=then.title, number=number)))
        buttons.append(Button(then.title, Choose(then.id), str(number), primary=True))
        if done:
            blocks.append(Text(words.series_left.format(count=len(lessons) - len(done)), "small"))
    else:
        blocks.append(Notice("good", words.series_ready.format(word=series), words.series_title))
        buttons.append(Button(words.series, Command("series"), series, primary=True))
    if done:
        blocks.append(Text(words.certificates, "small"))
    return Shown(tuple(blocks), tuple(buttons))


def _row(progress: Progress | None, lesson: Lesson, words: CatalogueStrings) -> tuple[str, str]:
    return lesson.title, catalogue.standing(progress, lesson, words)


def _line(one: Stretch, words: ProfileStrings) -> str:
    at_once = round(one.at_once * one.passed)
    return words.stretch.format(
        phase=one.phase.title, lesson=one.lesson.title, right=at_once, of=one.passed
    )
