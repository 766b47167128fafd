"""Every string is filled in with all that its braces name."""

import ast
from collections.abc import Iterator
from string import Formatter

import pytest

from content.faults import Fault
from content.loader import SHIPPED, STRINGS
from content.yaml_nodes import data, read

DIALOGS = SHIPPED.parent.parent / "dialogs"


def _strings() -> dict[str, str]:
    told: dict[str, str] = {}
    for file in sorted(STRINGS.glob("*.en.yaml")):
        node = read(file)
        assert not isinstance(node, Fault), str(node)
        section = data(node)
        assert isinstance(section, dict)
        told |= {key: text for key, text in section.items() if isinstance(text, str)}
    return told


def _filled() -> Iterator[tuple[str, str, set[str]]]:
    """Where the code fills a string in by name, with what."""
    for file in sorted(DIALOGS.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr=name), attr="format"),
                    keywords=given,
                ) if all(word.arg for word in given):
                    place = f"{file.relative_to(DIALOGS)}:{node.lineno}"
                    yield place, name, {str(word.arg) for word in given}
                case _:
                    pass


STRINGS_BY_KEY = _strings()
CALLS = [call for call in _filled() if call[1] in STRINGS_BY_KEY]


def test_the_code_does_fill_strings_in() -> None:
    assert len(CALLS) > 20


@pytest.mark.parametrize(("place", "key", "given"), CALLS, ids=[f"{c[1]} {c[0]}" for c in CALLS])
def test_a_string_gets_all_that_its_braces_name(place: str, key: str, given: set[str]) -> None:
    parts = Formatter().parse(STRINGS_BY_KEY[key])
    wanted = {name for _, name, _, _ in parts if name is not None}
    assert wanted <= given, f"{place} fills {key} with {sorted(given)}"
