"""A cache for pure functions of large immutable values, which count by identity."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def cached_by_identity(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the `most` last used results of a pure function.

    Texts, numbers and tuples count by value. Any other argument must be immutable and counts
    as itself: large documents are told apart without a look inside.
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        # The arguments are kept beside the result, so that no other object gets their ids.
        kept: OrderedDict[Hashable, tuple[object, R]] = OrderedDict()
        lock = Lock()

        @wraps(work)
        def found(*args: P.args, **kwargs: P.kwargs) -> R:
            key = (*map(_key, args), *((name, _key(given)) for name, given in kwargs.items()))
            with lock:
                if key in kept:
                    kept.move_to_end(key)
                    return kept[key][1]
            value = work(*args, **kwargs)
            with lock:
                kept[key] = ((args, kwargs), value)
                while len(kept) > most:
                    kept.popitem(last=False)
            return value

        return found

    return decorate


def _key(given: object) -> Hashable:
    by_value = given is None or isinstance(given, str | int | tuple)
    return given if by_value else (object, id(given))
