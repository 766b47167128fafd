"""Sentences as people write them: sloppily, with abbreviations, in many languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading.sentences import MOST, sentences

CASES = {
    "Hi. my parcel is late. when does it come": 3,
    "It costs 3.50 EUR. Why?!  Really": 3,
    "Thanks.It is fine.": 2,
    "Mr. Smith sent e.g. a tent. It broke!": 2,
    "I need item No. 5. It is blue.": 2,
    "1. First do this. 2. Then do that.": 2,
    "Ich warte seit dem 3. Mai. Wo ist z.B. mein Paket?": 2,
    "Is it U.S. made? J. Doe asks.": 2,
    "小包はどこですか。まだ届きません！": 2,
    "one\n\n- two\n- three": 3,
    'I waited... "No!" he said.': 3,
    "ok. no. yes.": 3,
    "It broke!!! 😡😡": 1,
    "I want my money back": 1,
    "see www.contoso.com or mail me at a.b@c.de": 1,
    "...": 1,
    "  ": 0,
}


@pytest.mark.parametrize(("text", "count"), CASES.items())
def test_sentences_end_where_people_end_them(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@given(st.text(alphabet="aB1.!?… \n。'😡", max_size=200))
def test_nothing_of_a_text_is_lost_or_added(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(one == one.strip() != "" for one in found)


def test_the_sentences_of_a_text_are_bounded() -> None:
    assert len(sentences("No. way! " * 5000)) == MOST
