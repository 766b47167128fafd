"""Every figure in what learners are told has a source, every source its figures."""

from collections.abc import Iterator, Mapping, Sequence

from content.lesson import Lesson, QuizStep, ScreenStep
from content.lesson.base import Complaint, Loc
from content.lesson.follow_up import FollowUpQuestion
from content.lesson.questions import Question
from content.lesson.sources import MATERIAL, Source, digits, figures_in
from content.nearest import did_you_mean
from content.rules import placed, walk
from content.strings import Strings

FILE = "sources.yaml"


def unsourced(lesson: Lesson) -> Iterator[Complaint]:
    """Figures that no source vouches for, and sources of what stands nowhere."""
    told: dict[str, list[tuple[Loc, str]]] = {}
    for place, loc, text in _statements(lesson):
        told.setdefault(place, []).append((loc, text))
    named = _named(lesson.sources)
    for place, texts in told.items():
        vouched = named.get(place, [])
        for loc, text in texts:
            for figure in figures_in(text):
                if not any(figure in known and known in text for known in vouched):
                    yield loc, _unknown(figure, place)
    for inside, message in _idle(lesson.sources, told):
        yield ("sources", *inside), message
    yield from _screens(lesson)


def unsourced_edition(lesson: Lesson) -> Iterator[Complaint]:
    """Figures of an edition in another language that the lesson's sources don't vouch for.

    They go by their digits: sources write them as they stand in the original.
    """
    named = _named(lesson.sources)
    for place, loc, text in _statements(lesson):
        yield from ((loc, fault) for fault in _unvouched(text, place, named))


def unsourced_strings(strings: Strings, sources: Sequence[Source]) -> Iterator[Complaint]:
    """The same of the tutor's own words, in any language; a place is a section and a key."""
    named = _named(sources)
    for loc, text in walk(strings):
        if isinstance(text, str):
            yield from ((loc, fault) for fault in _unvouched(text, _place(loc), named))


def idle_strings(strings: Strings, sources: Sequence[Source]) -> Iterator[Complaint]:
    """Sources of what stands nowhere in the tutor's own words."""
    told: dict[str, list[tuple[Loc, str]]] = {}
    for loc, text in walk(strings):
        if isinstance(text, str):
            told.setdefault(_place(loc), []).append((loc, text))
    yield from _idle(sources, told)


def _place(loc: Loc) -> str:
    return "-".join(map(str, loc[:2])).replace("_", "-")


def _unvouched(text: str, place: str, named: Mapping[str, Sequence[str]]) -> Iterator[str]:
    known = {digits(figure) for figure in named.get(place, ())}
    return (_unknown(one, place) for one in figures_in(text) if digits(one) not in known)


def _unknown(figure: str, place: str) -> str:
    return f'"{figure}" has no source; name it in {FILE} under "{place}"'


def _idle(
    sources: Sequence[Source], told: Mapping[str, Sequence[tuple[Loc, str]]]
) -> Iterator[Complaint]:
    """Sources that vouch for what stands nowhere."""
    for at, source in enumerate(sources):
        for place, figures in source.figures.items():
            here = (at, "figures", place)
            if place not in told:
                near = did_you_mean(place, told)
                yield here, f'nothing here has the id "{place}"{near}'
                continue
            for n, figure in enumerate(figures):
                if not any(figure in text for _, text in told[place]):
                    yield (*here, n), f'"{figure}" doesn\'t stand in "{place}"'


def _named(sources: Sequence[Source]) -> dict[str, list[str]]:
    """All figures that sources vouch for, by their places."""
    found: dict[str, list[str]] = {}
    for source in sources:
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
        if isinstance(step, QuizStep):
            for at, question in enumerate(step.bank):
                for inside, text in _told(question):
                    yield question.id, (*loc, "bank", at, *inside), text
    if lesson.follow_up is not None:
        for name in ("questions", "cases"):
            for at, asked in enumerate(getattr(lesson.follow_up, name)):
                for inside, text in _told(asked):
                    yield asked.id, ("follow_up", name, at, *inside), text


def _told(question: Question | FollowUpQuestion) -> Iterator[tuple[Loc, str]]:
    """What a question tells as true: its feedback, and what is right; its case is its own."""
    case = {digits(figure) for figure in figures_in(question.prompt)}
    for at, option in enumerate(question.options):
        told = {"feedback": option.feedback, **({"text": option.text} if option.right else {})}
        for name, text in told.items():
            own = all(digits(figure) in case for figure in figures_in(text))
            yield ("options", at, name), "" if own else text


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
