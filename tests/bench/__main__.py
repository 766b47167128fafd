"""`python -m tests.bench`: durable tutor turns beside echo bots, in one run.

--quick      shorter, and once: for a look while working
--arrive     500 learners who arrive within ten seconds, and their first turns, alone
--room       500 learners who answer a poll in one room (2,000 over two instances), alone
--reading    what a text costs that is read by its meaning, and starts, alone
--insights   what each query behind /insights takes on a million facts, alone
--only NAME  one server alone (tutor, agents, stock, bare), and the load alone
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import create_engine

from bot.simulate.report import percentile
from bot.store import migrations
from content.loader import load
from dialogs.tutor import Tutor
from tests.bench import arrive, insights, reading, room, servers, walks
from tests.bench.servers import Server

SEEDS = 8
LEARNERS = 10_000
MODES: dict[str, dict[str, Any]] = {
    "normal": {"seats": 32},
    "expectReplies": {"seats": 32, "expect_replies": True},
    "normal, channel 100 ms": {"seats": 200, "latency": 0.1, "warmup": 4.0},
}
HUMANS: dict[str, Any] = {"seats": 200, "think": (3.0, 8.0), "warmup": 8.0}
NAMES = ("tutor", "agents", "stock", "bare")
NO_ANSWER = {("stock", "expectReplies")}  # botbuilder 4.17 answers 500


@dataclass
class Course:
    """The recorded walks, and how many learners have used them."""

    folder: Path
    recorded: list[walks.Walk]
    results: dict[str, Any]
    gone: int = 0

    def requests(self, name: str, mode: dict[str, Any]) -> Path:
        """A file of all walks' requests, as this server is sent them in this mode."""
        parts = {"deliveryMode": "expectReplies"} if mode.get("expect_replies") else {}
        if name != "tutor":
            parts["text"] = "next"  # an echo needs words, where a tutor may get a press
        file = self.folder / f"walks-{'-'.join(parts)}.json"
        if not file.exists():
            every = [
                [(walks.request(s, **parts), s.replies) for s in walk.turns]
                for walk in self.recorded
            ]
            file.write_text(json.dumps(every), "utf-8")
        return file

    def database(self, name: str) -> str:
        """A database in which all learners stand where their walk begins."""
        url = f"sqlite:///{self.folder}/{name}.db"
        engine = create_engine(url)
        migrations.upgrade(engine)
        with engine.begin() as db:
            walks.settle(db, self.recorded, self.results, LEARNERS)
        engine.dispose()
        return url

    def drive(self, server: Server, mode: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Let a crowd loose on a server."""
        task = {
            "port": server.port,
            "walks": str(self.requests(server.name, mode)),
            "first": self.gone,
            "processes": server.processes,
            "echo": server.name != "tutor",
            **mode,
            **more,
        }
        command = [sys.executable, "-m", "tests.bench.load"]
        done = subprocess.run(
            command,
            input=json.dumps(task).encode(),
            stdout=subprocess.PIPE,
            check=True,
            cwd=servers.ROOT,
        )
        figures: dict[str, Any] = json.loads(done.stdout)
        figures["times"].sort()
        if server.name == "tutor":
            self.gone += figures["learners"]
        return figures


def _load(course: Course, running: list[Server], *, rounds: int, seconds: float) -> None:
    """Each mode on each server in turn, some rounds; the median of each counts."""
    for mode, task in MODES.items():
        found: dict[str, list[dict[str, Any]]] = {}
        for _ in range(rounds):
            for server in running:
                if (server.name, mode) not in NO_ANSWER:
                    made = course.drive(server, {"warmup": 1.0, **task}, seconds=seconds)
                    found.setdefault(server.name, []).append(made)
        _table(mode, found)


def _table(mode: str, found: dict[str, list[dict[str, Any]]]) -> None:
    print(f"\n{mode} ({MODES[mode]['seats']} learners without a pause)")
    print("| server | turns/s | CPU ms a turn | p50 ms | p99 ms | tutor is | generator's CPU |")
    print("|---|---|---|---|---|---|---|")
    rates = {
        name: median(f["turns"] / f["seconds"] for f in figures) for name, figures in found.items()
    }
    for name in NAMES:
        if (name, mode) in NO_ANSWER:
            print(f"| {name} | n/a (500) | | | | | |")
        if name not in found:
            continue
        figures = found[name]
        cpu = median(f["cpu"] * 1000 / max(1, f["turns"]) for f in figures)
        times = sorted(t for f in figures for t in f["times"])
        ratio = f"{rates['tutor'] / rates[name]:.2f} ×" if "tutor" in rates and rates[name] else ""
        busy = median(f["own_cpu"] / f["seconds"] for f in figures)
        print(
            f"| {name} | {rates[name]:,.0f} | {cpu:.2f} "
            f"| {percentile(times, 50):.1f} | {percentile(times, 99):.1f} | {ratio} | {busy:.0%} |"
        )
    sys.stdout.flush()


def _at_human_pace(course: Course, server: Server, seconds: float) -> None:
    figures = course.drive(server, HUMANS, seconds=seconds)
    times = figures["times"]
    low, high = HUMANS["think"]
    print(
        f"\n{HUMANS['seats']} learners who think {low:g} to {high:g} s: "
        f"{figures['turns']} turns in {figures['seconds']:.0f} s, "
        f"p50 {percentile(times, 50):.1f} ms, "
        f"p99 {percentile(times, 99):.1f} ms, slowest {times[-1]:.1f} ms, "
        f"CPU {figures['cpu'] / figures['seconds']:.1%}"
    )


def _at_rest(course: Course) -> None:
    """Start, and memory when every known learner has been there."""
    database = course.database("rest")
    starts = []
    for _ in range(3):
        with servers.tutor(database) as server:
            starts.append(server.started_s)
    print(f"\nfrom start to ready: {', '.join(f'{s:.2f} s' for s in sorted(starts))}")
    with servers.tutor(database) as server:
        course.gone = 0
        everyone = {"seats": 64, "learners": LEARNERS, "turns_each": 2}
        course.drive(server, everyone, warmup=0.0, seconds=600.0)
        memory = server.memory()
    told = ", ".join(f"{name} {mib:.0f} MiB" for name, mib in memory.items())
    print(f"memory with {LEARNERS:,} learners known, each of whom was there: {told}")


def main() -> None:
    """Run it, and print tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--arrive", action="store_true")
    parser.add_argument("--room", action="store_true")
    parser.add_argument("--reading", action="store_true")
    parser.add_argument("--insights", action="store_true")
    parser.add_argument(
        "--database",
        choices=("sqlite", "postgresql"),
        help="with --arrive, --room or --insights",
    )
    parser.add_argument("--learners", type=int, help="with --room, on one instance")
    parser.add_argument("--asked", choices=tuple(room.ASKED), default="poll", help="with --room")
    told = parser.parse_args()
    if told.room:
        room.measure(told.database, told.learners, told.asked)
        return
    kinds = [told.database] if told.database else ["sqlite", "postgresql"]
    if told.arrive:
        arrive.measure(kinds)
        return
    if told.insights:
        insights.measure(kinds)
        return
    if told.reading:
        reading.measure()
        return
    names = (told.only,) if told.only else NAMES
    servers.prepare()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    recorded, results = walks.record(Tutor(load()), SEEDS)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        course = Course(Path(folder), recorded, results)
        every = []
        for name in names:
            made = (
                servers.tutor(course.database("load")) if name == "tutor" else servers.rival(name)
            )
            every.append(running.enter_context(made))
            servers.rest(every[-1])
        rounds, seconds = (1, 3.0) if told.quick else (3, 6.0)
        _load(course, every, rounds=rounds, seconds=seconds)
        if told.only:
            return
        _at_human_pace(course, every[0], 20.0 if told.quick else 60.0)
        running.close()
        _at_rest(course)


if __name__ == "__main__":
    main()
