"""Each room imports only what it may, and the README shows what is there."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from content.loader import load
from dialogs.journey import COMPLETE, machine

ROOT = Path(__file__).parents[2]
MAY = {
    "content": {"content"},
    "dialogs": {"content", "dialogs"},
    "cards": {"content", "dialogs", "cards"},
    "bot": {"content", "dialogs", "cards", "bot"},
}
OURS = {*MAY, "app", "tests"}
SDK = {"botbuilder", "botframework"}
NEVER = {*SDK, "aiohttp", "sqlalchemy", "asyncio", "random.random", "time"}
# Parts of the SDK that nothing here needs: its bot, its sockets, and what makes objects of JSON.
HEAVY = ("botbuilder.core", "botframework.streaming", "jsonpickle")


def imported(file: Path) -> set[str]:
    """The packages that a file names."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("room", MAY)
def test_imports_point_inwards(room: str) -> None:
    for file in (ROOT / room).rglob("*.py"):
        found = imported(file)
        assert found & OURS <= MAY[room], file
        if room != "bot":
            assert not found & NEVER, file


def test_only_the_shell_knows_the_sdk_and_little_of_it() -> None:
    shipped = [ROOT / "app.py", *(file for room in MAY for file in (ROOT / room).rglob("*.py"))]
    rooms = {file.relative_to(ROOT).parts[0] for file in shipped if imported(file) & SDK}
    assert rooms == {"bot"}
    code = f"import app, sys; print([name for name in {HEAVY} if name in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_the_readmes_diagram_is_the_machines() -> None:
    lesson = load().lessons["polite-chatbot"]
    phases = tuple(p.id for p in lesson.phases)
    moves = [
        f"{source} --> {move.dest}: {name} [{', '.join(str(c.func) for c in move.conditions)}]"
        for name, event in machine(phases).events.items()
        for source, found in event.transitions.items()
        for move in found
    ]
    wanted = [f"[*] --> {phases[0]}", *moves]
    readme = (ROOT / "README.md").read_text("utf-8")
    drawn = re.search(r"stateDiagram-v2\n(.*?)```", readme, re.DOTALL)
    assert drawn
    assert [line.strip() for line in drawn[1].strip().splitlines()] == wanted
    assert wanted[-1].split()[2] == f"{COMPLETE}:"


def test_the_readmes_files_are_there() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in re.findall(r"\]\(([\w./-]+)\)", readme):
        assert (ROOT / name).exists(), name
