"""Two instances, each of which gets every activity, while one of them dies now and then."""

import random
from pathlib import Path

from tests.faults.trial import Trial, kills


async def test_what_two_instances_get_counts_once_and_is_answered_once(
    tmp_path: Path, database: str
) -> None:
    found = await Trial(database, tmp_path, random.Random(6), instances=2).run(kills(3))
    assert found.given > 0
    assert (found.lost, found.doubled, found.missing, found.disordered) == (0, 0, 0, 0), found
