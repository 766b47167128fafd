"""Which texts of an event are worth reading before its turn: those that would hold it up.

A module that reads what a learner wrote by its meaning asks the encoder for the whole text, for its
sentences, or, of a training line, for the words of its messages; a simulation says what else.
"""

import json
from collections.abc import Iterable, Iterator

from dialogs.reading import encoder
from dialogs.reading.sentences import sentences
from dialogs.simulations.computation import Simulation
from dialogs.values.events import Event, Pressed, Typed

WORTH_MS = 5.0  # of CPU: from there on a turn would hold up others
FEWEST = 3  # words of a string in a training line that is read
MOST_STRINGS = 24  # of such lines
FARTHEST = 6_000  # characters of a text whose sentences are read one by one
DATA = ("{", "[")  # begins a line of data


def texts_ahead(event: Event | None) -> tuple[str, ...]:
    """The texts that are to be read before the event is answered; none where that takes no time."""
    wholes = [whole for text in _written(event) for whole in _wholes(text)]
    parts = {part for whole in wholes for part in _parts(whole)}
    took_ms = sum(encoder.cost_ms(part) for part in parts if not encoder.is_remembered(part))
    return tuple(wholes) if took_ms > WORTH_MS else ()


def read(texts: Iterable[str], simulations: Iterable[Simulation]) -> dict[str, encoder.Floats]:
    """The vectors of all that is read of these texts, in any of the simulations."""
    wanted: dict[str, None] = {}
    for text in texts:
        wanted |= dict.fromkeys(_parts(text))
        for simulation in simulations:
            wanted |= dict.fromkeys(simulation.texts(text))
    return dict(zip(wanted, encoder.vectors(tuple(wanted)), strict=True))


def _written(event: Event | None) -> tuple[str, ...]:
    match event:
        case Typed(text=text):
            return (text,)
        case Pressed(texts=texts):
            return tuple(texts.values())
        case _:
            return ()


def _wholes(text: str) -> list[str]:
    """The text itself; of data the strings that say something."""
    if text.lstrip().startswith(DATA):
        return _strings(text)
    return [text] if text.strip() else []


def _parts(text: str) -> Iterator[str]:
    """A text and its sentences."""
    yield text
    told = 0
    for sentence in sentences(text):
        if told > FARTHEST:
            return
        told += len(sentence)
        yield sentence


def _strings(text: str) -> list[str]:
    found: dict[str, None] = {}
    for line in text.splitlines():
        try:
            open_values = [json.loads(line)]
        except (ValueError, RecursionError):
            continue  # it is sent back
        while open_values and len(found) < MOST_STRINGS:
            match open_values.pop():
                case str(value) if len(value.split()) >= FEWEST:
                    found[value] = None
                case dict() as members:
                    open_values += members.values()
                case list() as values:
                    open_values += values
    return list(found)
