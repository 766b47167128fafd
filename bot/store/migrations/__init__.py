"""The database's schema, step by step; `upgrade` brings a database to the newest."""

import importlib
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.sql.expression import column, table

from bot.errors import SettingsError

HEAD = "0012"  # the newest step in `versions/`
STAMP = "alembic_version"
LOCK = 7_150_231_804  # of PostgreSQL's advisory locks, ours


def upgrade(engine: Engine) -> None:
    """Take the steps that are missing, under a lock: of several that start at once, one does.

    Raises SettingsError when the database comes from a newer version of the tutor.
    """
    with engine.begin() as db:
        if _stamp(db) == HEAD:
            return
    # Its import takes a third of the start: most need it not, and nobody shall wait for it.
    importlib.import_module("alembic.command")
    with engine.begin() as db:  # on SQLite this is the lock
        if db.dialect.name == "postgresql":
            db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        if _stamp(db) != HEAD:
            _take_steps(db)


def _stamp(db: Connection) -> str | None:
    if not inspect(db).has_table(STAMP):
        return None
    found = db.execute(select(column("version_num")).select_from(table(STAMP))).scalar()
    return str(found) if found else None


def _take_steps(db: Connection) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = db
    try:
        command.upgrade(config, "head")
    except CommandError:
        msg = (
            "Change DATABASE_URL, or install the newest tutor: this database was made by a newer "
            f"version than this one (its schema is {_stamp(db)}, this tutor knows {HEAD})."
        )
        raise SettingsError(msg) from None
