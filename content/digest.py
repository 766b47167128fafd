"""Short digests that tell whether content changed."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from content.cached import cached_by_identity
from content.lesson import Step


@cached_by_identity(2000)
def digest(step: Step) -> str:
    """Of all that a step says: a button pressed on other words is stale."""
    return sha256(step.model_dump_json().encode()).hexdigest()[:8]


def version(folder: Path, files: Iterable[Path]) -> str:
    """Of a lesson's files: their names within the folder and their bytes."""
    total = sha256()
    for file in sorted(files):
        content = file.read_bytes()
        total.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()[:16]
