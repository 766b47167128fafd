"""The base of what each kind of step keeps in a learner's record: how it is read and written."""

from dataclasses import dataclass
from typing import Any, Self

from pydantic import JsonValue, TypeAdapter, ValidationError

from content.cached import cached_by_identity
from content.stored import unreadable
from dialogs.values.progress import STORED


@dataclass(frozen=True)
class Kept:
    """The base of a step's state: frozen dataclasses whose fields all have defaults.

    It is changed by `dataclasses.replace`. Who changes a field so that a stored state would
    be read wrongly or not at all adds a step in `dialogs/values/versions.py`.
    """

    __pydantic_config__ = STORED

    @classmethod
    def of(cls, state: JsonValue) -> Self:
        """Read a record's state; a fresh one when there is none. Raises UnreadableError."""
        try:
            read: Self = _adapter(cls).validate_python(state or {})
        except ValidationError as error:
            raise unreadable("state", error) from None
        return read

    def as_json(self) -> JsonValue:
        """The JSON that a record holds of it."""
        state: JsonValue = _adapter(type(self)).dump_python(self, mode="json")
        return state


@cached_by_identity(100)
def _adapter(kind: type[Kept]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
