"""The shipped lessons, loaded once for all tests of a process."""

from functools import cache

from content.loader import Library, load
from dialogs.tutor import Tutor


@cache
def library() -> Library:
    """All shipped lessons."""
    return load()


@cache
def tutor() -> Tutor:
    """The tutor with all shipped lessons."""
    return Tutor(library())
