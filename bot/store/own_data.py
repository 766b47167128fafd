"""All that is stored about one learner: shown, deleted. What is theirs, the tables say."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, delete, false, select

from bot.store import tables

SECRETS = ("hash", "token", "visit")
DOCUMENTS = frozenset({"doc", "reference", "surface", "slots", "event", "recipe"})


def export(db: Connection, learner_id: str) -> dict[str, list[dict[str, Any]]]:
    """All that is stored about a learner, by table; no hash and no token."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in tables.metadata.sorted_tables:
        if table.info["of"] != "nobody":
            rows = db.execute(select(table).where(_is_theirs(table, learner_id))).mappings()
            found[table.name] = [
                {name: _read(name, value) for name, value in row.items() if name not in SECRETS}
                for row in rows
            ]
    return found


def erase(db: Connection, learner_id: str) -> dict[str, int]:
    """Delete all that is stored about a learner; how many rows that were, by table.

    What was computed for others, too, from the very same lines and settings, stays theirs.
    """
    gone: dict[str, int] = {}
    # What names a learner comes last: by it the rest is found.
    for owner in ("conversation", "result", "learner"):
        for table in tables.metadata.sorted_tables:
            if table.info["of"] == owner:
                here = _is_theirs(table, learner_id)
                if owner == "result":
                    here = and_(here, table.c.key.not_in(_others_keys(learner_id)))
                gone[table.name] = db.execute(delete(table).where(here)).rowcount
    return gone


def _is_theirs(table: Table, learner_id: str) -> ColumnElement[bool]:
    """Which of a table's rows are a learner's, as the table says of itself."""
    match table.info["of"]:
        case "learner":
            return (table.c.id if table is tables.learner else table.c.learner) == learner_id
        case "conversation":
            conversation = tables.conversation
            theirs = select(conversation.c.id).where(conversation.c.learner == learner_id)
            return table.c.conversation.in_(theirs)
        case "result":
            computed_for = tables.computed_for
            theirs = select(computed_for.c.key).where(computed_for.c.learner == learner_id)
            return table.c.key.in_(theirs)
        case "nobody":
            return false()
        case other:
            msg = f"the table {table.name} is of {other}, which nobody is"
            raise ValueError(msg)


def _others_keys(learner_id: str) -> Select[tuple[str]]:
    """The keys of what was computed for other learners."""
    computed_for = tables.computed_for
    return select(computed_for.c.key).where(computed_for.c.learner != learner_id)


def _read(name: str, value: Any) -> Any:  # noqa: ANN401 (a cell)
    if name not in DOCUMENTS or not value:
        return value
    try:
        return json.loads(value)
    except ValueError:  # it was set aside for this
        return value
