"""What is wrong with content, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from content.errors import TutorError


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that an author must mend; `line` counts from 1."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ContentError(TutorError):
    """Every fault in the lesson files, in the order of files and lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))
