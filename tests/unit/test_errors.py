"""All our errors hang on one root, as its own module draws them."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from aiohttp.web import HTTPException

import bot
import cards
import content
import dialogs
from content import errors
from content.errors import TutorError


def modules() -> Iterator[str]:
    """Every module of ours that isn't a command."""
    for room in (bot, cards, content, dialogs):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not found.name.endswith("__main__") and ".migrations." not in found.name:
                yield found.name


def raised() -> Iterator[type[BaseException]]:
    """Our exception classes; a private one never leaves its module."""
    for name in modules():
        named = [value for value in vars(import_module(name)).values() if isinstance(value, type)]
        for found in named:
            is_ours = found.__module__ == name and not found.__name__.startswith("_")
            if is_ours and issubclass(found, BaseException):
                yield found


def drawn() -> Iterator[tuple[str, str]]:
    """Each class of the drawn tree, with the one that it hangs on."""
    above = ["TutorError"]
    for line in (errors.__doc__ or "").splitlines():
        bars, branch, words = line.partition("+- ")
        if branch:
            del above[1 + bars.count("|") :]
            above.append(words.split()[0])
            yield above[-1], above[-2]


def test_each_of_our_errors_hangs_on_the_root() -> None:
    # aiohttp takes its own exceptions for answers.
    stray = [found for found in raised() if not issubclass(found, (TutorError, HTTPException))]
    assert stray == []


def test_the_tree_is_drawn_as_it_is() -> None:
    ours = {found for found in raised() if issubclass(found, TutorError)} - {TutorError}
    assert dict(drawn()) == {found.__name__: found.__mro__[1].__name__ for found in ours}
