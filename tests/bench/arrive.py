"""Five hundred learners who arrive within ten seconds: the greeting, the start, the first steps.

They come to one tutor with an empty database, and press on after one to four seconds. A reply's
time is from sending an activity to its arrival, without the pause after a typing sign.
"""

import asyncio
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from bot.simulate.crowd import Plan
from bot.simulate.learner import crowd_of_learners
from bot.simulate.report import Figures
from content.loader import load
from tests.bench import servers
from tests.pace import slowness

LEARNERS, ARRIVE_S, TURNS = 500, 10.0, 5
HEAD = (
    "| database | learners | turns | replies | p50 ms | p95 ms | p99 ms | max ms "
    "| p99 ms at the reference pace | CPU ms a turn | generator's CPU | sound |"
)


def measure(databases: Iterable[str], learners: int = LEARNERS) -> None:
    """Let them arrive at a tutor on each of these databases; prints a row for each."""
    print(f"{HEAD}\n{'|---' * (HEAD.count('|') - 1)}|", flush=True)
    for kind in databases:
        print(_row(kind, learners), flush=True)


def _row(kind: str, learners: int) -> str:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        url, _ = running.enter_context(servers.database(kind, Path(folder)))
        server = running.enter_context(servers.tutor(url))
        servers.rest(server)
        before, slow = servers.used([server.process]), slowness()
        found = _arrived(server.port, learners)
        cpu = servers.used([server.process]) - before
    times = found.reply_ms()
    cells = (
        kind,
        f"{learners:,}",
        f"{found.turns:,}",
        f"{len(found.replies_ms):,}",
        *(f"{ms:.0f}" for ms in times.values()),
        f"{times['p99'] / slow:.0f}",
        f"{cpu * 1000 / max(1, found.turns):.2f}",
        f"{found.busy:.0%}",
        "yes" if found.is_sound else "no",
    )
    return f"| {' | '.join(cells)} |"


def _arrived(port: int, learners: int) -> Figures:
    plan = Plan(
        urls=[f"http://127.0.0.1:{port}"],
        learners=learners,
        pace="hasty",
        arrive_s=ARRIVE_S,
        turns=TURNS,
    )
    return asyncio.run(crowd_of_learners(plan, load()).run())
