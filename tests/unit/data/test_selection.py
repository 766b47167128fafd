"""Choosing the training set: judged with reasons, experiments allowed, nothing lost."""

import pytest

from content.lesson import Conversation
from dialogs.steps import selection
from dialogs.values.replies import Block, Bullets, Details, Item, PickInto
from dialogs.values.scene import Judged, Noted, Unclear
from dialogs.work.requirements import is_complete, may_leave
from tests.given import pressed, said
from tests.unit.data.conftest import Desk


def answer(desk: Desk, *conversations: Conversation) -> Judged:
    picked = ",".join(c.id for c in conversations)
    given = pressed("answer", {"picked": picked})
    outcome = selection.answer(desk.selecting, desk.scene(desk.selecting), given)
    assert isinstance(outcome, Judged)
    return outcome


def told(blocks: tuple[Block, ...]) -> str:
    found = [b for b in blocks if isinstance(b, Details)]
    inner = [b for d in found for b in d.blocks if isinstance(b, Bullets)]
    return "\n".join(i for b in inner for i in b.items)


def unfit(desk: Desk) -> list[Conversation]:
    return [c for c in desk.selecting.conversations if not c.good]


def shown(desk: Desk) -> tuple[Item, ...]:
    blocks = selection.present(desk.selecting, desk.scene(desk.selecting)).blocks
    return next(b for b in blocks if isinstance(b, PickInto)).items


def test_there_is_a_real_choice(desk: Desk) -> None:
    assert len(desk.selecting.conversations) >= 14
    flaws = {c.character for c in unfit(desk)}
    assert flaws >= {"curt", "rude", "empty", "wrong", "jargon", "promise", "contradictory"}


def test_good_ones_alone_pass_from_the_minimum_on(desk: Desk) -> None:
    assert answer(desk, *desk.good).score == 1.0
    assert answer(desk, *desk.good[: desk.selecting.minimum]).passed
    assert not answer(desk, *desk.good[: desk.selecting.minimum - 1]).passed


def test_a_single_unfit_one_fails(desk: Desk) -> None:
    for one in unfit(desk):
        outcome = answer(desk, *desk.good, one)
        assert not outcome.passed
        assert outcome.score < 1
        assert any(one.why in i for b in outcome.blocks if isinstance(b, Bullets) for i in b.items)


def test_a_miss_explains_what_was_chosen_and_a_pass_explains_all(desk: Desk) -> None:
    tried = answer(desk, *desk.good[:2], *unfit(desk)[:5])
    here = {i for b in tried.blocks if isinstance(b, Bullets) for i in b.items}
    why = told(tried.blocks) + "".join(here)
    chosen = {*desk.good[:2], *unfit(desk)[:5]}
    assert {c for c in desk.selecting.conversations if c.why in why} == chosen
    why = told(answer(desk, *desk.good).blocks)
    assert all(c.why in why for c in desk.selecting.conversations)


def test_typed_numbers_mean_what_was_shown(desk: Desk) -> None:
    places = [n for n, i in enumerate(shown(desk), 1) if i.id in {c.id for c in desk.good}]
    typed = said(", ".join(map(str, places)))
    outcome = selection.answer(desk.selecting, desk.scene(desk.selecting), typed)
    assert isinstance(outcome, Judged)
    assert outcome.passed


@pytest.mark.parametrize("text", ["", "99", "the nice ones", "0"])
def test_an_unreadable_choice_costs_nothing(desk: Desk, text: str) -> None:
    outcome = selection.answer(desk.selecting, desk.scene(desk.selecting), said(text))
    assert isinstance(outcome, Unclear)


def test_an_experiment_lets_go_on_and_leaves_the_phase_open(desk: Desk) -> None:
    step, rude = desk.selecting, unfit(desk)[0]
    scene = desk.scene(step)
    untried = selection.answer(step, scene, pressed("experiment", {"picked": rude.id}))
    assert isinstance(untried, Judged), "nothing is waved through before it was judged"
    desk.keep(step, answer(desk, rude).state, status="tried")
    outcome = selection.answer(step, desk.scene(step), pressed("experiment", {}))
    assert isinstance(outcome, Noted)
    assert outcome.waive
    desk.keep(step, outcome.state, status="tried", waived=True)
    assert may_leave(step, desk.progress)
    phase = desk.lesson.phase_of(step.id)
    assert phase
    assert not is_complete(phase, desk.progress)


def test_a_sound_set_is_judged_even_when_sent_as_an_experiment(desk: Desk) -> None:
    step = desk.selecting
    desk.keep(step, answer(desk, unfit(desk)[0]).state, status="tried")
    values = {"picked": ",".join(c.id for c in desk.good)}
    outcome = selection.answer(step, desk.scene(step), pressed("experiment", values))
    assert isinstance(outcome, Judged)
    assert outcome.passed


def test_the_former_choice_is_there_again(desk: Desk) -> None:
    desk.choose(*desk.good[:3])
    blocks = selection.present(desk.selecting, desk.scene(desk.selecting)).blocks
    field = next(b for b in blocks if isinstance(b, PickInto))
    assert set(field.value) == {c.id for c in desk.good[:3]}
    assert (field.source, field.target) == ("Conversations", "Training Set")
