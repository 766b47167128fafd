"""Conditions on trials: what holds of which, and what their author is told."""

import pytest

from content.conditions import Known, condition

NOW: Known = {
    "precision": 0.8,
    "cost": 12.0,
    "oracle": ("0",),
    "rules": ("quote", "short"),
    "none-set": (),
}
BEFORE: Known = {
    "precision": 0.7,
    "cost": 12.0,
    "oracle": ("80",),
    "rules": ("quote",),
    "none-set": (),
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("precision >= 0.8", True),
        ("precision > 0.8", False),
        ("precision < 0.81 and cost == 12", True),
        ("precision < 0.81 and cost != 12", False),
        ("cost <= 11.9", False),
        ("oracle == 0", True),
        ("oracle < 40", True),
        ("oracle != 80", True),
        ("rules == quote", True),
        ("rules == long", False),
        ("rules != long", True),
        ("count.rules >= 2", True),
        ("count.rules > 2", False),
        ("none-set == none", True),
        ("rules == none", False),
        ("precision > previous.precision", True),
        ("precision > previous.precision + 0.2", False),
        ("precision >= previous.precision - 0.2", True),
        ("oracle == previous.oracle", False),
        ("cost == previous.cost and previous.oracle == 80", True),
        ("count.rules > previous.rules", False),
    ],
)
def test_a_condition_holds_of_a_trial(text: str, *, holds: bool) -> None:
    assert condition(text).holds(NOW, BEFORE) is holds


@pytest.mark.parametrize("text", ["precision > previous.precision", "oracle != previous.oracle"])
def test_nothing_holds_of_the_trial_before_the_first(text: str) -> None:
    assert condition(text).looks_back
    assert not condition(text).holds(NOW)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("precision", "compares nothing"),
        ("precision >= 0.8 and", "compares nothing"),
        ("precision >= 0.8 or cost < 1", "compares nothing"),
        ("precision >=", "one name or number"),
        ("precision > cost times 2", "one name or number"),
        ("precision > cost + much", '"much" is no number'),
    ],
)
def test_who_writes_no_condition_is_told_so(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        condition(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("presision > 1", 'nothing here is called "presision"; did you mean "precision"?'),
        ("rules == qoute", '"rules" has no option "qoute"; did you mean "quote"?'),
        ("precision > cots", 'nothing here is called "cots"; did you mean "cost"?'),
        ("count.precision > 1", '"precision" has no options to count'),
        ("oracle == 40", None),
        ("oracle < 40 and rules == none", None),
        ("precision > previous.cost", None),
    ],
)
def test_names_that_nothing_has_are_faults(text: str, told: str | None) -> None:
    settings = {"oracle": ("0", "40", "80"), "rules": ("quote", "short"), "volume": None}
    faults = list(condition(text).faults({"precision": 0, "cost": 0}, settings))
    assert faults == ([told] if told else [])
