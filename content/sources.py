"""Every figure in a lesson's words has a source, every source its figures."""

from collections.abc import Iterator

from content.lesson import Lesson, ScreenStep
from content.lesson.base import Complaint, Loc
from content.lesson.sources import MATERIAL, figures_in
from content.nearest import did_you_mean
from content.rules import placed, walk

FILE = "sources.yaml"


def unsourced(lesson: Lesson) -> Iterator[Complaint]:
    """Figures that no source vouches for, and sources of what stands nowhere."""
    told: dict[str, list[tuple[Loc, str]]] = {}
    for place, loc, text in _statements(lesson):
        told.setdefault(place, []).append((loc, text))
    named = _named(lesson)
    for place, texts in told.items():
        vouched = named.get(place, [])
        for loc, text in texts:
            for figure in figures_in(text):
                if not any(figure in known and known in text for known in vouched):
                    yield loc, f'"{figure}" has no source; name it in {FILE} under "{place}"'
    for at, source in enumerate(lesson.sources):
        for place, figures in source.figures.items():
            here = ("sources", at, "figures", place)
            if place not in told:
                near = did_you_mean(place, told)
                yield here, f'nothing here has the id "{place}"{near}'
                continue
            for n, figure in enumerate(figures):
                if not any(figure in text for _, text in told[place]):
                    yield (*here, n), f'"{figure}" doesn\'t stand in "{place}"'
    yield from _screens(lesson)


def _named(lesson: Lesson) -> dict[str, list[str]]:
    """All figures that sources vouch for, by their places."""
    found: dict[str, list[str]] = {}
    for source in lesson.sources:
        for place, figures in source.figures.items():
            found.setdefault(place, []).extend(figures)
    return found


def _statements(lesson: Lesson) -> Iterator[tuple[str, Loc, str]]:
    """Every text that tells something as true, with the id of what it belongs to."""
    for at, entry in enumerate(lesson.glossary):
        yield entry.id, ("glossary", at, "meaning"), entry.meaning
    for loc, step in placed(lesson):
        for inside, value in walk(step):
            if isinstance(value, str) and not MATERIAL.intersection(inside):
                yield step.id, (*loc, *inside), value


def _screens(lesson: Lesson) -> Iterator[Complaint]:
    """A simulated screen says after which page it is drawn."""
    known = {source.id for source in lesson.sources}
    for loc, step in placed(lesson):
        if not isinstance(step, ScreenStep):
            continue
        if step.source is None:
            yield loc, f'screen "{step.id}" names no source: the page that it is drawn after'
        elif step.source not in known:
            near = did_you_mean(step.source, known)
            yield (*loc, "source"), f'{FILE} has no source "{step.source}"{near}'
