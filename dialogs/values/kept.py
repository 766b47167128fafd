"""What a kind of step keeps in its record: each module says what, here is how."""

from dataclasses import dataclass
from typing import Any, Self

from pydantic import JsonValue, TypeAdapter

from content.cached import cached_by_identity
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
        """Read a record's state; a fresh one when there is none."""
        found: Self = _adapter(cls).validate_python(state or {})
        return found

    def as_json(self) -> JsonValue:
        """What a record holds of it."""
        told: JsonValue = _adapter(type(self)).dump_python(self, mode="json")
        return told


@cached_by_identity(100)
def _adapter(kind: type[Kept]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
