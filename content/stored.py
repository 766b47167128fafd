"""Stored documents: each kind has a form, by its number, and a way up from the older ones."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from content.errors import TutorError

Value = TypeVar("Value")
Document = dict[str, JsonValue]
Upgrade = Callable[[Document], Document]

LONGEST_REASON = 120  # characters


class UnreadableError(TutorError):
    """A stored document that can't be read; the text quotes nothing of what it holds."""


class NewerFormError(UnreadableError):
    """A document was written by a newer version of the tutor, which alone can read it."""


@dataclass(frozen=True)
class Stored(Generic[Value]):
    """A kind of stored document: its name, what reads and writes it, and its way up.

    The first of `upgrades` makes form 2 of form 1, the next form 3 of form 2, and so on. Who
    changes the value's fields adds one, which may change nothing: an older tutor that runs
    beside a newer one must know a document that it can't read from a broken one.
    `omitted` fields are stored elsewhere; with `sparse`, those that have their defaults are
    left out.
    """

    name: str
    adapter: TypeAdapter[Value]
    upgrades: tuple[Upgrade, ...] = ()
    omitted: frozenset[str] = frozenset()
    sparse: bool = False

    @property
    def form(self) -> int:
        """Today's form."""
        return len(self.upgrades) + 1

    def read(self, doc: str, form: int) -> Value:
        """The value that was stored in this form. Raises UnreadableError."""
        try:
            return self.adapter.validate_json(upgraded(self.name, doc, form, self.upgrades))
        except ValidationError as error:
            raise unreadable(self.name, error) from None

    def write(self, value: Value) -> str:
        """The document, in today's form."""
        omitted = set(self.omitted) or None
        return self.adapter.dump_json(value, exclude=omitted, exclude_defaults=self.sparse).decode()


def upgraded(name: str, doc: str, form: int, upgrades: Sequence[Upgrade]) -> str:
    """The document in the form that all upgrades lead to. Raises UnreadableError."""
    newest = len(upgrades) + 1
    if form == newest:
        return doc
    if form > newest:
        msg = (
            f"a newer version of the tutor wrote this {name} "
            f"(in form {form}, this version knows {newest}): install it here too"
        )
        raise NewerFormError(msg)
    try:
        document: Document = json.loads(doc)
        for upgrade in upgrades[max(form, 1) - 1 :]:
            document = upgrade(document)
        return json.dumps(document)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        msg = f"a stored {name} of form {form} can't be upgraded: {type(error).__name__}"
        raise UnreadableError(msg) from None


def unreadable(name: str, error: ValidationError) -> UnreadableError:
    """The error that says what is wrong with a stored document of this name."""
    return UnreadableError(f"a stored {name} can't be read: {_reason(error)}")


def _reason(error: ValidationError) -> str:
    """Where the first fault is and of what kind; what is stored there may be a learner's words."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))[:LONGEST_REASON]
    return f"{first['type']} at {where}" if where else first["type"]
