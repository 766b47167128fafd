"""Which texts of an event are worth reading before its turn: those that would hold it up.

A module that reads what a learner wrote by its meaning asks the encoder for the whole text, for its
sentences, or, of a training line, for the words of its messages. Others would be read in the turn.
"""

import json
from collections.abc import Iterator

from dialogs.reading import encoder
from dialogs.reading.sentences import sentences
from dialogs.steps import registry
from dialogs.values.events import Event, Pressed, Typed

WORTH_MS = 5.0  # of CPU: from there on a turn would hold up others
FEWEST = 3  # words of a string in a training line that is read


def texts_ahead(event: Event | None) -> tuple[str, ...]:
    """The texts that are to be read before the event is answered; none where that takes no time."""
    longest = registry.longest_of_all()
    wanted = [
        part
        for text in _written(event)
        if len(text) <= longest  # a longer one is sent back
        for part in _parts(text)
        if not encoder.is_remembered(part)
    ]
    return tuple(wanted) if sum(map(encoder.cost_ms, wanted)) > WORTH_MS else ()


def _written(event: Event | None) -> tuple[str, ...]:
    match event:
        case Typed(text=text):
            return (text,)
        case Pressed(texts=texts):
            return tuple(texts.values())
        case _:
            return ()


def _parts(text: str) -> Iterator[str]:
    """A text with its sentences, each once; of JSON the strings that say something."""
    wholes = [text] if not text.lstrip().startswith(("{", "[")) else _strings(text)
    yield from dict.fromkeys(
        part for whole in wholes for part in (whole, *sentences(whole)) if part.strip()
    )


def _strings(text: str) -> list[str]:
    found: list[str] = []
    for line in text.splitlines():
        try:
            open_values = [json.loads(line)]
        except (ValueError, RecursionError):
            continue  # it is sent back, too
        while open_values:
            match open_values.pop():
                case str(value) if len(value.split()) >= FEWEST:
                    found.append(value)
                case dict() as members:
                    open_values += members.values()
                case list() as values:
                    open_values += values
    return found
