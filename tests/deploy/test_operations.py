"""What docs/operations.md says of backups, done as it says."""

import asyncio
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.channel.conftest import Connector, Start, Talk, texts
from tests.deploy.conftest import ROOT

COMMAND = re.compile(r'^    python -c "(?P<code>.+)"$', re.MULTILINE)


def ran(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


async def test_a_copy_of_a_running_tutors_file_brings_everything_back(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    found = COMMAND.search((ROOT / "docs" / "operations.md").read_text("utf-8"))
    assert found
    code = found["code"].replace('\\"', '"')
    talk = Talk(await start(), connector)
    await talk.say("hi")
    await talk.say("begin")
    await asyncio.to_thread(ran, [sys.executable, "-c", code], tmp_path)
    await talk.say("next")
    assert "How the work goes" in texts(await talk.say("hello"))
    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(tmp_path / "backup.db", restored / "tutor.db")
    talk.client = await start(DATABASE_URL=f"sqlite:///{restored}/tutor.db")
    assert "Learning goals" in texts(await talk.say("hello"))
