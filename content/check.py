"""`python -m content.check [FOLDER]`: every fault in the lessons, or what each one asks for.

With `--against OLD`, a folder with the lessons as learners know them, it also warns of ids that
are gone since or mean something else now.

The estimate is for a careful beginner: words at 200 a minute and, for each kind of step,
a stated time to do what it asks.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from content.faults import ContentError, Fault
from content.lesson import Lesson, Step
from content.lesson.base import Loc
from content.loader import SHIPPED, load
from content.rules import walk
from content.vanished import since
from content.yaml_nodes import unportable

# Adults read prose at about 240 words a minute; a beginner meets new terms.
WORDS_A_MINUTE = 200
# Meanings stand behind a button; a beginner knows some of the words, and the exercise says others.
TERMS_OPENED = 0.5
# Texts of any kind that this learner doesn't meet: read on request, after a mistake of another
# kind, by a screen reader, or by nobody. Kinds name further ones of theirs (`unread`).
UNREAD = {"alt", "help", "hints", "id", "kind", "patterns", "source", "terms", "unit", "url"}


def words(step: Step) -> float:
    """Words of the step that a careful beginner reads.

    Of a question's options all texts are read, and one feedback; of a bank, what is drawn;
    of a demonstration's frames, what is new in each.
    """
    seen: set[str] = set()
    total = 0.0
    for loc, text in _texts(step):
        one_of = _options(step, loc[:-2]) if loc[-1] == "feedback" else 1
        count = float(len(text.split()))
        if loc[0] in step.repeats and loc[-1] == "text":
            count = len(set(text.split()) - seen)
            seen |= set(text.split())
        total += count / one_of * step.share_read(loc)
    return total


def _texts(step: Step) -> Iterator[tuple[Loc, str]]:
    unread = UNREAD | step.unread
    for loc, value in walk(step):
        if isinstance(value, str) and not unread.intersection(loc):
            yield loc, value


def _options(step: Step, loc: Loc) -> int:
    """How many options share the place of a feedback; a checklist shows every item's."""
    if loc[-1:] != ("options",):
        return 1
    value: object = step
    for part in loc:
        value = (
            value[part]
            if isinstance(value, tuple) and isinstance(part, int)
            else (getattr(value, str(part)))
        )
    return len(value) if isinstance(value, tuple) else 1


def minutes(lesson: Lesson, *steps: Step) -> float:
    """What the steps take, with the meanings of the terms that they bring up."""
    meanings = {entry.id: len(entry.meaning.split()) for entry in lesson.glossary}
    terms = {term for step in steps for term in step.terms}
    opened = TERMS_OPENED * sum(meanings.get(term, 0) for term in terms)
    read = sum(words(step) for step in steps) + opened
    return read / WORDS_A_MINUTE + sum(step.effort_s for step in steps) / 60


def summary(lesson: Lesson) -> str:
    """One line: how much there is to do, and how long it takes."""
    needed = [step for step in lesson.steps if not step.optional]
    optional = [step for step in lesson.steps if step.optional]
    kinds = len({step.kind for step in lesson.steps})
    text = (
        f"{lesson.id} ({lesson.locale}): {len(lesson.steps)} steps of {kinds} kinds, "
        f"about {minutes(lesson, *needed):.0f} minutes"
    )
    if optional:
        text += f", {minutes(lesson, *optional):.0f} more for {len(optional)} optional steps"
    return text


def main(arguments: list[str]) -> int:
    """Check a folder; the exit code is 1 when anything is at fault. Warnings are no faults."""
    parser = argparse.ArgumentParser(prog="python -m content.check")
    parser.add_argument("folder", nargs="?", type=Path, default=SHIPPED, metavar="FOLDER")
    parser.add_argument("--against", type=Path, metavar="OLD", help="the lessons as they were")
    options = parser.parse_args(arguments)
    try:
        library = load(options.folder)
        _see_that_it_loads_everywhere(options.folder)
        gone = since(options.against, options.folder) if options.against else []
    except ContentError as error:
        _tell(str(_seen_from_here(fault)) for fault in error.faults)
        return 1
    editions = (one.lessons.values() for one in library.languages.values())
    _tell(summary(lesson) for lessons in editions for lesson in lessons)
    _tell(f"warning: {_seen_from_here(fault)}" for fault in gone)
    return 0


def _see_that_it_loads_everywhere(folder: Path) -> None:
    """Read the files as Python does where YAML's C parser is missing. Raises ContentError."""
    found = [fault for file in folder.rglob("*.yaml") if (fault := unportable(file))]
    if found:
        raise ContentError(found)


def _tell(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _seen_from_here(fault: Fault) -> Fault:
    here = Path.cwd()
    if not fault.path.is_relative_to(here):
        return fault
    return Fault(fault.path.relative_to(here), fault.line, fault.message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
