"""How the real process stops: nothing that was taken is lost, and who balances load is told."""

import asyncio
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, WSCloseCode

from tests.channel.conftest import Connector
from tests.channel.test_start import run
from tests.waiting import LONGEST_S, until_answered


@dataclass
class Tutor:
    """A process of the tutor and a client for it."""

    process: "subprocess.Popen[str]"
    session: ClientSession
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def status(self, path: str) -> int:
        async with self.session.get(self.url + path) as answer:
            return answer.status

    async def is_ready(self) -> bool:
        """Whether it takes turns. Fails when it ended instead."""
        assert self.process.poll() is None, self.process.communicate()
        try:
            return await self.status("/readyz") == 200
        except OSError:
            return False

    async def say(self, connector: Connector, text: str, name: str) -> int:
        body = {
            "type": "message",
            "id": name,
            "text": text,
            "channelId": "emulator",
            "serviceUrl": connector.url,
            "from": {"id": "user1"},
            "recipient": {"id": "bot1"},
            "conversation": {"id": "talk"},
        }
        async with self.session.post(f"{self.url}/api/messages", json=body) as answer:
            return answer.status

    async def stopped(self) -> float:
        """Wait for its end: the seconds that it took."""
        began = time.monotonic()
        await asyncio.to_thread(self.process.communicate, timeout=LONGEST_S)
        assert self.process.returncode == 0
        return time.monotonic() - began


@asynccontextmanager
async def running(folder: Path, **settings: str) -> AsyncIterator[Tutor]:
    """A tutor that is ready, as a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = run(folder, PORT=str(port), **settings)
    async with ClientSession() as session:
        made = Tutor(process, session, port)
        try:
            await until_answered(made.is_ready)
            yield made
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()


async def test_before_it_stops_it_says_so_and_still_takes_turns(
    tmp_path: Path, connector: Connector
) -> None:
    async with running(tmp_path, DRAIN_S="2") as tutor:
        async with tutor.session.post(f"{tutor.url}/api/session", json={}) as answer:
            held = await answer.json()
        stream = f"{tutor.url}/directline/conversations/{held['conversationId']}/stream"
        async with tutor.session.ws_connect(stream, params={"t": held["token"]}) as page:
            await page.receive_json(timeout=LONGEST_S)
            tutor.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.2)
            assert await tutor.status("/readyz") == 503
            async with tutor.session.get(f"{tutor.url}/healthz") as answer:
                assert answer.status == 200
                assert answer.headers["Connection"] == "close"
            assert await tutor.say(connector, "hi", "a1") == 202
            await connector.until(1)
            closing = await page.receive(timeout=LONGEST_S)
            assert closing.data == WSCloseCode.GOING_AWAY
        await tutor.stopped()


async def test_a_second_signal_ends_the_wait(tmp_path: Path) -> None:
    async with running(tmp_path, DRAIN_S="60") as tutor:
        tutor.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.2)
        assert await tutor.status("/readyz") == 503
        tutor.process.send_signal(signal.SIGTERM)
        assert await tutor.stopped() < 10


async def test_a_turn_that_runs_is_finished(tmp_path: Path, connector: Connector) -> None:
    async with running(tmp_path) as tutor:
        with sqlite3.connect(tmp_path / "tutor.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")  # the turn waits for this
            turn = asyncio.create_task(tutor.say(connector, "hi", "a1"))
            await asyncio.sleep(0.5)
            tutor.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.5)
            other.execute("ROLLBACK")
        other.close()
        assert await turn == 202
        await tutor.stopped()
    before = len(connector.sent)
    async with running(tmp_path):
        await connector.until(max(1, before))
        texts = [one.get("text") for one in connector.sent]
        assert len(texts) == len(set(map(str, texts)))


async def test_what_the_channel_did_not_take_goes_out_after_the_restart(
    tmp_path: Path, connector: Connector
) -> None:
    connector.statuses = [503] * 50
    async with running(tmp_path) as tutor:
        assert await tutor.say(connector, "hi", "a1") == 202
        await asyncio.sleep(0.5)
        tutor.process.send_signal(signal.SIGTERM)
        await tutor.stopped()
    assert connector.sent == []
    connector.statuses = []
    async with running(tmp_path):
        await connector.until(1)
        await asyncio.sleep(0.5)
    ids = [one["id"] for one in connector.sent]
    assert len(ids) == len(set(ids))
    assert ids == sorted(ids)
