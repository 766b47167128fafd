"""A learner's data as a person reads it: titles for ids, words for codes, the newest last."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cards.markup import plain
from content.lesson import Lesson, Step
from content.loader import Library
from content.strings import MineStrings

Rows = Sequence[Mapping[str, Any]]
Tables = Mapping[str, Rows]

# Keys of a document that say nothing to a person: they are in the JSON.
_INNER = frozenset({"seed", "ticket", "accepted", "digest", "form", "kind"})
_ELSEWHERE = ("learner", "progress", "identity", "fact", "certificate", "activity", "conversation")


@dataclass(frozen=True)
class Part:
    """A heading, what stands below it line by line, and parts below that one."""

    title: str
    lines: tuple[str, ...] = ()
    parts: tuple["Part", ...] = ()


def parts(tables: Tables, library: Library, locale: str) -> tuple[Part, ...]:
    """All that is kept, as headings and lines in a language."""
    words = library.languages[locale].strings.mine
    made = (
        _self(tables, words),
        *_lessons(tables, library, locale, words),
        _happened(tables, library, locale, words),
        _certificates(tables, words),
        _said(tables, words),
        _rest(tables, words),
    )
    return tuple(one for one in made if one.lines or one.parts)


def _self(tables: Tables, words: MineStrings) -> Part:
    """Who they are to the tutor, and what is asked of them later."""
    lines = []
    follow_ups: list[Part] = []
    for row in tables.get("learner", ()):
        doc = _document(row)
        lines.append(words.number.format(id=row["id"]))
        for name, said in (("locale", words.language), ("event", words.event)):
            if doc.get(name):
                lines.append(said.format(value=doc[name]))
        follow_ups += [
            Part(words.follow_up.format(lesson=name), tuple(_flat(one)))
            for name, one in (doc.get("follow_ups") or {}).items()
        ]
    lines += [
        words.known.format(channel=row["channel"], name=row["external"])
        for row in tables.get("identity", ())
    ]
    return Part(words.you, tuple(lines), tuple(follow_ups))


def _lessons(tables: Tables, library: Library, locale: str, words: MineStrings) -> Iterator[Part]:
    """Each lesson: how far, and what is kept of each step."""
    for row in tables.get("progress", ()):
        doc = _document(row)
        lesson = library.edition(row["lesson"], locale).lessons.get(row["lesson"])
        title = lesson.title if lesson else str(row["lesson"])
        lines = [words.run.format(run=doc.get("run", 1))]
        if doc.get("completed_at"):
            lines.append(words.completed.format(at=_time(doc["completed_at"])))
        steps = tuple(
            _step(lesson, name, record, words)
            for name, record in (doc.get("records") or {}).items()
        )
        yield Part(words.lesson.format(lesson=title), tuple(lines), steps)


def _step(lesson: Lesson | None, name: str, record: Mapping[str, Any], words: MineStrings) -> Part:
    step = lesson.step(name) if lesson else None
    status = record.get("status", "new")
    line = words.statuses.get(status, status)
    if record.get("attempts"):
        score = f"{100 * record.get('score', 0.0):.0f}"
        line = words.attempts.format(status=line, attempts=record["attempts"], score=score)
    kept = tuple(_flat(record.get("state"), _texts(step)))
    return Part(step.title if step else name, (line, *kept))


def _happened(tables: Tables, library: Library, locale: str, words: MineStrings) -> Part:
    """All facts, in their order."""
    lines = []
    for row in tables.get("fact", ()):
        doc = _document(row)
        lesson = library.edition(row["lesson"], locale).lessons.get(row["lesson"])
        step = lesson.step(row["step"]) if lesson and row.get("step") else None
        about = step.title if step else row.get("step") or (lesson.title if lesson else "")
        what = words.facts.get(str(row["kind"]), str(row["kind"]))
        known = {"lesson", "run", "at", "step", "kind", "version"}
        more = _flat({k: v for k, v in doc.items() if k not in known}, _texts(step))
        said = words.fact_more if (told := "; ".join(more)) else words.fact
        lines.append(said.format(at=_time(row["at"]), what=what, about=about, more=told))
    return Part(words.happened, tuple(lines))


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


def _texts(step: Step | None) -> Mapping[str, str]:
    """What a step calls its options, items and questions, by their ids."""
    found: dict[str, str] = {}
    if step is not None:
        _collect(found, step.model_dump(mode="json"))
    return found


def _collect(found: dict[str, str], value: object) -> None:
    if isinstance(value, list):
        for one in value:
            _collect(found, one)
    elif isinstance(value, dict):
        told = (value.get(key) for key in ("text", "title", "label", "prompt"))
        text = next((one for one in told if isinstance(one, str)), None)
        if isinstance(value.get("id"), str) and text:
            found.setdefault(value["id"], text)
        for one in value.values():
            _collect(found, one)


def _flat(value: object, texts: Mapping[str, str] | None = None, name: str = "") -> Iterator[str]:
    """A document as lines: what is nested is named by the way to it, ids by their words."""
    known = texts or {}
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _INNER:
                way = f"{name} › {known.get(key, key)}" if name else known.get(key, key)
                yield from _flat(inner, known, way)
    elif isinstance(value, list) and all(not isinstance(one, dict | list) for one in value):
        if value:
            yield f"{name}: {', '.join(_word(one, known) for one in value)}"
    elif isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _flat(one, known, f"{name} {number}")
    elif value not in (None, "", False):
        yield f"{name}: {_word(value, known)}" if name else _word(value, known)


def _word(value: object, known: Mapping[str, str]) -> str:
    return known.get(value, value) if isinstance(value, str) else json.dumps(value)


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
