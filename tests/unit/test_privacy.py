"""docs/privacy.md says of every table what it holds, whose it is, and how long."""

import re
from pathlib import Path

from bot.store import pruning
from bot.store.tables import metadata

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (\w+) \| (.+?) \|$", re.MULTILINE)
ROWS = {name: (holds, whose, term) for name, holds, whose, term in ROW.findall(PAGE)}


def test_every_table_is_told_of_with_whose_it_is() -> None:
    told = {name: whose for name, (_, whose, _) in ROWS.items()}
    assert told == {name: table.info["of"] for name, table in metadata.tables.items()}


def test_it_is_told_of_each_how_long_it_is_kept() -> None:
    for name, (holds, whose, term) in ROWS.items():
        assert len(holds) > 15, name
        is_theirs = whose in ("learner", "result")
        assert not is_theirs or "deleted" in term or term.startswith("as "), name
        assert whose == "nobody" or term != "always", name


def test_columns_that_say_who_somebody_is_are_where_the_page_says() -> None:
    known = {"identity", "direct_line", "conversation", "certificate"}
    telling = {"external", "reference", "name", "tenant"}
    for name, table in metadata.tables.items():
        columns = telling & {column.name for column in table.columns}
        # A "name" of a step, a result or a reader is nobody's.
        if columns - {"name"}:
            assert name in known, (name, columns)


def test_what_is_forgotten_by_itself_is_what_the_page_says() -> None:
    without = {walk.__name__ for walk, _ in pruning.walks(0.0, 90, None)}
    assert without == {"history", "results", "credentials"}
    (first, until), *_ = pruning.walks(1000 * pruning.DAY_S, 90, 365)
    assert (first, until) == (pruning.learners, 635 * pruning.DAY_S)
    assert "`HISTORY_DAYS`" in ROWS["activity"][2]
    assert "`RETENTION_DAYS`" in PAGE
    assert "`ROOM_DAYS`" in ROWS["room"][2]
