"""`python -m tests.bench.scale`: simulated learners on tutors of our own; prints a markdown row.

CPU is counted from the first learner's arrival to the last one's end: of the tutors with their
workers, of the database's own processes, and of the simulator.
"""

import argparse
import asyncio
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bot.simulate.__main__ import ARRIVAL_S, seconds
from bot.simulate.crowd import Plan
from bot.simulate.learner import crowd_of_learners
from bot.simulate.report import Figures, text
from content.loader import load
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
    parser.add_argument("--time", type=seconds, default="3m")
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
        found = _simulated(tutors, told)
        spent = servers.used(own) - cpu[0], servers.used(engine) - cpu[1]
        after = [_memory(one) for one in tutors]
    cells = _cells(told, found, spent)
    memory = [f"{sum(each) / len(each):.0f}" for each in (before, after)]
    sys.stdout.write(f"{HEAD}\n{'|---' * (HEAD.count('|') - 1)}|\n")
    sys.stdout.write(f"| {' | '.join([*cells, *memory])} |\n")
    return 0


def _simulated(tutors: list[Server], told: argparse.Namespace) -> Figures:
    """Let learners loose; their report goes to standard error."""
    plan = Plan(
        urls=[f"http://127.0.0.1:{one.port}" for one in tutors],
        learners=told.learners,
        pace=told.pace,
        seconds=told.time,
        arrive_s=ARRIVAL_S if told.pace == "human" else 0.0,
        lesson=told.lesson,
    )
    found = asyncio.run(crowd_of_learners(plan, load()).run())
    sys.stderr.write(text(found))
    return found


def _memory(server: Server) -> float:
    """MiB of a tutor without its workers."""
    return server.memory()["server"]


def _cells(told: argparse.Namespace, found: Figures, spent: tuple[float, float]) -> list[str]:
    turns = max(1, found.turns)
    return [
        told.database,
        str(told.tutors),
        f"{told.learners:,}",
        told.pace,
        f"{turns:,}",
        f"{found.rate:.0f}",
        *(f"{ms:.0f}" for ms in found.latency_ms().values()),
        f"{found.errors.total()}",
        f"{found.lost}",
        f"{found.doubled}",
        f"{found.missing}",
        *(f"{cpu * 1000 / turns:.2f}" for cpu in spent),
        *(f"{cpu / found.seconds:.2f}" for cpu in spent),
        f"{found.busy:.2f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
