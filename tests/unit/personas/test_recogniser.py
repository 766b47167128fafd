import pytest
import yaml

from dialogs.simulations.persona import Company
from tests.unit.personas.conftest import HERE


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
        # Of two matters the nearer one; words of a known phrase are no strangers.
        ("you people charged me twice!!!", "billing"),
        ("My drill stopped working", "product"),
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


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("paraphrases_later.yaml", 0.8, 0.08),
        ("paraphrases_blind.yaml", 0.8, 0.08),
        ("paraphrases_blind_dev.yaml", 0.8, 0.08),
        ("paraphrases_second.yaml", 0.8, 0.08),
    ],
)
def test_other_words_than_the_known_ones_are_mostly_placed(
    company: Company, name: str, right: float, wrong: float
) -> None:
    told = yaml.safe_load((HERE / name).read_text("utf-8"))
    foreign = told.pop("elsewhere")
    placed = [(company.place(m), n) for n, messages in told.items() for m in messages]
    assert sum(p == n for p, n in placed) >= right * len(placed)
    assert sum(p not in (n, None) for p, n in placed) <= wrong * len(placed)
    assert sum(company.place(m) is None for m in foreign) >= 0.8 * len(foreign)
