"""`python -m bot.admin show|export|revoke|delete WHO`: one learner's data, for an operator.

`revoke` signs them out everywhere: browsers, links, tokens, file links; where WHO is the address of
a certificate's page it withdraws that certificate, and its learner gets no other one for the
lesson. `python -m bot.admin rotate` makes a new key that signs certificates; those that older keys
signed stay valid. `python -m bot.admin prune`
deletes history that is older than HISTORY_DAYS, as the tutor does by itself.
`python -m bot.admin counters` tells what happened, by day and lesson. WHO is a learner's own id,
or the name that a channel has for them as `channel:name` (`msteams:29:1abc…`). The address of the
database is that of the settings.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import settings
from bot.errors import SettingsError
from bot.logs import pseudonym
from bot.records import issuing
from bot.store import certificates, counters, credentials, learners, own_data, pruning, tables

COMMANDS = ("show", "export", "revoke", "delete", "counters", "prune", "rotate")
CERTIFICATES = "/certificates/"  # in the address of one


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
    for table, rows in own_data.export(db, learner_id).items():
        lines.append(f"  {len(rows):6} in {table}")
    return "\n".join(lines)


def _counters(db: Connection) -> str:
    """What happened, a line for each day, lesson and kind."""
    rows = counters.totals(db)
    return "".join(f"{day}  {lesson:24} {name:20} {n:8}\n" for day, lesson, name, n in rows)


def prune(engine: Engine, days: int, retention: int | None) -> int:
    """Delete what is older than its days, in small parts, beside a running tutor; the rows."""
    rows = 0
    for walk, until in pruning.walks(time.time(), days, retention):
        after: str | None = ""
        while after is not None:
            with engine.begin() as db:
                pruned = pruning.step(db, walk, until, after)
            if pruned is None:
                sys.stdout.write("A tutor is pruning just now; it does the rest.\n")
                return rows
            rows, after = rows + pruned.rows, pruned.after
    return rows


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; 2 for what can't be done."""
    parser = argparse.ArgumentParser(prog="python -m bot.admin", description=__doc__)
    parser.add_argument("do", choices=COMMANDS)
    parser.add_argument("who", metavar="WHO", nargs="?")
    parser.add_argument("--yes", action="store_true", help="delete without asking")
    options = parser.parse_args(arguments)
    if (options.who is None) != (options.do in ("counters", "prune", "rotate")):
        parser.error("WHO is needed by show, export, revoke and delete, and by nothing else")
    try:
        read = settings.read()
        engine = _engine(read.database_url)
        if options.do == "prune":
            sys.stdout.write(
                f"{prune(engine, read.history_days, read.retention_days)} rows were deleted.\n"
            )
            return 0
        with engine.begin() as db:
            if options.do == "counters":
                sys.stdout.write(_counters(db))
                return 0
            if options.do == "rotate":
                issuing.rotate(db, datetime.now(UTC))
                sys.stdout.write("From now on a new key signs certificates.\n")
                return 0
            if options.do == "revoke" and CERTIFICATES in options.who:
                return _withdraw(db, options.who.rpartition(CERTIFICATES)[2].strip("/"))
            learner = find(db, options.who)
            if learner is None:
                sys.stderr.write(f"There is no learner {options.who}, or there are several.\n")
                return 2
            return _do(db, options.do, learner, sure=options.yes)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", error)).strip().splitlines()[0]
        sys.stderr.write(f"The database can't be read: {cause}\n")
    return 2


def _withdraw(db: Connection, certificate: str) -> int:
    if not certificates.revoke(db, certificate, "withdrawn", datetime.now(UTC)):
        sys.stderr.write("There is no valid certificate at this address.\n")
        return 2
    sys.stdout.write("The certificate is withdrawn: its page says that it was revoked.\n")
    return 0


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
            json.dump(own_data.export(db, learner), sys.stdout, indent=2)
            sys.stdout.write("\n")
        case "revoke":
            credentials.revoke(db, learner)
            sys.stdout.write(f"{learner} is signed out everywhere.\n")
        case _:
            if not sure and input(f"Delete all data of {learner}? Type yes: ") != "yes":
                sys.stdout.write("Nothing was deleted.\n")
                return 0
            sys.stdout.write(f"{sum(own_data.erase(db, learner).values())} rows were deleted.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
