"""What tests of every kind share."""

import pytest

from bot.channels.authentication import PUBLIC, Cloud
from content.loader import Library
from dialogs.tutor import Tutor
from tests import lessons


@pytest.fixture
def cloud() -> Cloud:
    """Where Microsoft's keys and tokens come from: its own places, which no test reaches."""
    return PUBLIC


@pytest.fixture(scope="session")
def library() -> Library:
    """All shipped lessons, loaded once."""
    return lessons.library()


@pytest.fixture(scope="session")
def tutor() -> Tutor:
    """The tutor with all shipped lessons, loaded once."""
    return lessons.tutor()
