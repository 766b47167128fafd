"""The schema: what the steps make is what the code asks for, on both databases."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.engine import make_url

from bot.errors import SettingsError
from bot.store import migrations
from bot.store.database import open_store
from bot.store.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path}/empty.db")
    else:
        url = make_url(request.getfixturevalue("database"))
        made = create_engine(url.set(drivername="postgresql+psycopg"))
        with made.begin() as db:
            metadata.drop_all(db)
            db.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    yield made
    made.dispose()


def test_the_steps_make_what_the_code_asks_for(engine: Engine) -> None:
    migrations.upgrade(engine)
    migrations.upgrade(engine)  # nothing is left to do
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == migrations.HEAD


def test_of_several_that_start_at_once_one_takes_the_steps(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        url = str(engine.url)
        with ThreadPoolExecutor(3) as pool:
            for store in pool.map(open_store, [url] * 3):
                store.close()
    else:
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(migrations.upgrade, [engine] * 3))
    assert inspect(engine).has_table("learner")


def test_a_start_waits_while_another_one_holds_a_fresh_file(tmp_path: Path) -> None:
    file = tmp_path / "tutor.db"
    # SQLite doesn't wait for this lock when a second process switches to the write-ahead log.
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        ending = threading.Timer(0.5, other.execute, ["ROLLBACK"])
        ending.start()
        open_store(f"sqlite:///{file}").close()
        ending.join()


def test_the_newest_step_is_the_one_that_is_named() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_a_database_of_a_newer_tutor_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "tutor.db"
    open_store(f"sqlite:///{file}").close()
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    with pytest.raises(SettingsError) as told:
        open_store(f"sqlite:///{file}")
    assert "newer" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_can_not_be_written_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "tutor.db"
    file.write_bytes(b"this is no database, it is a letter to my aunt" * 40)
    with pytest.raises(SettingsError) as told:
        open_store(f"sqlite:///{file}")
    assert "Change DATABASE_URL" in str(told.value)
