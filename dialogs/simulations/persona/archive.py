"""The company's archive: further examples of the same kind for a conversation."""

from collections.abc import Iterable
from typing import NamedTuple
from zlib import crc32

import numpy as np

from content.world import Character, World
from dialogs.simulations.persona.hearing import See
from dialogs.simulations.persona.training import Example

TRIES = 40  # draws for one further example before the archive counts as exhausted


class Shelf(NamedTuple):
    """Where in the archive an example stands, and how many lines are taken from there."""

    example: Example
    intent: str
    character: str
    lines: int = 6


def compose(
    world: World,
    intent: str,
    character: str,
    dice: np.random.Generator,
    marks: frozenset[str] = frozenset(),
) -> str:
    """A reply of this character to a message of this intent, with these marks."""
    manner = world.characters[character]
    if manner.mix:
        return compose(world, intent, str(dice.choice(manner.mix)), dice, marks)
    if manner.astray:
        group = world.intents[intent].group
        intent = str(dice.choice([n for n, i in world.intents.items() if i.group != group]))
    plans = world.plans(intent, character)
    first = dice.random() < manner.first_plan
    acts = list(plans[0] if first else plans[int(dice.integers(len(plans)))])
    acts[:0] = [act for mark, act in manner.felt.items() if mark in marks and act not in acts]
    if manner.prepend and dice.random() < manner.prepend_share:
        acts.insert(0, str(dice.choice(manner.prepend)))
    if manner.append and dice.random() < manner.append_share and acts[-1] not in manner.append:
        acts.append(str(dice.choice(manner.append)))
    said: list[str] = []
    for act in acts:
        choices = [t for t in _sayings(world, manner, act, intent, dice) if t not in said]
        if choices:
            said.append(choices[int(dice.integers(len(choices)))])
    return " ".join(said)


def _sayings(
    world: World, manner: Character, act: str, intent: str, dice: np.random.Generator
) -> tuple[str, ...]:
    generic = world.generic.get(act, ())
    if manner.pool == "both":
        return (*world.intents[intent].phrases.get(act, ()), *generic)
    if generic and dice.random() < manner.loose:
        return generic
    return world.sayings(act, intent)


def variants(
    world: World, see: See, shelf: Shelf, seed: int, taken: Iterable[Example] = ()
) -> tuple[Example, ...]:
    """The shelf's example and further distinct ones, `shelf.lines` in all.

    Messages are not repeated before all of the intent's are used. `taken` are examples
    that shall not come again; `see` tells a message's marks. The same arguments give the same
    examples.
    """
    example = shelf.example
    digest = crc32(f"{seed}/{shelf.intent}/{shelf.character}/{example.message}".encode())
    dice = np.random.default_rng(digest)
    gone = {example, *taken}
    used = {e.message for e in gone}
    messages = world.intents[shelf.intent].messages
    order = [messages[i] for i in dice.permutation(len(messages))]
    order = [m for m in order if m not in used] + [m for m in order if m in used]
    made = [example]
    for draw in range(TRIES * shelf.lines):
        if len(made) >= shelf.lines:
            break
        message = order[draw % len(order)]
        reply = compose(world, shelf.intent, shelf.character, dice, see(message))
        new = Example(message=message, reply=reply)
        if new not in gone:
            gone.add(new)
            made.append(new)
    return tuple(made[: shelf.lines])


def validation_file(world: World, see: See) -> tuple[Example, ...]:
    """The lesson's own validation examples: kept messages with replies as the ideal character's."""
    dice = np.random.default_rng(crc32(world.name.encode()))
    return tuple(
        Example(message=m, reply=compose(world, name, world.ideal, dice, see(m)))
        for name, intent in world.intents.items()
        for m in intent.validation
    )
