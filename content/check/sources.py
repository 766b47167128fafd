"""Sources of figures that nobody has looked up for a year."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from yaml import ScalarNode, SequenceNode

from content.faults import Fault
from content.loader import homes
from content.sources import FILE
from content.yaml_nodes import entry, fault, read

YEAR = timedelta(days=365)


def stale(folder: Path, today: date) -> Iterator[Fault]:
    """Each source in the lessons of a folder that should be looked up again; no faults."""
    for home in homes(folder):
        root = read(home / FILE) if (home / FILE).exists() else None
        for one in root.value if isinstance(root, SequenceNode) else ():
            name, day = entry(one, "id"), entry(one, "read")
            if not isinstance(name, ScalarNode) or not isinstance(day, ScalarNode):
                continue
            if today - date.fromisoformat(day.value) > YEAR:
                words = f'"{name.value}" was looked up on {day.value}; see what holds today'
                yield fault(day, words)
