"""What a learner reads is in content/: the code that teaches has no sentence and no word of it."""

import ast
import re
from collections.abc import Iterator

from tests.sources import ROOT, sources

DIALOGS = ROOT / "dialogs"
# Strings with a blank and letters that nobody reads in a chat, and why they stand in code.
ALLOWED = {
    "jsonl/checker.py": "regular expressions of JSON and of code fences",
    "reading/heads.py": "a message of an error, for who writes a lesson",
    "reading/personal.py": "regular expressions of numbers and addresses",
    "reading/sentences.py": "a regular expression of end marks",
    "jsonl/reader.py": "regular expressions of JSON, and annotations",
    "simulations/persona/scoring.py": "a regular expression of numbers, paths and quotes",
    "simulations/registry.py": "messages of errors, for who runs the tutor",
    "steps/quality.py": "a line of JSONL, and the same without its quotes",
    "steps/registry.py": "messages of errors, for who adds a kind of step",
    "values/replies.py": "annotations",
    "values/versions.py": "names of stored documents, for who runs the tutor",
    "work/persona_company.py": "messages of errors, for who runs the tutor",
}


def sentences(tree: ast.AST) -> Iterator[ast.Constant]:
    """The strings that hold a blank and letters, docstrings left out."""
    docstrings = {
        id(first.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(first := node.body[0] if node.body else None, ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docstrings:
                if " " in text and re.search("[A-Za-z]", text):
                    yield node
            case _:
                pass


def test_no_words_for_learners_stand_in_the_code_that_teaches() -> None:
    found = {
        str(file.relative_to(DIALOGS)): f"{node.lineno}: {node.value!r}"
        for file in sources("dialogs")
        for node in sentences(ast.parse(file.read_text("utf-8")))
    }
    assert {file: found[file] for file in found.keys() - ALLOWED} == {}
    assert ALLOWED.keys() <= found.keys(), "an entry that allows nothing goes"


def test_a_sentence_would_be_found() -> None:
    tree = ast.parse('''"""A docstring."""\nx = "look"\ny = f"Look {x} here"\nz = "Two words"''')
    assert {node.lineno for node in sentences(tree)} == {3, 4}
