"""What an author took away or called otherwise since learners last saw a lesson.

Ids are what progress hangs on: one that is gone drops what learners did there, one that means
something else now gives them a pass that they never earned.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from content.faults import ContentError, Fault
from content.loader import assembled, homes
from content.yaml_nodes import entry, fault

ALIKE = 0.3  # as a share of its words: below that a text is another one
SAYS_ENOUGH = 4  # words from which on that can be told

Way = tuple[str, ...]  # of names and ids, from the step or the lesson on


@dataclass(frozen=True)
class _Named:
    """Something with an id: what an author calls it, where it stands, its kind and its words."""

    name: str
    node: Node
    kind: str
    words: tuple[str, ...]


def since(old: Path, new: Path) -> list[Fault]:
    """Every id of the lessons in `old` that is gone from `new`, or means something else there.

    Raises ContentError where a lesson can't be read.
    """
    before, now = _lessons(old), _lessons(new)
    found = [
        fault(node, f'lesson "{name}" is gone: who was in it begins another')
        for name, node in before.items()
        if name not in now
    ]
    for name in before.keys() & now.keys():
        found += _changes(dict(_named(before[name])), dict(_named(now[name])))
    return sorted(found)


def _lessons(folder: Path) -> Mapping[str, Node]:
    faults: list[Fault] = []
    roots = [assembled(home / "lesson.yaml", faults) for home in homes(folder)]
    if not roots:
        faults.append(Fault(folder, 1, "no lesson here to compare with"))
    if faults:
        raise ContentError(faults)
    return {name.value: root for root in roots if root and (name := entry(root, "id"))}


def _changes(before: Mapping[Way, _Named], now: Mapping[Way, _Named]) -> Iterator[Fault]:
    for way, one in before.items():
        other = now.get(way)
        if other is None:
            # What was inside went with it.
            if not any(way[:at] in before and way[:at] not in now for at in range(1, len(way))):
                yield fault(one.node, f"{one.name} is gone: what learners did there is dropped")
        elif one.kind != other.kind:
            told = f"is of kind {other.kind} now, and was of kind {one.kind}"
            yield fault(other.node, f"{other.name} {told}: give it an id of its own")
        elif _is_another(one.words, other.words):
            told = "says something else now: if it is another question, give it an id of its own"
            yield fault(other.node, f"{other.name} {told}")


def _is_another(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    enough = min(len(one), len(other)) >= SAYS_ENOUGH
    return enough and SequenceMatcher(None, one, other, autojunk=False).ratio() < ALIKE


def _named(node: Node, way: Way = (), name: str = "") -> Iterator[tuple[Way, _Named]]:
    """Everything with an id. A step is known by its own, in whichever phase it stands."""
    if isinstance(node, SequenceNode):
        for member in node.value:
            yield from _named(member, way, name)
        return
    if not isinstance(node, MappingNode):
        return
    own = entry(node, "id")
    if isinstance(own, ScalarNode) and name:
        way = ("steps", own.value) if name in {"steps", "start", "complete"} else (*way, own.value)
        called = "step" if way[0] == "steps" and len(way) == 2 else name.removesuffix("s")  # noqa: PLR2004
        where = f' of step "{way[1]}"' if way[0] == "steps" and called != "step" else ""
        kind = entry(node, "kind")
        words = " ".join(_texts(node)).casefold().split()
        told = f'{called} "{own.value}"{where}'
        yield way, _Named(told, node, str(kind.value) if kind else "", tuple(words))
    for key, value in node.value:
        inside = key.value if isinstance(key, ScalarNode) else ""
        further = way if inside in {"phases", "steps"} else (*way, inside)
        yield from _named(value, further, inside)


def _texts(node: Node) -> Iterator[str]:
    """What it says itself: no ids, no examples, nothing that has an id of its own."""
    if isinstance(node, ScalarNode):
        yield node.value
    elif isinstance(node, SequenceNode):
        for member in node.value:
            if entry(member, "id") is None:
                yield from _texts(member)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value not in {"id", "kind", "wordings"}:
                yield from _texts(value)
