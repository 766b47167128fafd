"""`python -m tests.unit.cards.channels` writes the table of docs/channels.md: what is seen where.

The table is read from the cards of whole lessons, so it says what is, not what was meant.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cards import Surface
from content.lesson import KINDS
from dialogs.tutor import Tutor
from dialogs.values.replies import (
    Arrange,
    Block,
    Message,
    Number,
    PickInto,
    Select,
    Write,
    WriteJsonl,
)
from tests import lessons
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import play
from tests.rendering import rendered
from tests.unit.cards.samples import EMULATOR, EVERYWHERE, LINKS, OWN_PAGE, TEAMS, TEXT_ONLY

PAGE = Path(__file__).parents[3] / "docs" / "channels.md"
COLUMNS: dict[str, Surface] = {
    "own page, embedded": OWN_PAGE,
    "Teams": TEAMS,
    "Emulator, Playground": EMULATOR,
    "Web Chat": EVERYWHERE,
    "words alone (SMS, Slack …)": TEXT_ONLY,
}
# What a learner sees of an element; what every card has is not worth a word.
SEEN = {
    "Tutor.Pick": "lists to move items between",
    "Tutor.Order": "a list to put in order",
    "Tutor.Jsonl": "a field that checks while one types",
    "Tutor.File": "a place to drop a file",
    "Tutor.Frames": "a demonstration to step through",
    "Tutor.Demonstration": "a picture to play",
    "Tutor.Curves": "curves that are drawn",
    "Tutor.Screen": "a screen to fill in",
    "Tutor.Job": "a job that moves",
    "Tutor.Bars": "bars in the page's colours",
    "Tutor.Sides": "answers side by side",
    "Tutor.Table": "a table of figures",
    "Chart.Line": "Teams' line chart",
    "Chart.VerticalBar.Grouped": "Teams' bar chart",
    "Input.ChoiceSet": "numbered choices",
    "menus": "menus",
    "Input.Text": "a text field",
    "Input.Number": "number fields",
    "Image": "pictures",
    "Tutor.Scores": "scores as bars",
    "Tutor.Panels": "small pictures side by side",
    "Action.ShowCard": "details that unfold",
    "Action.ToggleVisibility": "lines that unfold",
    "suggestedActions": "suggestions to tap",
    "said": "suggestions to press",
    "text": "text, suggestions to tap",
}
FORMS: dict[type[Block], str] = {
    Select: "`2` or `1, 3`",
    PickInto: "`2` or `1, 3`",
    Arrange: "`3 1 2 4 …`",
    Number: "the numbers",
    Write: "the words themselves",
    WriteJsonl: "the line of JSONL",
}
OTHERS = {
    "start": "`begin`",
    "chat": "the words themselves",
    "conversation": "the words themselves",
}
TABLE = re.compile(r"^\| kind of step .*?\n\n", re.DOTALL | re.MULTILINE)


def messages(tutor: Tutor) -> Iterator[tuple[str, Message]]:
    """Every message of both lessons, with the kind of step that it is about."""
    for lesson in tutor.lessons:
        room = Classroom(tutor, lesson.id)
        play(room)
        for one in room.transcript:
            if isinstance(one, Message):
                step = lesson.step(one.stamp.step) if one.stamp else None
                yield step.kind if step else "", one
                if one.instead is not None:
                    yield step.kind if step else "", one.instead


def elements(part: Any) -> Iterator[str]:
    """What there is to see in an activity; fallbacks are for others."""
    if isinstance(part, dict):
        kind = part.get("type")
        if kind == "Input.ChoiceSet" and part.get("style") == "compact":
            yield "menus"
        elif kind == "ActionSet" and any("data" in a for a in part["actions"]):
            yield "said"
        elif isinstance(kind, str):
            yield kind
        if part.get("suggestedActions"):
            yield "suggestedActions"
        for name, value in part.items():
            if name != "fallback":
                yield from elements(value)
    elif isinstance(part, list):
        for value in part:
            yield from elements(value)


def table(tutor: Tutor) -> str:
    """The table's rows: a kind of step in each."""
    seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    typed: dict[str, set[str]] = defaultdict(set)
    for kind, message in messages(tutor):
        typed[kind] |= {FORMS[type(b)] for b in message.blocks if type(b) in FORMS}
        for column, surface in COLUMNS.items():
            for activity in rendered([message], surface, LINKS):
                if not surface.cards:
                    seen[kind][column].add("text")
                else:
                    seen[kind][column] |= set(elements(activity))
    lines = [
        f"| kind of step | {' | '.join(COLUMNS)} | typed |",
        f"|---|{'---|' * len(COLUMNS)}---|",
    ]
    for kind in KINDS:
        cells = [
            ", ".join(words for name, words in SEEN.items() if name in seen[kind][column])
            or "words"
            for column in COLUMNS
        ]
        ways = OTHERS.get(kind) or ", ".join(sorted(typed[kind])) or "`next`"
        lines.append(f"| {kind} | {' | '.join(cells)} | {ways} |")
    return "\n".join(lines)


def page() -> str:
    """The page with its first table as it has to be."""
    made = f"{table(lessons.tutor())}\n\n"
    return TABLE.sub(lambda _: made, PAGE.read_text("utf-8"), count=1)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE.name} is written\n")
