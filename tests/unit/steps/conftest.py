"""A learner at any step of the small lesson."""

from collections.abc import Callable

import pytest

from dialogs.tutor import Tutor
from tests.unit.steps.practice import Practice

At = Callable[[str], Practice]


@pytest.fixture(scope="session")
def new_learner(tutor: Tutor) -> Practice:
    """A learner who has done nothing yet."""
    return Practice(tutor.companies["plain-words"], tutor.library.strings)


@pytest.fixture
def at(new_learner: Practice) -> At:
    """Put a new learner before a step."""
    return lambda step: new_learner.copy().go(step)
