"""The company's archive: further examples of the same kind for a conversation."""

from collections.abc import Iterable
from typing import NamedTuple
from zlib import crc32

import numpy as np

from content.world import Character, World
from dialogs.simulations.persona.training import Example

TRIES = 40  # draws for one further example before the archive counts as exhausted


class Shelf(NamedTuple):
    """Where in the archive a conversation stands, and how many lines are taken from there."""

    intent: str
    character: str
    lines: int = 6


def compose(world: World, intent: str, character: str, dice: np.random.Generator) -> str:
    """A reply of this character to this intent."""
    manner = world.characters[character]
    if manner.mix:
        return compose(world, intent, str(dice.choice(manner.mix)), dice)
    if manner.astray:
        intent = str(dice.choice([n for n in world.intents if n != intent]))
    plans = world.plans(intent, character)
    first = dice.random() < manner.first_plan
    acts = list(plans[0] if first else plans[int(dice.integers(len(plans)))])
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
    world: World, example: Example, shelf: Shelf, seed: int, taken: Iterable[Example] = ()
) -> tuple[Example, ...]:
    """The example and further distinct ones of its shelf, `shelf.lines` in all.

    Messages are not repeated before all of the intent's are used. `taken` are examples
    that shall not come again. The same arguments give the same examples.
    """
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
        reply = compose(world, shelf.intent, shelf.character, dice)
        new = Example(message=order[draw % len(order)], reply=reply)
        if new not in gone:
            gone.add(new)
            made.append(new)
    return tuple(made[: shelf.lines])


def validation_file(world: World) -> tuple[Example, ...]:
    """The lesson's own validation examples: kept messages with ideal replies."""
    made = []
    for name, intent in world.intents.items():
        acts = world.plans(name, world.ideal)[0]
        reply = " ".join(world.sayings(act, name)[0] for act in acts)
        made += [Example(message=m, reply=reply) for m in intent.validation]
    return tuple(made)
