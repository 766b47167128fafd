"""A learner's data as a page to be read: lines as they were shown, and no empty ends."""

from bot.page import readable
from bot.page.readable import Tables
from content.loader import Library

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
    assert happened.lines == (begun, f"{begun} · score: 0.5")
