"""Every string is read by some code and filled in with all that its braces name."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from content.faults import ContentError, Fault
from content.frozen import Frozen
from content.loader import STRINGS, load
from content.strings import Strings
from content.yaml_nodes import data, read
from tests.sources import ROOT, sources

DIALOGS = ROOT / "dialogs"


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
    for file in sources("dialogs"):
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


def _read_attributes() -> set[str]:
    """Every attribute that some code or template of the product reads."""
    files = [ROOT / "app.py"]
    for room in ("bot", "cards", "content", "dialogs"):
        files += sources(room)
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text())))
    templates = (ROOT / "bot" / "http" / "templates").glob("*.html")
    marks = (mark for file in templates for mark in re.findall(r"{[{%].*?[%}]}", file.read_text()))
    filled_in = {name for mark in marks for name in re.findall(r"\.(\w+)", mark)}
    return filled_in | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def test_every_string_is_read_by_some_code() -> None:
    """Who translates writes each of them: none may be for nobody."""
    attributes = _read_attributes()
    for section, field in Strings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Frozen):
            unread = set(kind.model_fields) - attributes
            assert not unread, f"nothing reads these of {section}: {sorted(unread)}"


def test_every_string_of_the_page_is_read_by_its_scripts() -> None:
    scripts = [f for f in (ROOT / "bot/page/web").rglob("*.js") if "vendor" not in f.parts]
    told = "\n".join(file.read_text() for file in scripts)
    read_there = set(re.findall(r'"(\w+)"|\bwords\.(\w+)', told))
    known = {name for pair in read_there for name in pair}
    assert not set(load().strings.page) - known - {"title"}  # the title stands in the HTML


@pytest.fixture
def words(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STRINGS, tmp_path / "strings"))


def test_a_mistyped_command_is_a_fault_with_its_line(words: Path) -> None:
    file = words / "tutor.en.yaml"
    text = file.read_text()
    file.write_text(text.replace("  again: [", "  agian: ["))
    line = text[: text.index("  again: [")].count("\n") + 1
    with pytest.raises(ContentError) as caught:
        load(words=words)
    told = f'{file}:{line}: unknown key "agian"; did you mean "again"?'
    assert told in str(caught.value).splitlines()


def test_a_command_without_words_is_a_fault(words: Path) -> None:
    file = words / "tutor.en.yaml"
    file.write_text(file.read_text().replace("  again: [again, try again, retry]\n", ""))
    with pytest.raises(ContentError, match='no words for the command "again"'):
        load(words=words)
