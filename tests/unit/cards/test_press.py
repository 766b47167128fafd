"""A button's data is the event that pressing it causes."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import press
from content.strings import CommandName
from dialogs.digest import of_press
from dialogs.values import actions
from dialogs.values.actions import Action, Agree, Answer, Choose, Command, Goto, Own, Say, Speak
from dialogs.values.events import Pressed
from dialogs.values.replies import Button, Stamp

WORDS = st.text(max_size=60)
IDS = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True)
STAMPS = st.builds(Stamp, IDS, IDS, st.integers(0, 10**6), IDS, IDS)
ACTIONS = (
    st.just(Answer())
    | st.builds(Own, IDS.filter(lambda name: isinstance(actions.read(name), Own)))
    | st.builds(Goto, IDS)
    | st.builds(Choose, IDS)
    | st.builds(Speak, IDS)
    | st.builds(Command, st.sampled_from(get_args(CommandName)))
    | st.builds(Agree, st.text(max_size=40))
    | st.builds(Say, WORDS)
)
BUTTONS = st.builds(Button, text=WORDS, do=ACTIONS, typed=WORDS)
INPUTS = st.dictionaries(IDS.filter(lambda i: i not in (press.KEY, *press.PICKS_BEFORE)), WORDS)
PICKS = st.dictionaries(IDS.filter(lambda i: i != press.KEY), st.lists(IDS, max_size=4))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(STAMPS, BUTTONS, INPUTS, PICKS)
def test_a_press_is_the_event_of_its_button(
    stamp: Stamp, button: Button, texts: dict[str, str], picks: dict[str, list[str]]
) -> None:
    texts = {name: text for name, text in texts.items() if name not in picks}
    if not isinstance(button.do, Answer | Own):
        picks = {}
    joined = {name: ",".join(ids) for name, ids in picks.items()}
    sent = json.loads(json.dumps({**texts, **joined, **press.data(stamp, button, list(picks))}))
    assert press.parse(sent) == Pressed(
        lesson=stamp.lesson,
        step=stamp.step,
        ticket=stamp.ticket,
        digest=stamp.digest,
        learner=stamp.learner,
        do=button.do,
        texts=texts,
        picks={name: tuple(ids) for name, ids in picks.items()},
    )


@pytest.mark.parametrize(
    ("do", "does"),
    [
        ("answer", Answer()),
        ("goto:run-order", Goto("run-order")),
        ("lesson:plain-words", Choose("plain-words")),
        ("lessons", Command("lessons")),
        ("next", Command("next")),
        ("yes", Command("yes")),
        ("begin-quiz", Own("begin-quiz")),
        ("look", Own("look")),
    ],
)
def test_a_button_of_a_card_of_before_still_does_what_it_did(do: str, does: Action) -> None:
    stamp = {"lesson": "l", "step": "s", "ticket": 1, "digest": "d", "learner": "me"}
    inputs = {"picked": "a,b", "order": "c,a", "predicted": "good", "n_epochs": "3", "why": "so"}
    told = press.parse({**inputs, press.KEY: {**stamp, "do": do}})
    assert told is not None
    assert told.do == does
    assert told.picks == {"picked": ("a", "b"), "order": ("c", "a"), "predicted": ("good",)}
    assert told.texts == {"n_epochs": "3", "why": "so"}


def test_a_suggestion_of_a_card_of_before_is_still_said() -> None:
    stamp = {"lesson": "l", "step": "s", "ticket": 1, "digest": "d", "learner": "me"}
    data = {**stamp, "do": "say", "values": {"text": "Where is my order?"}}
    told = press.parse({press.KEY: data})
    assert told is not None
    assert told.do == Say("Where is my order?")


def test_a_press_that_was_taken_before_an_upgrade_is_known_after_it() -> None:
    stamp = {"lesson": "l", "step": "s", "ticket": 4, "digest": "d", "learner": "me"}
    inputs = {"order.2": "b", "order.1": "a", "why": "so"}
    told = press.parse({**inputs, press.KEY: {**stamp, "do": "answer"}})
    assert told is not None
    assert of_press(told) == "3db8c7e128a44f37"


@given(st.dictionaries(st.text() | st.just(press.KEY), JSON, max_size=6))
def test_garbage_is_no_press(value: dict[str, object]) -> None:
    press.parse(value)


@given(st.dictionaries(st.text(), JSON, max_size=6))
def test_garbage_beside_a_press_leaves_it_one(value: dict[str, object]) -> None:
    stamp = Stamp("l", "s", 1, "d", "me")
    told = press.parse({**value, **press.data(stamp, Button("Next", Command("next"), "next"))})
    assert told is not None
    assert told.do == Command("next")


STAMP = Stamp("l", "s", 1, "d", "me")
CHECK = Button("Check", Answer(), "check")


def _sent(**inputs: object) -> Pressed:
    told = press.parse({**inputs, **press.data(STAMP, CHECK)})
    assert told is not None
    return told


def test_inputs_cannot_forge_the_stamp() -> None:
    told = press.parse({"learner": "you", "do": "restart", **press.data(STAMP, CHECK)})
    assert told is not None
    assert (told.learner, told.do) == ("me", Answer())


def test_the_fields_of_an_order_are_one_value() -> None:
    places = {"order.2": "b", "order.10": "j", "order.1": "a", "order.3": ""}
    assert _sent(**places).picks == {"order": ("a", "b", "j")}


def test_numbers_and_truths_arrive_as_text() -> None:
    assert _sent(n=3, rate=0.5, on=True).texts == {"n": "3", "rate": "0.5", "on": "true"}


def test_half_a_character_is_replaced() -> None:
    assert _sent(idea="\ud83d!").texts == {"idea": "?!"}
