"""Twenty kills of the real tutor on each database: no answer is lost, none counts twice."""

import random
from pathlib import Path

import pytest

from tests.faults.trial import Trial, kills

KILLS = 20


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_kills_lose_nothing_and_count_nothing_twice(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    url = f"sqlite:///{tmp_path}/tutor.db"
    if kind == "postgresql":
        url = request.getfixturevalue("database")
    found = await Trial(url, tmp_path, random.Random(7)).run(kills(KILLS))
    assert found.kills == KILLS
    assert found.given >= KILLS
    assert (found.lost, found.doubled, found.missing, found.disordered) == (0, 0, 0, 0), found
