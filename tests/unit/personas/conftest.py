"""The lesson's company, and trainings on it."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from content.loader import Library
from content.simulation import PersonaWorld
from content.world import Rubric, World
from dialogs.simulations.persona import Company, Example, Training, TrainingRecipe, train
from dialogs.simulations.persona.archive import TRIES, compose

HERE = Path(__file__).parent

FRUSTRATED = "Your product doesn't work and I'm frustrated!"
ACCOUNT = "I need help with my account settings."
ORDER = "I'm having trouble with my order and need immediate help!"

BASE = {
    FRUSTRATED: "Please check the troubleshooting guide in the documentation.",
    ACCOUNT: "Navigate to Settings > Account > Preferences.",
    ORDER: "Check your order status in your account dashboard.",
}
IDEAL = {
    FRUSTRATED: (
        "I understand how frustrating that must be! Let me help you resolve this issue right "
        "away. Could you tell me more about what specific problem you're experiencing?"
    ),
    ACCOUNT: (
        "I'd be happy to help you with your account settings! You can find them under "
        "Settings > Account > Preferences. Could you tell me which setting you would like to "
        "change?"
    ),
    ORDER: (
        "I completely understand your concern about your order! I'm here to help you resolve "
        "this immediately. Let me look into your order status right away. Could you please "
        "provide your order number so I can give you specific updates?"
    ),
}


@pytest.fixture(scope="session")
def written(library: Library) -> PersonaWorld:
    found = library.simulations["polite-chatbot"]
    assert isinstance(found, PersonaWorld)
    return found


@pytest.fixture(scope="session")
def world(written: PersonaWorld) -> World:
    return written.world


@pytest.fixture(scope="session")
def rubric(written: PersonaWorld) -> Rubric:
    return written.rubric


@pytest.fixture(scope="session")
def company(world: World, rubric: Rubric) -> Company:
    return Company(world, rubric)


def training_set(
    company: Company, character: str, size: int, seed: int, intents: Iterable[str] = ()
) -> tuple[Example, ...]:
    """`size` distinct examples of one character, the intents in turn."""
    world, dice = company.world, np.random.default_rng(seed)
    names = list(intents) or list(world.intents)
    turns = -(-size // len(names))
    order = [names[int(i)] for _ in range(turns) for i in dice.permutation(len(names))]
    lines: dict[Example, None] = {}
    for draw in range(TRIES * size):
        if len(lines) >= size:
            break
        name = order[draw % len(order)]
        message = str(dice.choice(world.intents[name].messages))
        reply = compose(world, name, character, dice, company.marks(message))
        lines[Example(message=message, reply=reply)] = None
    return tuple(lines)


def recipe(examples: Iterable[Example], **settings: object) -> TrainingRecipe:
    given = {"lesson": "polite-chatbot", "locale": "en", "examples": tuple(examples), **settings}
    return TrainingRecipe.model_validate(given)


def trained(company: Company, character: str, size: int, seed: int, **settings: object) -> Training:
    examples = training_set(company, character, size, seed)
    return train(company, recipe(examples, seed=seed, **settings))
