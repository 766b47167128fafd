"""The tutor's role on PostgreSQL has the tutor's database, and nothing else."""

import asyncio

import psycopg
import pytest
from sqlalchemy import make_url

from bot.grant import main
from bot.store import learners
from bot.store.database import open_store

# As Azure's: makes a role for a managed identity, neither administrator nor asked for a code.
AZURES = """
CREATE FUNCTION pgaadauth_create_principal(name text, is_admin boolean, is_mfa boolean)
RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    ASSERT NOT is_admin AND NOT is_mfa;
    EXECUTE format('CREATE ROLE %I LOGIN', name);
    RETURN name;
END $$
"""


async def test_the_tutors_role_may_use_its_database_and_no_more(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = make_url(database).set(database="postgres").render_as_string(hide_password=False)
    wanted = make_url(database).set(database="granted")
    monkeypatch.setenv("DATABASE_URL", wanted.render_as_string(hide_password=False))

    assert await asyncio.to_thread(main, ["granted-to"]) == 2
    assert capsys.readouterr().err == "there is no role granted-to\n"

    with psycopg.connect(server, autocommit=True) as db:
        db.execute(AZURES)
    for _ in range(2):  # a tutor is started often
        assert await asyncio.to_thread(main, ["granted-to"]) == 0

    own = wanted.set(username="granted-to").render_as_string(hide_password=False)
    store = await asyncio.to_thread(open_store, own)
    assert await store.run(learners.enrol)
    store.close()
    with psycopg.connect(own, autocommit=True) as db:
        for beyond in ("CREATE DATABASE another", "CREATE ROLE another", "DROP DATABASE granted"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(beyond)


def test_what_cant_be_granted_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for address, cause in (
        ("sqlite:///tutor.db", "SQLite knows no roles"),
        ("postgresql://me@127.0.0.1:1/tutor", "onnection"),
    ):
        monkeypatch.setenv("DATABASE_URL", address)
        assert main(["granted-to"]) == 2
        told = capsys.readouterr().err
        assert cause in told
        assert told.count("\n") == 1
