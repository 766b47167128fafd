"""Which language a text is in: named only where that is sure."""

import pytest

from dialogs.reading.language import LANGUAGES, language_of
from tests.unit.reading.test_placing import MESSAGES


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my package?", "en"),
        ("Wie lange dauert der Versand nach Wien?", "de"),
        ("¿Cuánto cuesta el envío a Madrid?", "es"),
        ("Où est mon colis, s'il vous plaît ?", "fr"),
        ("Dove posso trovare la fattura del mio ordine?", "it"),
        ("Waar blijft mijn pakket?", "nl"),
        ("Gdzie jest moja paczka?", "pl"),
        ("Quando chega a minha encomenda?", "pt"),
        ("Где моя посылка?", "ru"),
        ("Siparişim nerede kaldı?", "tr"),
        ("私の荷物はどこですか", "ja"),
        ("我的包裹在哪里", "zh"),
        ("내 소포는 어디에 있나요", "ko"),
        ("พัสดุของฉันอยู่ที่ไหน", "th"),
        ("أين طردي", "ar"),
    ],
)
def test_a_sentence_tells_its_language(text: str, language: str) -> None:
    assert language_of(text) == language
    assert language in LANGUAGES


@pytest.mark.parametrize(
    "text",
    ["", "?", "🙂", "4711", "hm", "ok", "asdf jkl", "x" * 5000, "xyzzy", "qwrtz uiop"],
)
def test_what_tells_none_is_of_none(text: str) -> None:
    assert language_of(text) is None


def test_what_customers_write_is_seldom_taken_for_another_language() -> None:
    english = [text for text, _ in MESSAGES["inside"]] + MESSAGES["outside"]
    assert sum(language_of(text) not in ("en", None) for text in english) <= 1
    named = [language_of(text) == language for language, text, _ in MESSAGES["foreign"]]
    assert sum(named) >= 0.8 * len(named)
