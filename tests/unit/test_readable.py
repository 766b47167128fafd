"""A learner's data as a page to be read: lines as they were shown, and words for every name."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from bot.page import readable
from bot.page.readable import INNER, Part, Tables
from bot.page.stored_names import stored_names
from content.lesson import QuizStep
from content.loader import Library
from dialogs.tutor import Tutor
from dialogs.values.facts import Fact
from dialogs.values.progress import Progress
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import play
from tests.lessons import library as shipped

LOCALES = ["en", "de"]
LESSONS = sorted(shipped().lessons)

MAIN = "polite-chatbot"


def test_what_was_said_keeps_its_lines(library: Library) -> None:
    body = [
        {
            "type": "RichTextBlock",
            "inlines": [{"type": "TextRun", "text": "Goal"}, ": **polite** replies"],
        },
        {"type": "TextBlock", "text": "Choose **one**."},
    ]
    doc = {"from": {"role": "bot"}, "attachments": [{"content": {"body": body}}]}
    tables: Tables = {
        "conversation": [{"id": "talk", "channel": "page"}],
        "activity": [{"conversation": "talk", "at": 0, "doc": doc}],
    }
    (said,) = readable.parts(tables, library, "en")
    (talk,) = said.parts
    assert talk.lines == ("1970-01-01 00:00 UTC · The tutor: Goal: polite replies\nChoose one.",)


def test_a_fact_of_which_nothing_more_is_known_ends_with_what_it_is_about(library: Library) -> None:
    row = {"lesson": MAIN, "kind": "lesson-started", "at": 0, "step": None}
    tables: Tables = {"fact": [{**row, "doc": {"version": "v"}}, {**row, "doc": {"score": 0.5}}]}
    (happened,) = readable.parts(tables, library, "de")
    title = library.edition(MAIN, "de").lessons[MAIN].title
    begun = f"1970-01-01 00:00 UTC · Lektion begonnen · {title}"
    assert happened.lines == (begun, f"{begun} · Ergebnis: 50 %")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_field_that_is_stored_has_a_word(library: Library, locale: str) -> None:
    words = library.languages[locale].strings.mine
    assert stored_names().fields - INNER <= words.fields.keys()
    kinds = {fact.model_fields["kind"].default for fact in get_args(get_args(Fact)[0])}
    assert kinds <= words.facts.keys()


def kept_of(room: Classroom) -> Tables:
    """What the store would hold of a learner's lesson."""
    progress = TypeAdapter(Progress).dump_python(room.progress, mode="json")
    facts = [json.loads(fact.model_dump_json()) for fact in room.facts]
    return {
        "progress": [{"lesson": room.progress.lesson, "doc": progress}],
        "fact": [
            {key: doc.get(key) for key in ("lesson", "kind", "at", "step")} | {"doc": doc}
            for doc in facts
        ],
    }


def keys(value: object) -> Iterator[str]:
    """All names in a document."""
    if isinstance(value, dict):
        yield from map(str, value)
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from keys(inner)


def records(row: Mapping[str, Any]) -> Collection[Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = row["doc"]["records"]
    return found.values()


def lines(part: Part) -> Iterator[str]:
    yield from part.lines
    for one in part.parts:
        yield from lines(one)


@pytest.fixture(scope="module", params=LESSONS)
def done(request: pytest.FixtureRequest, tutor: Tutor) -> Classroom:
    """A learner who did a whole lesson."""
    room = Classroom(tutor, request.param)
    play(room)
    return room


@pytest.mark.parametrize("locale", LOCALES)
def test_who_did_a_whole_lesson_reads_no_raw_name(
    done: Classroom, library: Library, locale: str
) -> None:
    tables, words = kept_of(done), library.languages[locale].strings.mine
    told = [line for part in readable.parts(tables, library, locale) for line in lines(part)]
    assert len(told) > 10
    said = {*words.fields.values(), *words.values.values()}
    states = [one.get("state") for row in tables["progress"] for one in records(row)]
    raw = {name for doc in (*states, *(row["doc"] for row in tables["fact"])) for name in keys(doc)}
    raw -= said
    for line in told:
        named = [piece.strip() for piece in re.split(r"[·;,:(]", line) if ":" in line]
        labels = [re.sub(r" \d+$", "", one) for one in named]
        assert not raw & set(labels[:-1]), line
        assert not re.search(r"\b[0-9a-f]{16,}\b| › |\{\w+\}", line), line


def test_an_answer_of_a_quiz_is_read_by_its_own_question(library: Library) -> None:
    quiz = library.lessons[MAIN].steps_of(QuizStep)[0]
    row = {"lesson": MAIN, "kind": "step-answered", "at": 0, "step": quiz.id}
    question = quiz.bank[3]
    picked = {"input": question.id, "shown": ["a", "b"], "chosen": ["b"]}
    tables: Tables = {"fact": [{**row, "doc": {"picks": [picked]}}]}
    (happened,) = readable.parts(tables, library, "en")
    a, b = (next(o.text for o in question.options if o.id == name) for name in "ab")
    assert f"{question.prompt}: {b} (of: {a}, {b})" in happened.lines[0]


def test_a_setting_is_read_by_its_own_options(library: Library) -> None:
    trial = {
        "values": {"weights": ["all"], "history": ["all"]},
        "figures": {"own": 0.5, "inner": 1},
    }
    record = {"status": "tried", "state": {"trials": [trial]}}
    doc = {"records": {"tune": record}}
    tables: Tables = {"progress": [{"lesson": "multi-turn", "doc": doc}]}
    ((told,),) = (one.parts for one in readable.parts(tables, library, "de"))
    assert told.lines[1:] == (
        "Versuch 1, eingestellt, Was gelernt wird: Jede Antwort",
        "Versuch 1, eingestellt, Die Anwendung schickt: Das ganze Gespräch",
        "Versuch 1, Kennzahlen, Dein Gespräch: 0,5",
    )
