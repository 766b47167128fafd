"""`python -m tests.faults --kills 200`: the long run; prints a row for docs/faults.md."""

import argparse
import asyncio
import random
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.trial import Outcome, Trial, kills


def main() -> int:
    """Run a trial on SQLite, or on the database that is named."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", help="a postgresql:// address; without it an SQLite file")
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = told.database or f"sqlite:///{folder}/tutor.db"
        trial = Trial(url, Path(folder), random.Random(told.seed))
        found = asyncio.run(trial.run(kills(told.kills)))
    sys.stdout.write(row(url.partition(":")[0], found))
    faults = (found.lost, found.doubled, found.missing, found.disordered)
    return 0 if faults == (0, 0, 0, 0) else 1


def row(kind: str, found: Outcome) -> str:
    """One row of the table in docs/faults.md."""
    cells = (
        datetime.now(UTC).date(), kind, found.kills, found.given, found.lost, found.doubled,
        found.replies, found.missing, found.twice,
    )  # fmt: skip
    return f"| {' | '.join(str(cell) for cell in cells)} |\n"


if __name__ == "__main__":
    sys.exit(main())
