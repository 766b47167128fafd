"""Log lines: JSON for machines or words for a terminal, each with the turn that it belongs to.

No line holds what a learner wrote. An exception's own message may quote it, so it is shown only
for the kinds that speak of machines; for the others the place in the code is told.
"""

import asyncio
import errno
import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from hashlib import sha256
from secrets import token_hex
from typing import Any, Literal

from aiohttp import ClientConnectionError
from aiohttp.http_exceptions import HttpProcessingError
from sqlalchemy.exc import SQLAlchemyError

from content.errors import TutorError

Format = Literal["auto", "json", "text"]

# 32 hex digits, as OpenTelemetry's trace ids are; empty outside of a turn.
turn_id: ContextVar[str] = ContextVar("turn_id", default="")

OUTSPOKEN = (OSError, ClientConnectionError, SQLAlchemyError, TutorError)
ENCODED = json.JSONEncoder(default=str).encode  # made once: `dumps` makes one for each line
CHATTY = ("alembic", "azure", "msal", "transitions", "urllib3")  # tell their own doings at INFO
OUT_OF_FILES = (errno.EMFILE, errno.ENFILE)
QUIET_S = 60.0  # until it is told again that there are no files left
NO_FILES = (
    "no more connections can be taken: all open files are in use that the system allows "
    "(LimitNOFILE of a systemd unit, ulimit -n of a shell)"
)
LEVELS = {
    logging.DEBUG: "debug",
    logging.INFO: "info",
    logging.WARNING: "warning",
    logging.ERROR: "error",
    logging.CRITICAL: "critical",
}


def set_up(wanted: Format) -> None:
    """Log to standard error; `auto` writes words on a terminal and JSON elsewhere."""
    as_json = wanted == "json" or (wanted == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else Words())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(_is_worth_it)
    logging.captureWarnings(capture=True)
    # Nobody reads these, and each costs a look-up for every line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


class LoopFaults:
    """Logs what went wrong on an event loop; asyncio's own way would quote the exception.

    That no connection can be taken for lack of files would be told many times a second.
    """

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def __call__(self, _: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        """Log a fault, as asyncio describes it."""
        error: BaseException | None = context.get("exception")
        if isinstance(error, OSError) and error.errno in OUT_OF_FILES:
            if time.monotonic() >= self._quiet_until:
                self._quiet_until = time.monotonic() + QUIET_S
                logging.getLogger("asyncio").error(NO_FILES)
            return
        logging.getLogger("asyncio").error(context["message"].splitlines()[0], exc_info=error)


def _is_worth_it(record: logging.LogRecord) -> bool:
    """Leave out what was no HTTP, which scanners send, and the addresses of people."""
    record.msg, record.args = "a request failed", ()
    return not isinstance(_error(record), HttpProcessingError)


@contextmanager
def numbered_turn() -> Iterator[None]:
    """Give what is logged from here on, on store threads too, the id of one new turn."""
    before = turn_id.set(token_hex(16))
    try:
        yield
    finally:
        turn_id.reset(before)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, turn, message, what the record is about, and the error's place."""
        line: dict[str, object] = {
            "time": _time(record),
            "level": LEVELS.get(record.levelno, "info"),
            "logger": record.name,
        }
        if turn := turn_id.get():
            line["turn"] = turn
        line["message"] = record.getMessage()
        line.update(_about(record))
        if error := _error(record):
            line["error"] = "".join(_traceback(error))
        return ENCODED(line)


class Words(logging.Formatter):
    """One line of words, for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The same as in JSON, with the turn's id cut short."""
        about = "".join(f" {name}={value}" for name, value in _about(record).items())
        turn = f" [{turn_id.get()[:8]}]" if turn_id.get() else ""
        level = LEVELS.get(record.levelno, "info")
        text = f"{_time(record)} {level}{turn} {record.name}: {record.getMessage()}{about}"
        error = _error(record)
        return text if error is None else "\n".join([text, "".join(_traceback(error)).rstrip()])


def _time(record: logging.LogRecord) -> str:
    return f"{_second(int(record.created))}.{int(record.msecs):03d}Z"


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


def _about(record: logging.LogRecord) -> Mapping[str, object]:
    about: Mapping[str, object] = getattr(record, "about", {})
    return about


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _traceback(error: BaseException) -> Iterator[str]:
    """An error's traceback, those that led to it first."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _traceback(cause)
        yield "which led to\n"
    yield from traceback.format_tb(error.__traceback__)
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    words = str(error).strip().splitlines() if isinstance(error, OUTSPOKEN) else []
    # One line: the further ones of a database's message hold values.
    yield f"{kind}: {words[0]}\n" if words else f"{kind}\n"


@lru_cache(maxsize=200)
def pseudonym(learner_id: str) -> str:
    """A learner as logs name them."""
    return sha256(learner_id.encode()).hexdigest()[:8]
