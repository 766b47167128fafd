"""An operator shows, exports and deletes one learner's data."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from bot import admin
from bot.store import tables
from tests.channel.conftest import Connector, Start, Talk

NOBODYS = {"result", "secret"}


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/tutor.db"
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def rows(url: str) -> dict[str, int]:
    """How many rows each table has."""
    with create_engine(url).connect() as db:
        every = tables.metadata.tables.values()
        return {
            t.name: int(db.execute(select(func.count()).select_from(t)).scalar_one())
            for t in every
            if t.name not in NOBODYS
        }


async def test_one_learners_data_is_shown_exported_and_deleted(
    start: Start, connector: Connector, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client = await start()
    for user in ("ann", "bob"):
        talk = Talk(client, connector, user)
        await talk.say("hi")
        await talk.say("begin")
        await talk.say("my own words")
    before = rows(address)
    assert admin.main(["show", "emulator:ann"]) == 0
    shown = capsys.readouterr().out
    assert "known to emulator as ann" in shown
    assert "polite-chatbot: at step" in shown

    assert admin.main(["export", "emulator:ann"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "Learning goals" in json.dumps(told["activity"])
    assert {row["external"] for row in told["identity"]} == {"ann"}
    assert told["fact"]

    gone = await asyncio.to_thread(admin.main, ["delete", "emulator:ann", "--yes"])
    assert gone == 0
    capsys.readouterr()
    after = rows(address)
    assert {name: after[name] * 2 for name in after} == before, "the other learner keeps all"
    assert admin.main(["show", "emulator:ann"]) == 2
    assert "no learner" in capsys.readouterr().err
    # Who was deleted can begin anew.
    assert "Begin Exercise" in json.dumps(await Talk(client, connector, "ann").say("hi"))


async def test_deleting_asks_first(
    start: Start,
    connector: Connector,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await Talk(await start(), connector, "ann").say("hi")
    before = rows(address)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    assert admin.main(["delete", "emulator:ann"]) == 0
    assert rows(address) == before


def test_an_unreadable_database_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/tutor.db")
    assert admin.main(["show", "x"]) == 2
    assert "can't be read" in capsys.readouterr().err
