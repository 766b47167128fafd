"""`python -m bot.admin show|export|delete WHO`: one learner's data, for an operator.

WHO is a learner's own id, or the name that a channel has for them as `channel:name`
(`msteams:29:1abc…`). The address of the database is that of the settings.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, delete, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import settings
from bot.errors import SettingsError
from bot.logs import pseudonym
from bot.store import learners, tables

# Where a learner's data lies, by the column that names them. `result` and `secret` are nobody's.
OWN = (
    tables.learner.c.id,
    tables.progress.c.learner,
    tables.identity.c.learner,
    tables.fact.c.learner,
    tables.conversation.c.learner,
    tables.later.c.learner,
    tables.computation.c.learner,
    tables.credential.c.learner,
    tables.direct_line.c.learner,
)
# What lies in the learner's conversations.
SAID = (tables.activity.c.conversation, tables.claim.c.conversation)
SECRETS = ("hash", "token")
DOCUMENTS = frozenset({"doc", "reference", "surface", "slots", "event", "recipe"})


def find(db: Connection, who: str) -> str | None:
    """The learner's id; None when there is nobody of this name."""
    known = db.execute(select(tables.learner.c.id).where(tables.learner.c.id == who)).scalar()
    if known is not None:
        return str(known)
    channel, _, external = who.partition(":")
    here = (tables.identity.c.channel == channel, tables.identity.c.external == external)
    found = db.execute(select(tables.identity.c.learner).where(*here)).scalars().all()
    return str(found[0]) if len(set(found)) == 1 else None


def summary(db: Connection, learner_id: str) -> str:
    """Who a learner is and where they stand, in a few lines."""
    learner = learners.find(db, learner_id)
    lines = [f"learner {learner_id} (in logs: {pseudonym(learner_id)})"]
    here = tables.identity.c.learner == learner_id
    known = db.execute(select(tables.identity).where(here))
    lines += [f"  known to {row.channel} as {row.external}" for row in known]
    for progress in learner.progress.values() if learner else ():
        passed = sum(record.status == "passed" for record in progress.records.values())
        where = f"at step {progress.cursor}, phase {progress.frontier}"
        if progress.completed_at:
            finished = f"{progress.completed_at:%Y-%m-%d %H:%M}"
            where = f"finished {finished} in version {progress.completed_version}"
        seen = f"run {progress.run}, version {progress.version}"
        lines.append(f"  {progress.lesson}: {where}; {passed} steps passed, {seen}")
    for table, rows in export(db, learner_id).items():
        lines.append(f"  {len(rows):6} in {table}")
    return "\n".join(lines)


def export(db: Connection, learner_id: str) -> dict[str, list[dict[str, Any]]]:
    """All that is stored about a learner, by table; no hash and no token."""
    told: dict[str, list[dict[str, Any]]] = {}
    for column, table in _places():
        rows = db.execute(select(table).where(_is_theirs(column, learner_id))).mappings()
        told[table.name] = [
            {name: _read(name, value) for name, value in row.items() if name not in SECRETS}
            for row in rows
        ]
    return told


def erase(db: Connection, learner_id: str) -> int:
    """Delete all that is stored about a learner; how many rows that were."""
    # What was said first: the conversations name whose it is.
    return sum(
        db.execute(delete(table).where(_is_theirs(column, learner_id))).rowcount
        for column, table in reversed(list(_places()))
    )


def _places() -> Iterator[tuple[Any, Table]]:
    for column in (*OWN, *SAID):
        yield column, column.table


def _is_theirs(column: Any, learner_id: str) -> Any:  # noqa: ANN401 (SQLAlchemy's own)
    if column in OWN:
        return column == learner_id
    conversation = tables.conversation
    theirs = select(conversation.c.id).where(conversation.c.learner == learner_id)
    return column.in_(theirs)


def _read(name: str, value: Any) -> Any:  # noqa: ANN401 (a cell)
    return json.loads(value) if name in DOCUMENTS and value else value


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; 2 for what can't be done."""
    parser = argparse.ArgumentParser(prog="python -m bot.admin", description=__doc__)
    parser.add_argument("do", choices=("show", "export", "delete"))
    parser.add_argument("who", metavar="WHO")
    parser.add_argument("--yes", action="store_true", help="delete without asking")
    told = parser.parse_args(arguments)
    try:
        engine = _engine(settings.read().database_url)
        with engine.begin() as db:
            learner = find(db, told.who)
            if learner is None:
                sys.stderr.write(f"There is no learner {told.who}, or there are several.\n")
                return 2
            return _do(db, told.do, learner, sure=told.yes)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", error)).strip().splitlines()[0]
        sys.stderr.write(f"The database can't be read: {cause}\n")
    return 2


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address)


def _do(db: Connection, do: str, learner: str, *, sure: bool) -> int:
    match do:
        case "show":
            sys.stdout.write(f"{summary(db, learner)}\n")
        case "export":
            json.dump(export(db, learner), sys.stdout, indent=2)
            sys.stdout.write("\n")
        case _:
            if not sure and input(f"Delete all data of {learner}? Type yes: ") != "yes":
                sys.stdout.write("Nothing was deleted.\n")
                return 0
            sys.stdout.write(f"{erase(db, learner)} rows were deleted.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
