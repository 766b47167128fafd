"""Documents that can't be read: kept for the operator, so that their learners can go on."""

import logging
import time
from dataclasses import dataclass

from sqlalchemy import Connection, insert

from bot.logs import pseudonym
from bot.store.tables import set_aside

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unread:
    """A document that can't be read; `key` tells its row from the learner's others there."""

    table: str
    key: str
    doc: str
    form: int


def keep(db: Connection, learner: str, unread: Unread, reason: object) -> None:
    """Keep a document that is about to be taken out of its table, and say so in the log."""
    log.error("learner %s: %s; it is set aside", pseudonym(learner), reason)
    db.execute(
        insert(set_aside).values(
            learner=learner,
            name=unread.table,
            key=unread.key,
            at=time.time(),
            doc=unread.doc,
            form=unread.form,
        )
    )
