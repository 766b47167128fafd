"""Personal data: found by what numbers are, not by how they look."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogs.reading.personal import personal_data
from tests.lessons import library

WORDS = library().strings.data.personal
BLIND = yaml.safe_load((Path(__file__).parent / "personal_blind.yaml").read_text("utf-8"))


def kinds(text: str) -> list[str]:
    return [found.kind for found in personal_data(text, WORDS)]


@pytest.mark.parametrize("case", BLIND, ids=lambda case: case["text"][:30])
def test_a_text_written_beforehand(case: dict[str, Any]) -> None:
    assert kinds(case["text"]) == case["kinds"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Contact: anna (at) example (dot) com", "mail"),
        ("anna at example dot com", "mail"),
        ("<bob@example.com>", "mail"),
        ("„bob@example.com“", "mail"),
        ("dial 1-800-555-0199 today", "phone"),
        ("+49 (0)30 901820", "phone"),
        ("030 901820", "phone"),
        ("06 12 34 56 78", "phone"),
        ("tel:+14155552671", "phone"),
        ("WhatsApp 98765 43210", "phone"),
        ("mobil 015123456789", "phone"),
        ("from 01.02.2026 0151 23456789", "phone"),
        ("6011000990139424", "card"),
        ("3782 822463 10005", "card"),
        ("4111 1111 1111 1111 12/27", "card"),
        ("de89370400440532013000", "account"),
        ("BE68 5390 0754 7034 from", "account"),
    ],
)
def test_what_points_to_a_person_is_told_once(text: str, kind: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a@b",
            "We meet at example.com at noon.",
            "good (at) this",
            "I looked at dot com companies",
        ),
        *("2026-11-24T09:00:00Z", "24.12.26 - 31.12.26", "Call before 12.11.2026", "01-02-2026"),
        *(
            "Phone lines are open 09.00-17.00",
            "phone 1200 1800",
            "open 0800-1800 daily",
            "call 911",
        ),
        *("Order #0012345678", "Invoice 030-1234567", "part 415-555-2671", "ticket 030 1234567"),
        *("EAN 4006381333931", "ISBN 3-16-148410-X", "ISBN-10 0-306-40615-2", "078-05-1120"),
        *("300 + 200 - 100 = 400", "1234567890", "12345678901234567890", "1.234.567,89 €"),
        *("4111111111111112", "0000 0000 0000 0000", "1234 5678 9012 3456", "$4,155,552,671"),
        *(
            "DE89 3704 0044 0532 0130 01",
            "AB12 CDEF",
            "MAC 00-14-22-01-23-45",
            "1990-2000-2010",
            "call 911",
        ),
        *(
            "Lat 48.137154, long 11.576124",
            "1.2.3.4.5.6.7.8.9",
            "100 200 300 400",
            "1990-2000-2010",
        ),
        *("Boston, MA 02110-1301", "+35236450.6", "442.7591799 m", "62640-23834 and 94940 37017"),
        *("IP 127.0.0.1:8080", "UUID 123e4567-e89b-12d3-a456-426614174000", "call us in 2026 2027"),
    ],
)
def test_what_only_looks_like_it_is_let_be(text: str) -> None:
    assert kinds(text) == []


def test_each_place_is_told_where_it_stands() -> None:
    text = "Pay DE89 3704 0044 0532 0130 00 please, or call +1 425 555 0100."
    found = personal_data(text, WORDS)
    told = [text[one.start : one.end] for one in found]
    assert told == ["DE89 3704 0044 0532 0130 00", "+1 425 555 0100"]
