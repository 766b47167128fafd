"""A learner's data as a person reads it: titles for ids, words for names, the newest last."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.page.stored_names import stored_names
from cards.markup import plain
from content.lesson import ChatStep, ConversationStep, ExperimentStep, Lesson, QuizStep, Step
from content.lesson.experimenting import Shown
from content.loader import Library
from content.simulation import PersonaWorld
from content.strings import MineStrings, Strings

Rows = Sequence[Mapping[str, Any]]
Tables = Mapping[str, Rows]

# Fields that say nothing to a person: they are in the JSON.
INNER = frozenset(
    {"seed", "ticket", "accepted", "digest", "form", "kind", "key", "pending", "data", "version"}
)
SHARES = frozenset({"score", "first_attempts"})  # 0.0 to 1.0, read as percent
_OF_ALL = frozenset({"lesson", "run", "at", "step"})  # of a fact, said at its beginning
_FIGURE = re.compile(r"\{\w+\}")  # stands in an option's text for what came out that day
_OF_QUIZ = frozenset({"drawn", "chosen", "right", "used"})  # said with each question, or inner
_INSTANTS = frozenset({"started", "opens_at", "since", "reviewed", "at"})
_ELSEWHERE = ("learner", "progress", "identity", "fact", "certificate", "activity", "conversation")


@dataclass(frozen=True)
class Part:
    """A heading, what stands below it line by line, and parts below that one."""

    title: str
    lines: tuple[str, ...] = ()
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class _Names:
    """What stored names are called: fields by the tutor's words, ids by their lesson's `texts`.

    `figures` are those that a step shows; the others are inner ones.
    """

    strings: Strings
    texts: Mapping[str, str]
    figures: Mapping[str, str]
    whole: object = None  # where the texts are from

    def field(self, name: str) -> str:
        """A field; one that no form has any more is called as it is."""
        return self.strings.mine.fields.get(name, name)

    def value(self, value: object, field: str) -> str:
        """An id by its text, a code by its word, an instant or a number as people write it."""
        if isinstance(value, str):
            known = self.texts.get(value) or self.strings.mine.values.get(value)
            return known or (_time(value) if field in _INSTANTS else value)
        if isinstance(value, bool):
            return self.strings.mine.yes if value else self.strings.mine.no
        if isinstance(value, int | float):
            number = self.strings.model.numbers
            if field in SHARES:
                return f"{number.write(100 * value, '.0f')}{number.percent}"
            return number.write(round(value, 4), "g") if isinstance(value, float) else str(value)
        return json.dumps(value)

    def within(self, name: str) -> "_Names":
        """The same where something of this id is meant: its own options come first."""
        found: dict[str, str] = {}
        for one in _of_id(self.whole, name):
            _collect(found, one)
        return replace(self, texts={**self.texts, **found})


def parts(tables: Tables, library: Library, locale: str) -> tuple[Part, ...]:
    """All that is kept, as headings and lines in a language."""
    strings = library.languages[locale].strings
    words = strings.mine
    made = (
        _self(tables, library, locale, strings),
        *_lessons(tables, library, locale, strings),
        _happened(tables, library, locale, strings),
        _certificates(tables, words),
        _said(tables, words),
        _rest(tables, words),
    )
    return tuple(one for one in made if one.lines or one.parts)


def _self(tables: Tables, library: Library, locale: str, strings: Strings) -> Part:
    """Who they are to the tutor, and what is asked of them later."""
    words, lines = strings.mine, list[str]()
    follow_ups: list[Part] = []
    for row in tables.get("learner", ()):
        doc = _document(row)
        lines.append(words.number.format(id=row["id"]))
        for name, said in (("locale", words.language), ("event", words.event)):
            if doc.get(name):
                lines.append(said.format(value=doc[name]))
        for name, one in (doc.get("follow_ups") or {}).items():
            lesson = library.edition(name, locale).lessons.get(name)
            called = _follow_up_names(lesson, strings)
            title = words.follow_up.format(lesson=lesson.title if lesson else name)
            follow_ups.append(Part(title, tuple(_flat(one, called))))
    lines += [
        words.known.format(channel=row["channel"], name=row["external"])
        for row in tables.get("identity", ())
    ]
    return Part(words.you, tuple(lines), tuple(follow_ups))


def _follow_up_names(lesson: Lesson | None, strings: Strings) -> _Names:
    """What the questions that come later are called."""
    asked = lesson.follow_up.model_dump(mode="json") if lesson and lesson.follow_up else {}
    found: dict[str, str] = {}
    _collect(found, asked)
    return _Names(strings, found, {}, asked)


def _lessons(tables: Tables, library: Library, locale: str, strings: Strings) -> Iterator[Part]:
    """Each lesson: how far, and what is kept of each step."""
    words = strings.mine
    for row in tables.get("progress", ()):
        doc = _document(row)
        edition = library.edition(row["lesson"], locale)
        lesson = edition.lessons.get(row["lesson"])
        title = lesson.title if lesson else str(row["lesson"])
        lines = [words.run.format(run=doc.get("run", 1))]
        if doc.get("completed_at"):
            lines.append(words.completed.format(at=_time(doc["completed_at"])))
        steps = tuple(
            _step(lesson, name, record, edition, strings)
            for name, record in (doc.get("records") or {}).items()
        )
        yield Part(words.lesson.format(lesson=title), tuple(lines), steps)


def _step(
    lesson: Lesson | None, name: str, record: Mapping[str, Any], edition: Library, strings: Strings
) -> Part:
    words, step = strings.mine, lesson.step(name) if lesson else None
    status = record.get("status", "new")
    line = words.statuses.get(status, status)
    if record.get("attempts"):
        score = f"{100 * record.get('score', 0.0):.0f}"
        line = words.attempts.format(status=line, attempts=record["attempts"], score=score)
    names, state = _names(lesson, step, edition, strings), record.get("state")
    if isinstance(step, QuizStep) and isinstance(state, dict):
        answers = tuple(_quiz_answers(state, names))
        rest = {key: one for key, one in state.items() if key not in _OF_QUIZ}
        return Part(step.title, (line, *answers, *_flat(rest, names)))
    return Part(step.title if step else name, (line, *_flat(state, names)))


def _quiz_answers(state: Mapping[str, Any], names: _Names) -> Iterator[str]:
    """Each question that was answered, with its answer; the oldest answers may be missing."""
    chosen, right = state.get("chosen") or [], state.get("right") or []
    asked = (state.get("drawn") or [])[: len(right)]
    pairs = zip(asked[len(asked) - len(chosen) :], chosen, right[-len(chosen) :], strict=False)
    for question, options, is_right in pairs if chosen else ():
        within, words = names.within(question), names.strings.mine
        yield words.answered.format(
            question=names.value(question, "question"),
            options=", ".join(within.value(one, "chosen") for one in options),
            outcome=words.values["right" if is_right else "wrong"],
        )


def _happened(tables: Tables, library: Library, locale: str, strings: Strings) -> Part:
    """All facts, in their order."""
    words, lines = strings.mine, list[str]()
    for row in tables.get("fact", ()):
        edition, doc = library.edition(row["lesson"], locale), _document(row)
        lesson = edition.lessons.get(row["lesson"])
        step = lesson.step(row["step"]) if lesson and row.get("step") else None
        about = step.title if step else row.get("step") or (lesson.title if lesson else "")
        what = words.facts.get(str(row["kind"]), str(row["kind"]))
        names = _fact_names(doc, _names(lesson, step, edition, strings), lesson)
        more = _flat({key: one for key, one in doc.items() if key not in _OF_ALL}, names)
        said = words.fact_more if (told := "; ".join(more)) else words.fact
        lines.append(said.format(at=_time(row["at"]), what=what, about=about, more=told))
    return Part(words.happened, tuple(lines))


def _fact_names(doc: Mapping[str, Any], names: _Names, lesson: Lesson | None) -> _Names:
    """The same with what belongs to no step: phases, the eight questions, those that come later."""
    texts = {str(name): tile.question for name, tile in names.strings.questions.tiles.items()}
    if "phase" in doc:
        texts = {one.id: one.title for one in lesson.phases} if lesson else {}
    elif "case" in doc:
        return _follow_up_names(lesson, names.strings).within(str(doc.get("question")))
    elif "question" not in doc:
        return names
    return replace(names, texts={**names.texts, **texts})


def _certificates(tables: Tables, words: MineStrings) -> Part:
    lines = []
    for row in tables.get("certificate", ()):
        doc = _document(row)
        title = (doc.get("claim") or {}).get("title", row["lesson"])
        said = words.certificate if row.get("revoked") is None else words.certificate_revoked
        lines.append(
            said.format(name=doc.get("name", ""), lesson=title, at=_time(row["at"]), id=row["id"])
        )
    return Part(words.certificates, tuple(lines))


def _said(tables: Tables, words: MineStrings) -> Part:
    """What was said, conversation by conversation."""
    names = {row["id"]: str(row["channel"]) for row in tables.get("conversation", ())}
    talks: dict[str, list[str]] = {name: [] for name in names}
    for row in tables.get("activity", ()):
        doc = _document(row)
        text = "\n".join(_words(doc))
        if text:
            who = words.me if (doc.get("from") or {}).get("role") != "bot" else words.tutor
            line = words.utterance.format(at=_time(row["at"]), who=who, text=text)
            talks.setdefault(row["conversation"], []).append(line)
    found = (
        Part(words.conversation.format(channel=names.get(name, "")), tuple(lines))
        for name, lines in talks.items()
    )
    return Part(words.said, (), tuple(found))


def _rest(tables: Tables, words: MineStrings) -> Part:
    """What else there is, counted: models, secrets, what is still to come."""
    lines = tuple(
        words.count.format(count=len(rows), what=words.tables.get(name, name))
        for name, rows in tables.items()
        if rows and name not in _ELSEWHERE
    )
    return Part(words.rest, lines)


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    doc = row.get("doc")
    return doc if isinstance(doc, dict) else {}


def _names(lesson: Lesson | None, step: Step | None, library: Library, strings: Strings) -> _Names:
    """What is called how in a step, its lesson and the world that this plays in."""
    found: dict[str, str] = {}
    whole = step.model_dump(mode="json") if step is not None else {}
    _collect(found, whole)
    if isinstance(step, ChatStep):
        found |= step.faults
    figures = {one.figure: one.label for one in _shown(step)}
    if lesson is None:
        return _Names(strings, found, figures, whole)
    if isinstance(step, ConversationStep):
        of = lesson.step(step.experiment)
        _collect(found, of.model_dump(mode="json") if of else None)
    content = library.simulations.get(lesson.id)
    if isinstance(content, PersonaWorld):
        prompted = content.world.prompted
        named = {
            **{name: one.label for name, one in content.world.intents.items()},
            **{name: one.label for name, one in content.world.segments.items()},
            **{one.id: one.name for one in prompted.instructions},
            **{one.id: one.message for one in prompted.examples},
        }
        for name, text in named.items():
            found.setdefault(name, text)
    return _Names(strings, found, figures, whole)


def _shown(step: Step | None) -> tuple[Shown, ...]:
    return step.shows if isinstance(step, ExperimentStep) else ()


def _of_id(value: object, name: str) -> Iterator[object]:
    """Everything in a document that has this id."""
    if isinstance(value, dict):
        if value.get("id") == name:
            yield value
        for one in value.values():
            yield from _of_id(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from _of_id(one, name)


def _collect(found: dict[str, str], value: object) -> None:
    if isinstance(value, list):
        for one in value:
            _collect(found, one)
    elif isinstance(value, dict):
        told = (value.get(key) for key in ("text", "title", "label", "prompt", "customer"))
        text = next((one for one in told if isinstance(one, str)), None)
        if isinstance(value.get("id"), str) and text:
            found.setdefault(value["id"], _FIGURE.sub("…", text))
        for one in value.values():
            _collect(found, one)


def _flat(value: object, names: _Names, way: str = "", field: str = "") -> Iterator[str]:
    """A document as lines: what is nested is named by the way to it."""
    if isinstance(value, dict) and {"input", "shown"} <= value.keys():
        yield _picked(value, names)
    elif isinstance(value, dict):
        is_by_id = field in stored_names().by_id
        for key, inner in value.items():
            if is_by_id:
                name = _of(names, field, key)
            else:
                name = None if key in INNER else names.field(key)
            if name is not None:
                within = names.within(key) if is_by_id else names
                yield from _flat(inner, within, f"{way}, {name}" if way else name, key)
    elif isinstance(value, list) and all(not isinstance(one, dict | list) for one in value):
        if value:
            yield f"{way}: {', '.join(names.value(one, field) for one in value)}"
    elif isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _flat(one, names, f"{way} {number}", field)
    elif value not in (None, "", False):
        said = names.value(value, field)
        yield f"{way}: {said}" if way else said


def _of(names: _Names, field: str, key: str) -> str | None:
    """What a value by an id is called; None for a figure that its step doesn't show."""
    known = names.figures.get(key) if field == "figures" else names.texts.get(key)
    other = names.strings.mine.values.get(key)
    return known or other or (None if field == "figures" else key)


