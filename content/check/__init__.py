"""`python -m content.check [FOLDER]`: every fault in the lessons, or what each one asks for.

Sources of figures that nobody has looked up for a year are named; that is no fault.

With `--against OLD`, a folder with the lessons as learners know them, it also warns of ids that
are gone since or mean something else now. With `--understanding` it says what is made of the
examples in the lessons: which are misread, alike or too few, and how held-out lists are read.
"""

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from content.check import sources, understanding
from content.faults import ContentError, Fault
from content.lesson import Lesson
from content.loader import SHIPPED, load
from content.reading_time import minutes
from content.vanished import since
from content.yaml_nodes import unportable


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
    parser.add_argument(
        "--understanding", action="store_true", help="what is made of the examples in them"
    )
    options = parser.parse_args(arguments)
    try:
        library = load(options.folder)
        _see_that_it_loads_everywhere(options.folder)
        gone = since(options.against, options.folder) if options.against else []
        reports = understanding.reports(library, options.folder)
    except ContentError as error:
        _tell(str(_seen_from_here(fault)) for fault in error.faults)
        return 1
    faults = [fault for report in reports for fault in report.faults]
    editions = (one.lessons.values() for one in library.languages.values())
    _tell(summary(lesson) for lessons in editions for lesson in lessons)
    _tell(f"warning: {_seen_from_here(fault)}" for fault in gone)
    old = sources.stale(options.folder, datetime.now(UTC).date())
    _tell(f"note: {_seen_from_here(fault)}" for fault in old)
    if options.understanding:
        _tell(line for report in reports for line in report.lines)
    _tell(str(_seen_from_here(fault)) for fault in sorted(set(faults)))
    return 1 if faults else 0


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
