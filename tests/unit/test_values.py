"""Values are changed by what mypy reads, and what it doesn't read is found here."""

import ast

import pytest

from tests.sources import ROOT, sources


@pytest.mark.parametrize("room", ["dialogs", "bot"])
def test_no_value_is_changed_by_a_dict_of_names(room: str) -> None:
    # A misspelt name in `model_copy(update={…})` changes nothing, and a wrong type is stored.
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sources(room)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("model_copy", "model_construct")
    ]
    assert not wrong
