"""The shipped lessons, loaded once."""

import pytest

from content.loader import load
from dialogs.tutor import Tutor


@pytest.fixture(scope="session")
def tutor() -> Tutor:
    """The tutor with all shipped lessons."""
    return Tutor(load())
