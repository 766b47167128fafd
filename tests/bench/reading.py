"""What reading by meaning costs: a turn's CPU with and without a text, starts, and memory.

One learner talks to the base model, turn after turn without a pause. "help" is typed, too, but
nothing in it is read; a short text is one sentence that nobody wrote before, a long one three.
"""

import json
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.request import Request, urlopen

from sqlalchemy import create_engine

from bot.store import migrations
from content.loader import load
from tests.bench import servers
from tests.bench.load import used as cpu
from tests.bench.servers import Server
from tests.pace import slowness
from tests.security.test_busy import LESSON, settle

STEP = "meet-base"
TURNS = 150
SENTENCES = (
    "Where is the {what} of order {number}, and why does it take so long?",
    "I bought a {what} under the number {number} but I don't like its colour any more.",
    "Could you tell me what the {what} costs if I pick it up with code {number}?",
)
WHAT = ("tent", "stove", "lamp", "jacket", "rucksack", "mat", "kayak", "rope", "flask", "hammock")


def measure() -> None:
    """Start it twice, let one learner talk; prints tables."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shelf = home / "kept"
        print("| start | s | CPU s | CPU s at the reference pace |\n|---|---|---|---|", flush=True)
        for name in ("first", "second", "third"):
            slow = slowness()
            with servers.tutor(f"sqlite:///{home}/start.db", shelf=shelf) as server:
                used = cpu([server.process])
                print(f"| {name} | {server.started_s:.2f} | {used:.2f} | {used / slow:.2f} |")
                servers.rest(server)
        url = f"sqlite:///{home}/turns.db"
        engine = create_engine(url)
        migrations.upgrade(engine)
        with engine.begin() as db:
            settle(db, load().lessons[LESSON], STEP)
        engine.dispose()
        with servers.tutor(url) as server:
            servers.rest(server)
            _turns(server)
            print(f"\nmemory in MiB, private and shared: {_memory(server)}")


def _turns(server: Server) -> None:
    said = _posts(server)
    for _ in range(20):
        next(said)("help")
    print("\n| turn with | CPU ms | of it in workers | × |\n|---|---|---|---|")
    base = 0.0
    kinds: dict[str, Iterator[str]] = {
        "no text to read (help)": iter(lambda: "help", ""),
        "a known sentence": iter(lambda: "When are you open?", ""),
        "a short text": _sentences(1_000),
        "a long text": map(" ".join, zip(*[_sentences(5_000)] * 3, strict=False)),
    }
    for name, texts in kinds.items():
        before, workers = servers.used([server.process]), _children(server)
        for _ in range(TURNS):
            next(said)(next(texts))
        spent = (servers.used([server.process]) - before) * 1000 / TURNS
        beside = (_children(server) - workers) * 1000 / TURNS
        base = base or spent
        print(f"| {name} | {spent:.2f} | {beside:.2f} | {spent / base:.2f} |", flush=True)


def _children(server: Server) -> float:
    return servers.used(servers.children(server.process))


def _sentences(first: int) -> Iterator[str]:
    """Sentences that were never said, as long as `first` is another number each time."""
    for number in count(first):
        what = WHAT[number % len(WHAT)]
        yield SENTENCES[number % len(SENTENCES)].format(what=what, number=number)


def _posts(server: Server) -> Iterator["_Say"]:
    for number in count():
        yield _Say(server.port, number)


class _Say:
    """One message of the learner's, with its replies in the answer."""

    def __init__(self, port: int, number: int) -> None:
        self._url = f"http://127.0.0.1:{port}/api/messages"
        self._number = number

    def __call__(self, text: str) -> None:
        body = {
            "type": "message",
            "id": f"m-{self._number}",
            "channelId": "emulator",
            "serviceUrl": "http://127.0.0.1:9",
            "from": {"id": STEP, "role": "user"},
            "recipient": {"id": "bot1", "role": "bot"},
            "conversation": {"id": f"talk-{STEP}"},
            "deliveryMode": "expectReplies",
            "text": text,
        }
        head = {"Content-Type": "application/json"}
        with urlopen(Request(self._url, json.dumps(body).encode(), head)) as answer:
            assert json.load(answer)["activities"]


def _memory(server: Server) -> str:
    told = []
    for process in server.processes:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8")
        kib = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
        private = kib["Private_Clean"] + kib["Private_Dirty"]
        shared = kib["Shared_Clean"] + kib["Shared_Dirty"]
        told.append(f"{private / 1024:.0f} + {shared / 1024:.0f}")
    return ", ".join(told)
