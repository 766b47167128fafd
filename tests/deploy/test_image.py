"""The Dockerfile's own lines, done without a container engine in a fresh virtual environment."""

import fnmatch
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.waiting import LONGEST_S

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"^([A-Z]+)\s+(.*)$")
VENV = "/opt/tutor"


@dataclass
class Recipe:
    """The Dockerfile's instructions, in order, and the copies of files into its first stage."""

    steps: list[tuple[str, str]]

    @classmethod
    def read(cls) -> "Recipe":
        text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
        found = [LINE.match(line) for line in text.splitlines()]
        return cls([(m[1], m[2]) for m in found if m])

    def all(self, name: str) -> list[str]:
        return [rest for step, rest in self.steps if step == name]

    @property
    def stages(self) -> "list[Recipe]":
        starts = [n for n, (name, _) in enumerate(self.steps) if name == "FROM"]
        ends = [*starts[1:], len(self.steps)]
        return [Recipe(self.steps[a:b]) for a, b in zip(starts, ends, strict=True)]

    @property
    def environment(self) -> dict[str, str]:
        return dict(word.split("=", 1) for rest in self.all("ENV") for word in shlex.split(rest))


def ignored(path: str) -> bool:
    """Whether .dockerignore keeps a file out: its last line that fits decides."""
    out = False
    for line in (ROOT / ".dockerignore").read_text("utf-8").split("\n"):
        rule = line.strip()
        if not rule or rule.startswith("#"):
            continue
        pattern = rule.lstrip("!").removeprefix("**/")
        parts = path.split("/")
        above = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
        names = parts if rule.startswith("**/") else above
        if any(fnmatch.fnmatch(name, pattern) for name in names):
            out = not rule.startswith("!")
    return out


def copied(stage: Recipe, target: Path) -> None:
    """Do the COPY lines of a stage, from what .dockerignore lets through."""
    for rest in stage.all("COPY"):
        if rest.startswith("--from"):
            continue
        *sources, into = rest.split()
        for source in sources:
            found = ROOT / source
            for file in [found] if found.is_file() else sorted(found.rglob("*")):
                name = str(file.relative_to(ROOT))
                if file.is_file() and not ignored(name):
                    place = target / (name if into == "./" else into + name[len(source) :])
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(file, place)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The virtual environment that the first stage makes."""
    folder = tmp_path_factory.mktemp("image")
    stage = Recipe.read().stages[0]
    source, venv = folder / "src", folder / "opt" / "tutor"
    copied(stage, source)
    assert not list(source.rglob("vendor"))
    for command in stage.all("RUN"):
        # The image's python, and the machine's own settings of pip, are what differs.
        here = command.replace("/opt/", f"{folder}/opt/").replace("--no-cache-dir ", "")
        words = shlex.split(here)
        words[0] = sys.executable if words[0] == "python" else words[0]
        done = subprocess.run(words, cwd=source, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
    return venv


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def test_what_the_image_installs_starts_is_healthy_and_stops(
    installed: Path, tmp_path: Path
) -> None:
    stage = Recipe.read().stages[1]
    own = {**stage.environment, "PORT": free_port(), "CHANNELS": "web", "DRAIN_S": "0"}
    own["DATABASE_URL"] = own["DATABASE_URL"].replace("/data", str(tmp_path))
    around = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    def command(name: str) -> list[str]:
        words = stage.all(name)[0]
        line: list[str] = json.loads(words[words.index("[") :].replace(VENV, str(installed)))
        return line

    start = command("CMD")
    health = command("HEALTHCHECK")

    def is_healthy() -> bool:
        asked = subprocess.run(
            health, cwd=tmp_path, env={**around, **own}, capture_output=True, check=False
        )
        return asked.returncode == 0

    assert not is_healthy()
    process = subprocess.Popen(
        start, cwd=tmp_path, env={**around, **own}, stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + LONGEST_S
        while not is_healthy():
            assert process.poll() is None
            assert time.monotonic() < until
        assert (tmp_path / "tutor.db").exists()
    finally:
        process.send_signal(signal.SIGTERM)
        told = process.communicate(timeout=LONGEST_S)[1]
    assert process.returncode == 0
    assert all(json.loads(line)["level"] == "info" for line in told.splitlines())


def pins(name: str) -> dict[str, str]:
    """What a file of requirements or constraints pins, by the package's name."""
    text = (ROOT / name).read_text("utf-8")
    found = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s\\]+)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in found}


def test_the_image_has_the_versions_that_the_tests_ran_with_each_by_its_hash() -> None:
    locked = pins("requirements.lock")
    tested = pins("constraints.txt")
    assert {name: tested.get(name) for name in locked} == locked

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["telemetry"],
    ]
    names = {re.split(r"[\[<>=]", one)[0].replace("_", "-").lower() for one in wanted}
    assert names <= set(locked)

    for name in ("requirements.lock", "build-requirements.lock"):
        text = (ROOT / name).read_text("utf-8")
        entries = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in entry for entry in entries)
        assert "://" not in text
    build = {re.split("[<>=]", one)[0] for one in project["build-system"]["requires"]}
    assert build <= set(pins("build-requirements.lock"))


def test_the_image_runs_as_nobody_special_and_keeps_its_data_in_a_volume() -> None:
    last = Recipe.read().stages[1]
    assert last.all("USER") == ["tutor"]
    assert last.all("VOLUME") == ["/data"]
    assert last.environment["DATABASE_URL"].startswith("sqlite:////data/")
