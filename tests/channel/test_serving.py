"""What the running process tells its operator and every client."""

import asyncio
import signal
from pathlib import Path

from tests.channel.test_drain import running
from tests.waiting import LONGEST_S

# Nobody is asked at this address: the tutor itself is reached by its port.
BOT = {
    "MicrosoftAppId": "an-id",
    "MicrosoftAppPassword": "a-password",
    "MicrosoftAppTenantId": "a-tenant",
    "PUBLIC_URL": "https://tutor.example",
}


def open_files(process: int) -> tuple[str, str]:
    """How many files a process may open, and how many it might allow itself."""
    limits = Path(f"/proc/{process}/limits").read_text("utf-8").splitlines()
    line = next(line for line in limits if line.startswith("Max open files"))
    return line.split()[3], line.split()[4]


async def test_a_tutor_behind_tls_says_so_and_tells_what_seems_wrong(tmp_path: Path) -> None:
    async with running(tmp_path, **BOT) as tutor:
        for path, status in (("/healthz", 200), ("/nothing", 404), ("/static/page.css", 200)):
            async with tutor.session.get(tutor.url + path) as answer:
                assert answer.status == status
                assert answer.headers["Server"] == "tutor"
                assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        async with tutor.session.post(f"{tutor.url}/api/session", data="x") as answer:
            assert answer.status == 415
            assert "Strict-Transport-Security" in answer.headers
        # As many files as the system gives: each page holds several.
        soft, hard = open_files(tutor.process.pid)
        assert soft == hard
        tutor.process.send_signal(signal.SIGTERM)
        said, told = await asyncio.to_thread(tutor.process.communicate, timeout=LONGEST_S)
    assert "https://tutor.example/api/messages" in said
    assert "Emulator" not in said  # it would be answered 401
    assert told.count("PROXIES") == 2  # one sentence: what it is and what it should be
    assert "warning" in told


async def test_development_has_neither_tls_nor_doubts(tmp_path: Path) -> None:
    async with running(tmp_path) as tutor:
        async with tutor.session.get(f"{tutor.url}/") as answer:
            assert "Strict-Transport-Security" not in answer.headers
        tutor.process.send_signal(signal.SIGTERM)
        said, told = await asyncio.to_thread(tutor.process.communicate, timeout=LONGEST_S)
    assert f"Emulator / Agents Playground:   http://127.0.0.1:{tutor.port}/api/messages" in said
    assert "warning" not in told
