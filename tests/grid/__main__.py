"""`python -m tests.grid [--sample N] [--processes N]`: print what is said and isn't so."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing import Pool

from tests.grid.points import PROMPTS, TARGETS, Point, points
from tests.grid.walk import Finding, Walk


def held(point: Point) -> tuple[int, list[Finding], list[int]]:
    """What came of a point: sentences, findings, and how many decisions were refused each time."""
    walk = Walk(point)
    walk.run()
    return walk.sentences, walk.findings, walk.refused


def main(arguments: Sequence[str]) -> int:
    """Go through the grid; 1 where something isn't so."""
    parser = argparse.ArgumentParser(prog="python -m tests.grid", description=__doc__)
    parser.add_argument("--sample", type=int, help="so many trainings, drawn at random")
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args(arguments)
    chosen, began = list(points(asked.sample)), time.monotonic()
    sentences, findings, refused = 0, list[Finding](), Counter[int]()
    with Pool(asked.processes) as pool:
        walks = map(held, chosen) if asked.processes == 1 else pool.imap(held, chosen)
        for number, (said, found, refusals) in enumerate(walks, 1):
            sys.stderr.write(f"{number} of {len(chosen)}: {said} sentences, {len(found)} not so\n")
            for finding in {f.id: f for f in reversed(found)}.values():
                sys.stderr.write(f"    {finding.id}, {finding.point}: {finding.text}\n")
            sentences += said
            findings += found
            refused.update(refusals)
    for name, count in Counter(f.id for f in findings).most_common():
        one = next(f for f in findings if f.id == name)
        sys.stdout.write(f"{count:5}  {name}\n       {one.point}: {one.text}\n")
    judged = sum(refused.values())
    sys.stdout.write(
        f"{len(chosen)} trainings, {judged} judged (with {len(TARGETS) * len(PROMPTS)} pairs of "
        f"targets and prompts each), {sentences} sentences, {len(findings)} not so; "
        f"decisions refused at a point: {dict(sorted(refused.items()))}; "
        f"{time.monotonic() - began:.0f} s\n"
    )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
