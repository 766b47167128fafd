"""`python -m tests.understanding`: how well the tutor reads what people write.

The blind sets, and public ones where their files are given, held against the main lesson at its
one setting of thresholds. Prints a table; no sentence of a set is ever shown.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.understanding.measures import MEASURES, Figure, Measure, Missing, bitext, clinc
from tests.understanding.product import AbsentError, Product
from tests.understanding.sets import FOLDER, SECOND, Sets

Row = Figure | Missing


def rows(product: Product, given: argparse.Namespace) -> Iterator[Row]:
    """All that is asked for, in turn."""
    sets = Sets(given.sets)
    wanted: dict[str, Callable[[], Iterator[Figure]]] = {
        name: partial(measure, product, sets)
        for name, measure in MEASURES.items()
        if not given.only or name in given.only
    }
    if given.sets == FOLDER:
        second = Sets(SECOND)
        wanted |= {
            f"{name} 2": partial(_second, MEASURES[name], product, second)
            for name in wanted
            if second.holds(name)
        }
    if given.bitext:
        wanted["bitext"] = partial(bitext, product, given.bitext)
    if given.clinc:
        wanted["clinc"] = partial(clinc, product, given.clinc)
    for name, measure in wanted.items():
        try:
            yield from measure()
        except (AbsentError, FileNotFoundError) as error:
            yield Missing(name, str(error))


def _second(measure: Measure, product: Product, sets: Sets) -> Iterator[Figure]:
    """A measure of the second sets, under names of their own."""
    yield from (
        replace(figure, set=f"{figure.set} 2", trial="") for figure in measure(product, sets)
    )


def line(row: Row) -> str:
    """A row of the table."""
    if isinstance(row, Missing):
        return f"| {row.set} | not measured: {row.why} | | | | | |"
    goal = ""
    if row.goal is not None:
        goal = f"{'≤' if row.at_most else '≥'} {row.goal:.1%}"
    reached = {True: "yes", False: "NO", None: ""}[row.reached]
    share = f"{row.share:.1%} ± {row.error:.1%}"
    counted = f"{round(row.hits, 1):,} of {row.n:,}"
    return f"| {row.set} | {row.what} | {counted} | {share} | {goal} | {reached} | {row.trial} |"


def main() -> None:
    """Print the table, line by line as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.understanding", description=__doc__)
    parser.add_argument("--bitext", type=Path, help="CSV with the columns instruction and intent")
    parser.add_argument("--clinc", type=Path, help="CLINC150's data_full.json")
    parser.add_argument("--sets", type=Path, default=FOLDER, help="another folder of blind sets")
    parser.add_argument("--only", nargs="*", choices=MEASURES, help="these sets alone")
    given = parser.parse_args()
    print("| set | what | count | share, two errors | goal | reached | the first trial |")
    print("|---|---|---|---|---|---|---|")
    for row in rows(Product(), given):
        print(line(row), flush=True)


if __name__ == "__main__":
    main()
