import pytest

from dialogs.personas import Company


def test_known_messages_are_placed(company: Company) -> None:
    known = [(m, n) for n, i in company.world.intents.items() for m in i.messages]
    right = sum(company.place(m) == n for m, n in known)
    assert right >= 0.97 * len(known)


def test_kept_messages_are_mostly_placed_and_seldom_wrongly(company: Company) -> None:
    kept = [(m, n) for n, i in company.world.intents.items() for m in (*i.validation, *i.customers)]
    placed = [(company.place(m), n) for m, n in kept]
    assert sum(p == n for p, n in placed) >= 0.9 * len(kept)
    assert sum(p not in (n, None) for p, n in placed) <= 0.08 * len(kept)


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("PASSWORD!!!", "login"),
        ("refund??", "refund"),
        ("wheres my pakage", "delivery"),
        ("Thank you in advance, my parcel is late", "delivery"),
        ("Hello, please cancel my subscripton, best regards", "cancel"),
        ("I don\u2019t recognise this charge", "billing"),
        ("thx", "gratitude"),
    ],
)
def test_typos_courtesies_and_single_words_do_no_harm(
    company: Company, message: str, intent: str
) -> None:
    assert company.place(message) == intent


@pytest.mark.parametrize(
    "message", ["", "?", "🙂", "hello", "qwertyuiop", "1234567", "x" * 5000, "\x00", "ßæø 你好"]
)
def test_what_says_nothing_is_not_placed(company: Company, message: str) -> None:
    assert company.place(message) is None
