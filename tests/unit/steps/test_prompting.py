"""The prompting step: what is chosen is tried and kept, by pressing and by typing."""

import pytest

from dialogs.simulations.persona import EvaluationRecipe, Prompting
from dialogs.values.replies import Code, Details, Sides
from dialogs.values.turn import Compute
from tests.unit.conftest import At, WithModel
from tests.unit.steps.practice import Practice, Seen

USUAL = {"instructions": ("brief",), "examples": ()}
BOTH = {"instructions": ("brief",), "examples": ("renew",)}
OFFICIAL = "contingent upon"
PLAIN = "tap Renew"


def sides(seen: Seen) -> list[dict[str, str]]:
    """What was said to each message, by who said it."""
    blocks = [b for m in seen.messages for b in m.blocks]
    return [{s.title: s.text for s in b.sides} for b in blocks if isinstance(b, Sides)]


def prompt(learner: Practice) -> str:
    """The prompt as the card shows it."""
    inside = (b for d in learner.blocks if isinstance(d, Details) for b in d.blocks)
    return next(b.text for b in inside if isinstance(b, Code))


def kept(learner: Practice) -> object:
    state = learner.record("rival").state
    return state["kept"] if isinstance(state, dict) else None


def test_a_good_choice_is_made_already_and_the_prompt_is_shown(at: At) -> None:
    learner = at("rival")
    assert learner.inputs == USUAL
    assert prompt(learner).startswith("system: You answer visitors")
    learner.press("try", **BOTH)
    system, user, assistant = prompt(learner).splitlines()
    assert system.startswith("system: You answer visitors")
    assert system.endswith("Be brief and use plain words.")
    assert user == "user: Can I keep a book for another week?"
    assert assistant.startswith("assistant: You can keep it longer")


def test_one_press_keeps_it(at: At) -> None:
    learner = at("rival")
    seen = learner.press(**learner.inputs)
    assert (seen.outcome, seen.score, seen.counts) == ("passed", 1.0, (1, 0))
    assert "Kept it is." in seen.said
    assert "tokens" in seen.said
    assert kept(learner) == {"instructions": ["brief"], "examples": []}


def test_trying_shows_both_rivals_replies_to_each_message_and_keeps_nothing(at: At) -> None:
    learner = at("rival")
    seen = learner.press("try", examples=("renew",))
    assert (seen.outcome, seen.counts, kept(learner)) == ("noted", (0, 0), None)
    first, second = sides(seen)
    assert list(first) == list(second) == ["With prompt", "With examples"]
    assert OFFICIAL in first["With prompt"]
    assert PLAIN in first["With examples"]


def test_what_was_tried_is_what_the_card_holds_next(at: At) -> None:
    learner = at("rival")
    learner.press("try", instructions=("formal",), examples=())
    assert learner.inputs == {"instructions": ("formal",), "examples": ()}
    assert "Be formal." in prompt(learner)
    learner.type("keep")
    assert kept(learner) == {"instructions": ["formal"], "examples": []}


def test_the_words_of_a_button_press_it_as_the_card_holds(at: At) -> None:
    learner = at("rival")
    learner.press("try", instructions=("formal",))
    assert OFFICIAL in str(sides(learner.type("try it")))
    learner.type("Keep this prompt")
    assert kept(learner) == {"instructions": ["formal"], "examples": []}


def test_without_examples_there_is_one_rival(at: At) -> None:
    (first, _) = sides(at("rival").press("try", instructions=("brief",)))
    assert list(first) == ["With prompt"]


@pytest.mark.parametrize("way", ["typed", "pressed"])
def test_with_nothing_chosen_it_is_the_base_word_for_word(at: At, way: str) -> None:
    learner = at("rival")
    learner.press("try", instructions=("formal",))
    said = sides(learner.type("none") if way == "typed" else learner.press("try"))
    base = [learner.company.base.reply(q).text for q in learner.step.queries]  # type: ignore[attr-defined]
    assert [s["With prompt"] for s in said] == base


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        pytest.param({"instructions": ("formal",)}, "Formal is what", id="an instruction"),
        pytest.param({"examples": ("notice",)}, "office words that you want", id="an example"),
        pytest.param({"instructions": ("brief",), "examples": ("renew",)}, "", id="good ones"),
    ],
)
@pytest.mark.parametrize("do", ["try", "answer"])
def test_what_does_no_good_is_explained(
    at: At, do: str, chosen: dict[str, tuple[str, ...]], told: str
) -> None:
    seen = at("rival").press(do, **chosen)
    assert seen.outcome in {"noted", "passed"}, "a bad prompt may be kept: its figures will tell"
    if told:
        assert told in seen.said
    else:
        assert "–" not in seen.said


