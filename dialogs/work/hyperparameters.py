"""Hyperparameters as a learner sets them, on a card or by typing."""

from collections.abc import Mapping, Sequence

from content.lesson import Parameter
from content.strings import ModelStrings
from dialogs.reading.typed import number
from dialogs.simulations.persona import Hyperparameters
from dialogs.values.replies import Number


def fields(
    parameters: Sequence[Parameter], settings: Hyperparameters | None, words: ModelStrings
) -> tuple[Number, ...]:
    """A number to set for each parameter; the service's usual value where none was set."""
    held = settings.model_dump() if settings else {}
    return tuple(
        Number(
            p.id,
            _ranged(words.lab_range, p, words),
            p.lowest,
            p.highest,
            float(held.get(p.id, p.usual)),
        )
        for p in parameters
    )


def _ranged(text: str, parameter: Parameter, words: ModelStrings) -> str:
    return text.format(
        label=parameter.label,
        lowest=words.numbers.write(parameter.lowest, "g"),
        highest=words.numbers.write(parameter.highest, "g"),
    )


def read(
    parameters: Sequence[Parameter], values: Mapping[str, str], words: ModelStrings
) -> Hyperparameters | str:
    """The settings, or in words which number is missing or out of its range."""
    found: dict[str, float] = {}
    for parameter in parameters:
        value = number(values.get(parameter.id, ""))
        whole = parameter.id == "learning_rate_multiplier" or value == int(value or 0)
        if value is None or not whole or not parameter.lowest <= value <= parameter.highest:
            return _ranged(words.lab_bad_number, parameter, words)
        found[parameter.id] = value
    return Hyperparameters.model_validate(found)


def typed(parameters: Sequence[Parameter], given: Sequence[float]) -> dict[str, str]:
    """Numbers that were typed in the parameters' order, as a card's values."""
    return {p.id: f"{n:g}" for p, n in zip(parameters, given, strict=False)}
