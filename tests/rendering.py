"""What the tutor says as the activities alone, for tests that look at cards."""

from collections.abc import Sequence

from cards import Activity, Links, Surface, render
from dialogs.values.replies import Reply


def rendered(replies: Sequence[Reply], surface: Surface, links: Links) -> list[Activity]:
    """The activities that show `replies`."""
    return [one.activity for one in render(replies, surface, links)]
