"""Chats' shorthand, drawn-out letters and slips are read as the words that they stand for."""

import pytest

from dialogs.reading.shorthand import written_out
from dialogs.reading.talk import talk_in


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("idk", "i don't know"),
        ("TY!!", "thank you"),
        ("whats this", "what is this"),
        ("sooo boooring", "so boring"),
        ("cooool", "cool"),
        ("hnit plz", "hint please"),
        ("jsut show me", "just show me"),
        ("kp", "ich habe keine ahnung"),
        ("Where is my refund?", "where is my refund"),
        ("a trial of 40 lines", "a trial of 40 lines"),
    ],
)
def test_words_are_written_out(typed: str, meant: str) -> None:
    assert written_out(typed).lower() == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("brb", "rest"),
        ("gtg", "rest"),
        ("ta", "thanks"),
        ("idk", "lost"),
        ("???", "lost"),
        ("what's that", "lost"),
        ("is this graded?", "wrong"),
        ("kp", "lost"),
        ("...", None),
    ],
)
def test_what_is_typed_in_haste_is_understood(said: str, meant: str | None) -> None:
    assert talk_in(said) == meant
