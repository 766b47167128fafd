"""Guesses which known name was meant by one that isn't known."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(wrong: str, right: Iterable[str]) -> str:
    """The end of a message: the nearest known name, where one is near."""
    near = get_close_matches(wrong, list(right), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""
