"""What a transaction's work leaves to be done once it is stored, such as filling a cache."""

from collections.abc import Callable

from sqlalchemy import Connection

_LIST = "after_commit"  # in a connection's `info`

Call = Callable[[], None]


def after_commit(db: Connection, call: Call) -> None:
    """Call this once the running work is committed; never, where it isn't."""
    calls = db.info.get(_LIST)
    if calls is not None:
        calls.append(call)


def collect(db: Connection) -> list[Call]:
    """The list that the work which begins now fills, for the store to call."""
    calls: list[Call] = []
    db.info[_LIST] = calls
    return calls
