"""Two instances, each of which gets every activity, while one of them dies now and then."""

import random
from pathlib import Path

from tests import postgresql
from tests.faults.trial import Trial, kills


async def test_what_two_instances_get_counts_once_and_is_answered_once(tmp_path: Path) -> None:
    with postgresql.serving() as server:
        trial = Trial(server.url, tmp_path, random.Random(6), instances=2)
        found = await trial.run(kills(3))
    assert found.given > 0
    assert (found.lost, found.doubled, found.missing, found.disordered) == (0, 0, 0, 0), found
