"""Signed addresses, as a running tutor puts them on a learner's cards."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.activity.links import LearnerLinks, Signer


def signer(database: Path) -> Signer:
    """Who signs, by the key in the tutor's database."""
    with closing(sqlite3.connect(database)) as db:
        key = db.execute("SELECT value FROM secret WHERE name = 'links'").fetchone()[0]
    return Signer("", bytes(key))


def links(database: Path, learner: str) -> LearnerLinks:
    """The links of a learner."""
    return signer(database).links(learner)
