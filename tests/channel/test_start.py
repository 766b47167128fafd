"""How an operator's settings are answered, and how the tutor stops."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from aiohttp import ClientSession, WSCloseCode

ROOT = Path(__file__).parents[2]


def run(folder: Path, **settings: str) -> "subprocess.Popen[str]":
    """Start `python app.py` with these settings."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/tutor.db", **settings}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "app.py")],
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"HOST": "0.0.0.0"}, ["MicrosoftAppId", "CHANNELS=web"]),
        ({"PORT": "many"}, ["PORT"]),
        ({"PORT": "70000"}, ["PORT"]),
        ({"PUBLIC_URL": "tutor.example"}, ["PUBLIC_URL", "https://"]),
        ({"DATABASE_URL": "mysql://x"}, ["DATABASE_URL", "postgresql://"]),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all/tutor.db"}, ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/db"}, ["DATABASE_URL"]),
        ({"MicrosoftAppId": "an-id"}, ["MicrosoftAppPassword"]),
        ({"CHANNELS": "some"}, ["CHANNELS"]),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_sentence(
    tmp_path: Path, settings: dict[str, str], words: list[str]
) -> None:
    process = run(tmp_path, **settings)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert len(told.strip().splitlines()) == 1
    assert all(word in told for word in words)
    assert "secret" not in told


async def stop_while_somebody_is_there(process: "subprocess.Popen[str]", url: str) -> str:
    """Send SIGTERM with a page's stream open: what the tutor had said."""
    async with ClientSession() as page:
        async with page.post(f"{url}/api/session", json={}) as answer:
            held = await answer.json()
        stream = f"{url}/directline/conversations/{held['conversationId']}/stream"
        async with page.ws_connect(stream, params={"t": held["token"]}) as socket:
            await socket.receive_json(timeout=10)
            process.send_signal(signal.SIGTERM)
            closing = await socket.receive(timeout=10)
            assert closing.data == WSCloseCode.GOING_AWAY
    said, _ = await asyncio.to_thread(process.communicate, timeout=10)
    return said


def test_a_taken_port_is_told_and_sigterm_ends_well(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    first = run(tmp_path, PORT=str(port))
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz").close()
            break
        except OSError:
            time.sleep(0.1)
    second = run(tmp_path, PORT=str(port))
    _, told = second.communicate(timeout=60)
    assert second.returncode == 2
    assert "PORT" in told
    assert len(told.strip().splitlines()) == 1
    said = asyncio.run(stop_while_somebody_is_there(first, f"http://127.0.0.1:{port}"))
    assert first.returncode == 0
    assert f"http://127.0.0.1:{port}/api/messages" in said
