"""A button's data is the event that pressing it causes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from cards import press
from dialogs.values.events import Pressed
from dialogs.values.replies import Button, Stamp

WORDS = st.text(max_size=60)
IDS = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True)
STAMPS = st.builds(Stamp, IDS, IDS, st.integers(0, 10**6), IDS, IDS)
BUTTONS = st.builds(
    Button, text=WORDS, do=WORDS, typed=WORDS, values=st.dictionaries(IDS, WORDS, max_size=4)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(STAMPS, BUTTONS, st.dictionaries(IDS.filter(lambda i: i != press.KEY), WORDS, max_size=4))
def test_a_press_is_the_event_of_its_button(
    stamp: Stamp, button: Button, inputs: dict[str, str]
) -> None:
    sent = json.loads(json.dumps({**inputs, **press.data(stamp, button)}))
    assert press.parse(sent) == Pressed(
        lesson=stamp.lesson,
        step=stamp.step,
        ticket=stamp.ticket,
        digest=stamp.digest,
        learner=stamp.learner,
        do=button.do,
        values={**inputs, **button.values},
    )


@given(st.dictionaries(st.text() | st.just(press.KEY), JSON, max_size=6))
def test_garbage_is_no_press(value: dict[str, object]) -> None:
    press.parse(value)


@given(st.dictionaries(st.text(), JSON, max_size=6))
def test_garbage_beside_a_press_leaves_it_one(value: dict[str, object]) -> None:
    stamp = Stamp("l", "s", 1, "d", "me")
    told = press.parse({**value, **press.data(stamp, Button("Next", "next", "next"))})
    assert told is not None
    assert told.do == "next"


STAMP = Stamp("l", "s", 1, "d", "me")
CHECK = Button("Check", "answer", "check")


def _values(**inputs: object) -> dict[str, str]:
    told = press.parse({**inputs, **press.data(STAMP, CHECK)})
    assert told is not None
    return told.values


def test_inputs_cannot_forge_the_stamp() -> None:
    told = press.parse({"learner": "you", "do": "restart", **press.data(STAMP, CHECK)})
    assert told is not None
    assert (told.learner, told.do) == ("me", "answer")


def test_the_fields_of_an_order_are_one_value() -> None:
    places = {"order.2": "b", "order.10": "j", "order.1": "a", "order.3": ""}
    assert _values(**places) == {"order": "a,b,j"}


def test_numbers_and_truths_arrive_as_text() -> None:
    assert _values(n=3, rate=0.5, on=True) == {"n": "3", "rate": "0.5", "on": "true"}


def test_half_a_character_is_replaced() -> None:
    assert _values(idea="\ud83d!") == {"idea": "?!"}
