"""What several conversations begin with."""

from collections.abc import Iterator

import pytest

from dialogs.tutor import Tutor
from dialogs.values.operator import Operator
from tests.conversation.visitors import House, opened


@pytest.fixture
def house(tutor: Tutor) -> Iterator[House]:
    """A house where nobody has been yet, of a tutor that somebody runs."""
    with opened(tutor.run_by(Operator("Ada & Co", "help@ada.example"))) as house:
        yield house