def _picked(value: Mapping[str, Any], names: _Names) -> str:
    """A choice in a line: what was asked, what was taken, and among what."""
    within, words = names.within(value["input"]), names.strings.mine
    none = words.nothing
    return words.picked.format(
        input=names.value(value["input"], "input"),
        chosen=", ".join(within.value(one, "chosen") for one in value.get("chosen") or ()) or none,
        shown=", ".join(within.value(one, "shown") for one in value["shown"]),
    )


def _words(part: object) -> Iterator[str]:
    """The words of an activity and its cards, line by line, without markup."""
    if isinstance(part, dict) and part.get("type") == "RichTextBlock":
        yield "".join(_words_of_runs(part))
    elif isinstance(part, dict):
        for key, value in part.items():
            if isinstance(value, str):
                if key in ("text", "title", "value") and part.get("type") != "Action.Submit":
                    yield plain(value)
            else:
                yield from _words(value)
    elif isinstance(part, list):
        for one in part:
            yield from _words(one)


def _words_of_runs(block: Mapping[str, Any]) -> Iterator[str]:
    """The pieces of one line, each with a look of its own; a plain one is its text alone."""
    for run in block.get("inlines") or ():
        text = run.get("text") if isinstance(run, dict) else run
        if isinstance(text, str):
            yield plain(text)


def _time(at: object) -> str:
    """An instant, in UTC, as people read it."""
    try:
        moment = (
            datetime.fromtimestamp(at, UTC)
            if isinstance(at, int | float)
            else datetime.fromisoformat(str(at)).astimezone(UTC)
        )
    except (ValueError, OverflowError, OSError):
        return str(at)
    return f"{moment:%Y-%m-%d %H:%M} UTC"