@pytest.mark.parametrize(
    ("text", "tried"),
    [
        ("2", {"instructions": ["formal"], "examples": []}),
        ("1, 2", {"instructions": ["brief", "formal"], "examples": []}),
        ("2 1", {"instructions": ["brief", "formal"], "examples": []}),
        ("be formal", {"instructions": ["formal"], "examples": []}),
        ("instructions 2", {"instructions": ["formal"], "examples": []}),
        ("none", {"instructions": [], "examples": []}),
        ("examples 2", {"instructions": ["brief"], "examples": ["notice"]}),
        ("examples 1 and 2", {"instructions": ["brief"], "examples": ["renew", "notice"]}),
        ("examples none", {"instructions": ["brief"], "examples": []}),
        ("try it", {"instructions": ["brief"], "examples": []}),
    ],
)
def test_typed_choices_are_tried(at: At, text: str, tried: dict[str, list[str]]) -> None:
    learner = at("rival")
    seen = learner.type(text)
    assert (seen.outcome, seen.kept["tried"], seen.kept["kept"]) == ("noted", tried, None)
    assert sides(seen)


@pytest.mark.parametrize("text", ["3", "0", "examples 3", "examples", "banana", "", "1, 9"])
def test_what_names_nothing_to_choose_costs_nothing(at: At, text: str) -> None:
    seen = at("rival").type(text)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})


def test_what_the_lesson_does_not_have_is_left_out(at: At) -> None:
    learner = at("rival")
    learner.press(instructions=("brief", "gone"), examples=("gone",))
    assert kept(learner) == {"instructions": ["brief"], "examples": []}


def test_more_can_be_kept_after_the_first_time(at: At) -> None:
    learner = at("rival")
    learner.press(**learner.inputs)
    seen = learner.press(instructions=("formal",))
    assert (seen.outcome, seen.record.status, seen.counts) == ("noted", "passed", (1, 0))
    assert kept(learner) == {"instructions": ["formal"], "examples": []}


def test_a_model_meets_the_rival_that_was_kept(with_model: WithModel) -> None:
    learner = with_model("rival", "sound")
    before = learner.progress.model
    assert before
    seen = learner.press(instructions=("formal",))
    (order,) = (one for one in seen.later if isinstance(one, Compute))
    assert isinstance(order.recipe, EvaluationRecipe)
    assert order.recipe.prompting == Prompting(instructions=("formal",))
    after = learner.progress.model
    assert after
    assert after.evaluation == order.key != before.evaluation
    assert after.training == before.training
    (told,) = sides(learner.go("side").press("show"))
    assert list(told) == ["Base one", "Prompted one", "Tuned one"]
    assert "With reference to" in told["Prompted one"]


def test_keeping_what_is_usual_asks_nobody_anew(with_model: WithModel) -> None:
    learner = with_model("rival", "sound")
    before = learner.progress.model
    assert not [one for one in learner.press(**USUAL).later if isinstance(one, Compute)]
    assert learner.progress.model == before


def test_a_later_model_meets_the_rival_that_was_kept_before(at: At) -> None:
    learner = at("rival")
    learner.press(instructions=("formal",))
    learner.go("choose").press(picked=("renew", "fine", "room", "card"))
    learner.go("train").press(learning_rate_multiplier=0.5, batch_size=1, n_epochs=5)
    learner.wait(60)
    assert learner.progress.model
    figures = learner.go("figures").look()
    assert "With prompt" in figures.said
    assert "With examples" not in figures.said


def test_the_figures_name_every_rival(with_model: WithModel) -> None:
    learner = with_model("rival", "sound")
    learner.press(**BOTH)
    said = learner.go("figures").look().said
    assert said.index("With prompt") < said.index("With examples") < said.index("Tuned")
