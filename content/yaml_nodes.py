"""YAML files as data that remembers its file and line.

A file is composed into nodes, not loaded: nodes know where they stand. Files that belong
together are joined as nodes (`join`), so that one walk finds any value's place.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import JsonValue
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from content.faults import Fault

try:
    # The C parser is some ten times faster; all common wheels of PyYAML bring it.
    from yaml import CSafeLoader as Loader
except ImportError:  # pragma: no cover
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

Loc = tuple[int | str, ...]

_TAG = "tag:yaml.org,2002:"
_TRUE = {"true", "yes", "on"}
# What authors trip over most, by a part of the parser's own words.
_ADVICE = {
    "mapping values are not allowed": "text with a colon in it needs quotes around it",
    "found character '\\t'": "indent with spaces, not with tabs",
    "tab character": "indent with spaces, not with tabs",
    "but got '?'": "text that ends with a question mark needs quotes around it here",
    "expected ',' or": "a bracket is opened here and never closed, or text needs quotes",
    "could not find expected ':'": "a key needs a colon after it",
    "found unexpected end of stream": "a quote is opened and never closed",
    "expected <block end>": "this line's indentation fits nothing above it, or text needs quotes",
    "did not find expected key": "the indentation fits nothing above it, or text needs quotes",
    "did not find expected '-' indicator": "each entry of this list begins with '- '",
    "found undefined alias": "text that begins with * needs quotes around it",
    "cannot start any token": "text that begins with this character needs quotes around it",
}


def read(path: Path) -> Node | Fault:
    """Compose one file; a fault if it is missing, empty or not YAML."""
    try:
        # Given an open file, not its text, the parser writes the file's name on every node.
        with path.open(encoding="utf-8-sig") as file:
            node = yaml.compose(file, Loader=Loader)
    except OSError:
        return Fault(path, 1, "this file is missing")
    except UnicodeDecodeError:
        return Fault(path, 1, "this file isn't UTF-8 text; save it as UTF-8")
    except yaml.MarkedYAMLError as error:
        return _unreadable(path, error)
    except yaml.YAMLError as error:
        return Fault(path, 1, f"not readable as YAML: {error}")
    return Fault(path, 1, "this file is empty") if node is None else node


def unportable(path: Path) -> Fault | None:
    """What YAML's pure Python parser doesn't read, though the C parser may."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            yaml.compose(file, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return _unreadable(path, error)
    return None


def _unreadable(path: Path, error: yaml.MarkedYAMLError) -> Fault:
    problem = error.problem or "unknown problem"
    # An open bracket is found out much later than where it stands.
    opened = error.context_mark if "expected ',' or" in problem else None
    mark = opened or error.problem_mark or error.context_mark
    advice = next((words for part, words in _ADVICE.items() if part in problem), problem)
    return Fault(path, mark.line + 1 if mark else 1, f"not readable as YAML: {advice}")


def repeats(node: Node) -> list[Fault]:
    """A fault for each key that stands twice in one mapping, or is no word."""
    faults: list[Fault] = []
    if isinstance(node, MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                faults.append(fault(key, "text that begins with a brace needs quotes around it"))
            elif key.value in seen:
                first = seen[key.value]
                faults.append(fault(key, f'"{key.value}" stands here and on line {first}'))
            else:
                seen[key.value] = key.start_mark.line + 1
            faults += repeats(value)
    elif isinstance(node, SequenceNode):
        for entry in node.value:
            faults += repeats(entry)
    return faults


def fault(node: Node, message: str) -> Fault:
    """A fault at the node's place."""
    return Fault(Path(node.start_mark.name), node.start_mark.line + 1, message)


def data(node: Node) -> JsonValue:
    """The plain value of a node. Dates stay text."""
    if isinstance(node, MappingNode):
        pairs = ((key, value) for key, value in node.value if isinstance(key, ScalarNode))
        return {key.value: data(value) for key, value in pairs}
    if isinstance(node, SequenceNode):
        return [data(entry) for entry in node.value]
    text: str = node.value
    match node.tag.removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return text.lower() in _TRUE
        case "int" | "float" as kind:
            return _number(text, kind)
        case _:
            return text


def _number(text: str, kind: str) -> int | float | str:
    plain = text.replace("_", "")
    try:
        return int(plain) if kind == "int" else float(plain)
    except ValueError:
        return text  # hexadecimal, 1:30 and the like are text to an author


def entry(node: Node, key: str) -> Node | None:
    """The value of a key in a mapping."""
    if not isinstance(node, MappingNode):
        return None
    return next((value for at, value in node.value if at.value == key), None)


def join(node: Node, key: str, other: Node) -> Node:
    """The same mapping with `other` as the value of `key`, whose own place is kept."""
    pairs = [(at, other if at.value == key else value) for at, value in node.value]
    if key not in {at.value for at, _ in pairs}:
        pairs.append((ScalarNode(f"{_TAG}str", key, node.start_mark), other))
    return MappingNode(node.tag, pairs, node.start_mark, node.end_mark)


def merged(node: Node, other: Node) -> Node:
    """What stands in both: mappings key by key, lists one after the other, else the first's."""
    if isinstance(node, MappingNode) and isinstance(other, MappingNode):
        for key, value in other.value:
            own = entry(node, key.value)
            node = join(node, key.value, value if own is None else merged(own, value))
    elif isinstance(node, SequenceNode) and isinstance(other, SequenceNode):
        both = [*node.value, *other.value]
        return SequenceNode(node.tag, both, node.start_mark, node.end_mark)
    return node


@dataclass(frozen=True)
class Found:
    """Where a walk ended: the node to point at, its value, and how far the path led."""

    place: Node
    value: Node
    path: Loc


def find(root: Node, loc: Loc) -> Found:
    """Walk towards `loc` as far as the data goes; parts that it doesn't have are passed over."""
    place = value = root
    path: Loc = ()
    for part in loc:
        if isinstance(value, MappingNode):
            pair = next(((k, v) for k, v in value.value if k.value == part), None)
            if pair is None:
                continue
            place, value = pair
        elif isinstance(value, SequenceNode) and isinstance(part, int) and part < len(value.value):
            place = value = value.value[part]
        else:
            continue
        path += (part,)
    return Found(place, value, path)


def untagged(root: Node, loc: Loc) -> Loc:
    """Drop what pydantic adds to a place: the kind of each entry of a union."""
    path: Loc = ()
    for before, part in zip(("", *loc), loc, strict=False):
        kind = entry(find(root, path).value, "kind") if isinstance(before, int) else None
        if kind is None or kind.value != part:
            path += (part,)
    return path


def spot(root: Node, word: str) -> Node | None:
    """Find the first place, in reading order, where `word` stands alone."""
    if isinstance(root, ScalarNode):
        return root if root.value == word else None
    inner = (
        (node for pair in root.value for node in pair)
        if isinstance(root, MappingNode)
        else (iter(root.value))
    )
    return next((found for node in inner if (found := spot(node, word)) is not None), None)
