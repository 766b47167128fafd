"""What tests of every kind share."""

import pytest

from bot.channels.authentication import PUBLIC, Cloud


@pytest.fixture
def cloud() -> Cloud:
    """Where Microsoft's keys and tokens come from: its own places, which no test reaches."""
    return PUBLIC
