"""Each room imports only what it may, and the README shows what is there."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from dialogs.journey import COMPLETE, machine
from tests.lessons import library
from tests.sources import ROOT, sources

VALUES, WORK, STEPS = "dialogs.values", "dialogs.work", "dialogs.steps"
RECORDS, LIVE = "dialogs.records", "dialogs.room"
DEMONSTRATIONS = "dialogs.demonstrations"
READING, SIMULATIONS = "dialogs.reading", "dialogs.simulations"
# What each package may lean on. A file that stands in no package below counts with its folder.
MAY: dict[str, set[str]] = {
    "content": set(),
    READING: {"content"},
    LIVE: {"content", READING},
    "dialogs.jsonl": {"content", READING},
    SIMULATIONS: {"content", "dialogs.jsonl", READING},
    "content.check": {"content", READING, SIMULATIONS, STEPS},
    VALUES: {"content", "dialogs.jsonl", LIVE, SIMULATIONS},
    RECORDS: {"content", VALUES},
    WORK: {"content", READING, SIMULATIONS, VALUES},
    DEMONSTRATIONS: {"content", VALUES},
    STEPS: {"content", DEMONSTRATIONS, "dialogs.jsonl", READING, SIMULATIONS, VALUES, WORK},
    "dialogs": {"content", READING, LIVE, SIMULATIONS, VALUES, WORK, STEPS, RECORDS},
    "cards": {"content", VALUES},
    "bot.errors": {"content"},
    "bot.logs": {"content"},
    "bot.activity": {"cards", VALUES},
    "bot.settings": {"bot.errors", "bot.logs", "bot.activity"},
    "bot.http": {"content", VALUES, "bot.errors", "bot.logs", "bot.settings"},
    "bot.store": {
        *("content", LIVE, SIMULATIONS, VALUES, "dialogs.records"),
        *("bot.errors", "bot.logs", "bot.activity"),
    },
}
MAY["bot.operations"] = {
    *(VALUES, "bot.errors", "bot.logs", "bot.settings", "bot.http", "bot.store"),
}
MAY["bot.records"] = {
    *("content", VALUES, RECORDS, "bot.errors", "bot.settings", "bot.http", "bot.store"),
}
MAY["bot.turns"] = {
    *("content", "dialogs", READING, SIMULATIONS, VALUES, "cards", "bot.errors", "bot.logs"),
    *("bot.activity", "bot.store", "bot.operations", "bot.records", RECORDS, LIVE),
}
MAY["bot.rooms"] = {
    *("content", "dialogs", LIVE, SIMULATIONS, WORK),
    *("bot.errors", "bot.settings", "bot.http", "bot.store", "bot.records"),
}
MAY["bot.channels"] = {
    *("content", VALUES, "cards", "bot.errors", "bot.settings"),
    *("bot.activity", "bot.http", "bot.store", "bot.turns"),
}
MAY["bot.page"] = {
    *("content", "dialogs", "dialogs.jsonl", SIMULATIONS, VALUES, WORK, STEPS, "cards"),
    *("bot.errors", "bot.settings", "bot.activity", "bot.http", "bot.store", "bot.turns"),
    "bot.channels",
}
MAY["bot.simulate"] = {
    *("content", READING, SIMULATIONS, STEPS, "bot.errors", "bot.activity"),
}
MAY["bot"] = {  # entry points
    *("bot.errors", "bot.logs", "bot.settings", "bot.activity", "bot.store", "bot.records"),
}
ROOMS = ("content", "dialogs", "cards", "bot")
OURS = {*ROOMS, "app", "tests"}
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


def package(module: str) -> str:
    """The package of `MAY` that a module of ours belongs to."""
    parts = module.split(".")
    names = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((name for name in names if name in MAY), parts[0])


def arrows(room: str) -> Iterator[tuple[str, str, str]]:
    """From which package to which, and the file that does it."""
    for file in sources(room):
        here = file.relative_to(ROOT)
        module = ".".join(here.with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                if name.split(".")[0] in OURS and package(name) != package(module):
                    yield package(module), package(name), str(here)


@pytest.mark.parametrize("room", ROOMS)
def test_packages_lean_on_those_below_alone(room: str) -> None:
    wrong = [(s, d, file) for s, d, file in arrows(room) if d not in MAY[s]]
    assert not wrong


def test_no_package_leans_on_itself_by_a_detour() -> None:
    assert list(TopologicalSorter(MAY).static_order())


@pytest.mark.parametrize("room", ROOMS[:-1])
def test_the_pure_rooms_know_no_network_no_clock_and_no_dice(room: str) -> None:
    for file in sources(room):
        assert not imported(file) & NEVER, file


def test_only_the_shell_knows_the_sdk_and_little_of_it() -> None:
    shipped = [ROOT / "app.py", *(file for room in ROOMS for file in sources(room))]
    rooms = {file.relative_to(ROOT).parts[0] for file in shipped if imported(file) & SDK}
    assert rooms == {"bot"}
    code = f"import app, sys; print([name for name in {HEAVY} if name in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_the_readmes_diagram_is_the_machines() -> None:
    lesson = library().lessons["polite-chatbot"]
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


def test_the_architectures_paths_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(r"`((?:[\w.-]+/)+(?:[\w-]+\.\w+)?|app\.py)`", text)
    assert len(named) > 30
    assert not [name for name in named if not (ROOT / name).exists()]


def test_the_architectures_table_says_what_each_package_leans_on() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE)
    assert {name: set(re.findall(r"`([\w.]+)`", leans)) for name, leans in rows} == MAY
