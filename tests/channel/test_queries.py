"""No query of a turn, of its delivery or of the clock reads a whole table that learners fill."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.simulate.crowd import Plan
from bot.simulate.learner import crowd_of_learners
from bot.store import tables
from bot.store.database import open_store
from tests.channel.conftest import Start
from tests.lessons import library

# Who waits for a training stands in `compute`: some rows at a time, however many learners.
SMALL = {tables.secret.name, tables.computation.name, tables.signing_key.name, tables.staged.name}
BIG = {name for name in tables.metadata.tables if name not in SMALL}


@pytest.fixture
def asked() -> Iterator[set[str]]:
    """The statements that SQLite was given, with their values left out."""
    found: set[str] = set()

    def told(statement: str) -> None:
        found.add(re.sub(r"'(?:[^']|'')*'", "''", statement))

    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(told)

    event.listen(Engine, "connect", connected)
    yield found
    event.remove(Engine, "connect", connected)


async def test_every_query_finds_its_rows_by_an_index(
    start: Start, asked: set[str], tmp_path: Path
) -> None:
    open_store(f"sqlite:///{tmp_path}/tutor.db").close()
    asked.clear()  # the schema's steps may read whole tables
    for _ in range(2):  # the second start takes up what the first run left
        client = await start()
        url = f"http://127.0.0.1:{client.port}"
        plan = Plan([url], learners=4, seconds=4, lesson="plain-words")
        found = await crowd_of_learners(plan, library()).run()
        assert found.is_sound
    await client.close()
    queries = [q for q in asked if re.match(r"(SELECT|UPDATE|DELETE)\b", q)]
    touched = {name for name in BIG if any(re.search(rf"\b{name}\b", q) for q in queries)}
    assert touched >= {"learner", "progress", "identity", "conversation", "activity", "claim"}
    assert "later" in touched
    file = sqlite3.connect(tmp_path / "tutor.db")
    scans = [
        (detail, query)
        for query in queries
        for *_, detail in file.execute(f"EXPLAIN QUERY PLAN {query}")
        if (scan := re.match(r"SCAN (\w+)", detail)) and scan[1] in BIG
    ]
    file.close()
    assert scans == []
