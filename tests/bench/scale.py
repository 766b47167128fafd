"""`python -m tests.bench.scale`: simulated learners on tutors of our own; prints a markdown row.

CPU is counted from the first learner's arrival to the last one's end: of the tutors with their
workers, of the database's own processes, and of the simulator.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bench import servers
from tests.bench.servers import Server

HEAD = (
    "| database | tutors | learners | pace | turns | turns/s | p50 ms | p95 ms | p99 ms | max ms "
    "| errors | lost | twice | missing | CPU ms a turn: tutors | database "
    "| cores: tutors | database | simulator | MiB a tutor: before | after |"
)


def main() -> int:
    """Run it once, and print the table's head and row."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--tutors", type=int, default=1, help="processes that share it")
    parser.add_argument("--learners", type=int, default=2000)
    parser.add_argument("--pace", choices=("human", "fast"), default="human")
    parser.add_argument("--time", default="3m")
    parser.add_argument("--lesson")
    told = parser.parse_args()
    if told.database == "sqlite" and told.tutors > 1:
        parser.error("an SQLite file has one tutor")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        url, engine = running.enter_context(servers.database(told.database, Path(folder)))
        tutors = [
            running.enter_context(servers.tutor(url, f"tutor-{n}")) for n in range(told.tutors)
        ]
        for one in tutors:
            servers.rest(one)
        before = [_memory(one) for one in tutors]
        own = [one.process for one in tutors]
        cpu = servers.used(own), servers.used(engine)
        found = simulated(tutors, Path(folder), _arguments(told))
        spent = servers.used(own) - cpu[0], servers.used(engine) - cpu[1]
        after = [_memory(one) for one in tutors]
    cells = _cells(told, found, spent)
    memory = [f"{sum(each) / len(each):.0f}" for each in (before, after)]
    sys.stdout.write(f"{HEAD}\n{'|---' * (HEAD.count('|') - 1)}|\n")
    sys.stdout.write(f"| {' | '.join([*cells, *memory])} |\n")
    return 0


def _arguments(told: argparse.Namespace) -> list[str]:
    lesson = ["--lesson", told.lesson] if told.lesson else []
    return ["--learners", str(told.learners), "--pace", told.pace, "--time", told.time, *lesson]


def simulated(tutors: list[Server], folder: Path, arguments: list[str]) -> dict[str, Any]:
    """Let the simulator loose; its figures. What it tells goes to standard error."""
    file = folder / "figures.json"
    urls = [part for one in tutors for part in ("--url", f"http://127.0.0.1:{one.port}")]
    command = [sys.executable, "-m", "bot.simulate", *urls, *arguments, "--json", str(file)]
    subprocess.run(command, check=False, stdout=sys.stderr, cwd=servers.ROOT)
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def _memory(server: Server) -> float:
    """MiB of a tutor without its workers."""
    return server.memory()["server"]


def _cells(
    told: argparse.Namespace, found: dict[str, Any], spent: tuple[float, float]
) -> list[str]:
    seconds, turns = found["seconds"], max(1, found["turns"])
    latency = found["latency_ms"]
    return [
        told.database,
        str(told.tutors),
        f"{told.learners:,}",
        told.pace,
        f"{turns:,}",
        f"{found['turns_per_s']:.0f}",
        *(f"{latency[name]:.0f}" for name in ("p50", "p95", "p99", "max")),
        f"{sum(found['errors'].values())}",
        f"{found['lost']}",
        f"{found['doubled']}",
        f"{found['missing']}",
        *(f"{cpu * 1000 / turns:.2f}" for cpu in spent),
        *(f"{cpu / seconds:.2f}" for cpu in spent),
        f"{found['generator']['cpu']:.2f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
