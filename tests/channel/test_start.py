"""How an operator's settings are answered, and how the tutor stops."""

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from aiohttp import ClientSession, WSCloseCode
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.errors import SettingsError
from bot.store.database import open_store
from tests.disk import small_disk
from tests.waiting import LONGEST_S, until

ROOT = Path(__file__).parents[2]


# Starts the tutor with another folder for what it keeps of its reading.
WITH_SHELF = """
import pathlib, sys
from dialogs.reading import shelf
shelf.BESIDE = pathlib.Path("kept")
import app
from tests.waiting import LONGEST_S, until
sys.exit(app.main())
"""


def run(folder: Path, code: str = "", **settings: str) -> "subprocess.Popen[str]":
    """Start `python app.py`, or this code, with these settings."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/tutor.db", **settings}
    return subprocess.Popen(
        [sys.executable, *(["-c", code] if code else [str(ROOT / "app.py")])],
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def check_refusal(url: str, *words: str) -> None:
    """The database can't be opened; one sentence has these words, and no secret."""
    with pytest.raises(SettingsError) as caught:
        open_store(url)
    told = str(caught.value)
    assert len(told.splitlines()) == 1
    assert all(word in told for word in ("DATABASE_URL", *words)), told
    assert "secret" not in told


def test_a_bad_setting_stops_the_process_with_one_sentence(tmp_path: Path) -> None:
    process = run(tmp_path, HOST_TOKEN="secret")
    said, told = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 2
    assert said == ""
    assert len(told.strip().splitlines()) == 1
    assert "HOST_TOKEN" in told
    assert "secret" not in told


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////nowhere/at/all/tutor.db", []),
        ("postgresql://u:secret@127.0.0.1:1/db", []),
        ("postgresql://u:secret@nowhere.invalid/db", ["host"]),
    ],
)
def test_a_database_that_is_not_there_stops_the_start(url: str, words: list[str]) -> None:
    check_refusal(url, *words)


def test_a_wrong_password_or_name_stops_the_start(database: str) -> None:
    address = make_url(database)
    engine = create_engine(address.set(drivername="postgresql+psycopg"))
    with engine.begin() as db:
        db.execute(text("CREATE ROLE guest LOGIN PASSWORD 'right'"))
        rules = Path(db.execute(text("SHOW hba_file")).scalar_one())
        rules.write_text("local all guest scram-sha-256\n" + rules.read_text())
        db.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    wrong = address.set(username="guest", password="secret")
    for url, words in ((wrong, "password"), (address.set(database="nowhere"), "nowhere")):
        told = url.render_as_string(hide_password=False)
        check_refusal(told, words)


def test_a_database_that_does_not_answer_stops_the_start_soon() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # and nobody ever takes the call
        url = f"postgresql://u:secret@127.0.0.1:{silent.getsockname()[1]}/db"
        began = time.monotonic()
        check_refusal(url, "timeout")
        assert time.monotonic() - began < 100  # on a busy machine, too


def test_a_database_that_can_not_be_written_stops_the_start(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8) as disk:
        file = disk / "tutor.db"
        open_store(f"sqlite:///{file}").close()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        check_refusal(f"sqlite:///{file}", "write there")


def test_a_database_of_a_newer_tutor_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "tutor.db"
    open_store(f"sqlite:///{file}").close()
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    check_refusal(f"sqlite:///{file}", "newer version", "9999")


async def stop_while_somebody_is_there(process: "subprocess.Popen[str]", url: str) -> str:
    """Send SIGTERM with a page's stream open: what the tutor had said."""
    async with ClientSession() as page:
        async with page.post(f"{url}/api/session", json={}) as answer:
            held = await answer.json()
        stream = f"{url}/directline/conversations/{held['conversationId']}/stream"
        async with page.ws_connect(stream, params={"t": held["token"]}) as socket:
            await socket.receive_json(timeout=LONGEST_S)
            process.send_signal(signal.SIGTERM)
            closing = await socket.receive(timeout=LONGEST_S)
            assert closing.data == WSCloseCode.GOING_AWAY
    said, _ = await asyncio.to_thread(process.communicate, timeout=LONGEST_S)
    return said


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(process: "subprocess.Popen[str]", port: int) -> None:
    """Wait until this tutor answers at its port. Fails with what it said when it ended."""

    def is_there() -> bool:
        assert process.poll() is None, process.communicate()
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz").close()
        except OSError:
            return False
        return True

    try:
        asyncio.run(until(is_there, every_s=0.1))
    except pytest.fail.Exception:
        process.kill()
        pytest.fail(f"no answer: {process.communicate()}")


def test_the_first_start_says_that_it_makes_what_later_ones_have(tmp_path: Path) -> None:
    port = free_port()
    # What earlier installations of this user have kept is not to be found.
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    told = []
    for _ in range(2):
        process = run(tmp_path, WITH_SHELF, PORT=str(port), PYTHONPATH=str(ROOT), **cache)
        wait_for(process, port)
        process.send_signal(signal.SIGTERM)
        told.append("".join(process.communicate(timeout=LONGEST_S)))
    assert ["the first start" in one for one in told] == [True, False], told


def test_a_taken_port_is_told_and_sigterm_ends_well(tmp_path: Path) -> None:
    port = free_port()
    first = run(tmp_path, PORT=str(port))
    wait_for(first, port)
    second = run(tmp_path, PORT=str(port))
    _, told = second.communicate(timeout=LONGEST_S)
    assert second.returncode == 2
    assert "PORT" in told
    assert len(told.strip().splitlines()) == 1
    said = asyncio.run(stop_while_somebody_is_there(first, f"http://127.0.0.1:{port}"))
    assert first.returncode == 0
    assert f"http://127.0.0.1:{port}/api/messages" in said
