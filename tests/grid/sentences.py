"""Which string of the content a sentence is, and what was filled into it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

_PLACE = re.compile(r"\{(\w+)\}")


# Fits anything with a full stop in it, and stands in the list of finished steps alone.
ELSEWHERE = {"tutor.review_line"}


@dataclass(frozen=True)
class Written:
    """A string of the content by its id, as an author wrote it."""

    id: str
    text: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What any text that is made of it looks like."""
        parts = _PLACE.split(self.text)
        seen: set[str] = set()
        made = ""
        for at, part in enumerate(parts):
            if at % 2 == 0:
                made += re.escape(part)
            else:
                made += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
                seen.add(part)
        return re.compile(made, re.DOTALL)

    @property
    def weight(self) -> int:
        """How much of it is its own words."""
        return len(_PLACE.sub("", self.text))


def written(value: object, at: str) -> Iterator[Written]:
    """All strings of a part of the content, with ids by where they stand."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from written(getattr(value, name), f"{at}.{name}")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from written(one, f"{at}.{name}")
    elif isinstance(value, tuple | list):
        for number, one in enumerate(value):
            name = getattr(one, "id", None) or str(number)
            yield from written(one, f"{at}.{name}")
    elif isinstance(value, str) and value.strip():
        yield Written(at, value)


@dataclass(frozen=True)
class Said:
    """A sentence that is known: its string's id and what was filled in."""

    id: str
    filled: dict[str, Any]


class Sentences:
    """The strings that a step may use."""

    def __init__(self, strings: Iterator[Written]) -> None:
        found = list(strings)
        self._plain = {w.text: w.id for w in reversed(found) if "{" not in w.text}
        filled = [w for w in found if "{" in w.text and w.id not in ELSEWHERE]
        self._filled = sorted(filled, key=lambda w: -w.weight)

    def of(self, text: str) -> list[Said] | None:
        """What a text is made of: one string, or a plain one and another; None: of none."""
        if (name := self._plain.get(text)) is not None:
            return [Said(name, {})]
        for one in self._filled:
            if match := one.pattern.fullmatch(text):
                return [Said(one.id, match.groupdict())]
        for plain, name in self._plain.items():
            if text.startswith(f"{plain} ") and (rest := self.of(text[len(plain) + 1 :])):
                return [Said(name, {}), *rest]
        return None
