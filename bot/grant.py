"""`python -m bot.grant ROLE`: let the tutor's own role use its database, and nothing else.

Run it as an administrator of the server, who is named in DATABASE_URL with the tutor's database.
It makes what is missing and may be run again. ROLE is a managed identity's name on Azure; where
the server isn't Azure's, the role must be there.
"""

import argparse
import sys
from collections.abc import Mapping

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import settings
from bot.errors import SettingsError
from bot.store.passwordless import passwords

FIRST = "postgres"  # the database that is always there; Azure keeps its own functions in it
AZURES = "pgaadauth_create_principal"
DATABASE_GRANTS = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {role}",
)
SCHEMA_GRANTS = ("GRANT USAGE, CREATE ON SCHEMA public TO {role}",)


def grant(address: str, role: str, identity: str = "") -> None:
    """Make the role and the database where they are missing, and let the one use the other.

    `identity` is the client id of the managed identity that stands in for a missing password.
    Raises psycopg.Error, and SQLAlchemyError where the identity gives no token.
    """
    url = make_url(address)
    name = url.database or FIRST
    if identity and not url.password:
        url = url.set(password=passwords(identity)())
    names = {"database": sql.Identifier(name), "role": sql.Identifier(role)}
    first = url.set(database=FIRST).render_as_string(hide_password=False)
    with psycopg.connect(first, autocommit=True) as db:
        if not _is_there(db, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            _make_role(db, role)
        if not _is_there(db, "SELECT 1 FROM pg_database WHERE datname = %s", name):
            db.execute(sql.SQL("CREATE DATABASE {database}").format(**names))
        _do(db, DATABASE_GRANTS, names)
    with psycopg.connect(url.render_as_string(hide_password=False)) as db:
        _do(db, SCHEMA_GRANTS, names)


def _make_role(db: psycopg.Connection, role: str) -> None:
    """Make the role of a managed identity, which only Azure can: neither administrator nor MFA."""
    if not _is_there(db, "SELECT 1 FROM pg_proc WHERE proname = %s", AZURES):
        msg = f"there is no role {role}"
        raise psycopg.ProgrammingError(msg)
    db.execute(f"SELECT {AZURES}(%s, false, false)", [role])


def _is_there(db: psycopg.Connection, query: str, name: str) -> bool:
    return db.execute(query.encode(), [name]).fetchone() is not None


def _do(
    db: psycopg.Connection, statements: tuple[str, ...], names: Mapping[str, sql.Identifier]
) -> None:
    for statement in statements:
        db.execute(sql.SQL(statement).format(**names))


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; 2 when it can't be done."""
    parser = argparse.ArgumentParser(prog="python -m bot.grant", description=__doc__)
    parser.add_argument("role", metavar="ROLE")
    role = parser.parse_args(arguments).role
    try:
        own = settings.parse()
        if own.database_url.startswith("sqlite:"):
            sys.stderr.write("Set DATABASE_URL to a PostgreSQL address: SQLite knows no roles.\n")
            return 2
        grant(own.database_url, role, own.database_identity)
    except (SettingsError, SQLAlchemyError, psycopg.Error) as error:
        sys.stderr.write(f"{str(error).strip().splitlines()[0]}\n")
        return 2
    sys.stdout.write(f"{role} may use the tutor's database, and nothing else.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
