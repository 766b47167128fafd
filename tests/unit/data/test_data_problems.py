"""One flawed conversation among good ones: named, whatever the seed, and never called sound."""

import pytest

from content.lesson import Conversation, QualityStep
from dialogs.steps import quality
from dialogs.tutor import Tutor
from dialogs.values.replies import Bullets
from dialogs.values.scene import Noted
from dialogs.work.data_problems import data_faults, data_problems
from dialogs.work.training_set import Written, examples
from tests.given import pressed
from tests.unit.data.conftest import Desk

SEEDS = (7, 19, 24)
FLAWED = {
    "curt-order": "mixed-tone",
    "rude-refund": "hostile",
    "empty-bill": "helpfulness",
    "promise-parcel": "claimed",
    "jargon-login": "jargon",
    "wrong-hours": "astray",
    "personal-card": "personal-data",
    "mixed-tone": "mixed-tone",
    "off-topic": "mixed-tone",
}


def conversation(desk: Desk, name: str) -> Conversation:
    return next(c for c in desk.selecting.conversations if c.id == name)


def laid_out(tutor: Tutor, seed: int, *flawed: str) -> Desk:
    """The desk of who chose all good conversations and these, and wrote three lines."""
    desk = Desk(tutor, tutor.library.lessons["polite-chatbot"], seed)
    return desk.choose(*desk.good, *(conversation(desk, f) for f in flawed)).write()


def problems(desk: Desk) -> dict[str, tuple[int, ...]]:
    found = data_problems(desk.scene(desk.lesson.steps_of(QualityStep)[0]))
    return {p.about or p.kind: p.lines for p in found}


def test_each_flawed_conversation_of_the_lesson_is_tried(desk: Desk) -> None:
    assert {c.id for c in desk.selecting.conversations if not c.good} == set(FLAWED)


@pytest.mark.parametrize("seed", range(8))
def test_the_good_ones_alone_are_sound(tutor: Tutor, seed: int) -> None:
    assert problems(laid_out(tutor, seed)) == {}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("flawed", "flaw"), FLAWED.items())
def test_one_flawed_conversation_among_nine_good_ones_is_named(
    tutor: Tutor, flawed: str, flaw: str, seed: int
) -> None:
    desk = laid_out(tutor, seed, flawed)
    found = problems(desk)
    brought = conversation(desk, flawed).variants
    assert len(found["unfit"]) == brought
    assert set(found[flaw]) <= set(found["unfit"])
    step = desk.lesson.steps_of(QualityStep)[0]
    told = " ".join(data_faults(desk.scene(step)))
    assert conversation(desk, flawed).title in told
    for point in step.checks:
        right = quality.puzzle(point, desk.scene(step)).right
        outcome = quality.answer(step, desk.scene(step), pressed("answer", {"picked": right}))
        assert isinstance(outcome, Noted), "never passed"
        desk.keep(step, outcome.state, status="tried")
        last = outcome
    listed = [i for b in last.blocks if isinstance(b, Bullets) for i in b.items]
    assert last.waive
    assert tuple(listed) == data_faults(desk.scene(step))


def test_the_same_choice_gives_neighbours_the_same_problems(tutor: Tutor) -> None:
    for flawed in FLAWED:
        kinds = {frozenset(problems(laid_out(tutor, seed, flawed))) for seed in SEEDS}
        assert len(kinds) == 1, (flawed, kinds)


@pytest.mark.parametrize(
    ("private", "kind"),
    [
        ("My card is 4111 1111 1111 1111.", "a card number"),
        ("Write to anna.berg@example.com, please.", "an e-mail address"),
        ("You can call me at +44 20 7946 0958.", "a telephone number"),
        ("My account is DE89 3704 0044 0532 0130 00.", "a bank account's number"),
    ],
)
def test_personal_data_is_named_with_its_line_on_either_side(
    tutor: Tutor, private: str, kind: str
) -> None:
    for message, reply in (
        (
            f"Does it come in another colour? {private}",
            "Thank you for asking! The product page shows them all.",
        ),
        (
            "Does it come in another colour?",
            f"Thank you for asking! The product page shows them all. {private}",
        ),
    ):
        desk = laid_out(tutor, 3)
        step = desk.writing[-1]
        desk.keep(step, Written(message=message, reply=reply), status="passed")
        at = len(examples(desk.lesson, desk.progress, desk.company))
        assert problems(desk)["personal-data"] == (at - 1,)
        told = data_faults(desk.scene(step))
        assert any(kind in t and f"line {at}" in t for t in told), told
