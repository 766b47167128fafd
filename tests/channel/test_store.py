"""The store's transactions, where they end in another way than they should."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import open_store


async def test_a_transaction_that_sqlite_ends_by_itself_is_the_databases_fault(
    tmp_path: Path,
) -> None:
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")

    def ended(db: Connection) -> None:
        # As SQLite does when the disk is full: the savepoint is gone with the transaction.
        driver: Any = db.connection.driver_connection
        driver.execute("ROLLBACK")
        raise ValueError

    with pytest.raises(SQLAlchemyError):  # for which channels are asked to come back
        await store.run(ended)
    assert await store.run(lambda db: db.execute(text("SELECT 1")).scalar()) == 1
    store.close()
