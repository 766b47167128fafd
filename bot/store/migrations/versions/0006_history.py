"""When each activity was stored, how much a conversation holds, how long a result is kept."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns. What is there counts as stored now; how much it is isn't counted.

    What was said on the own page waits for nobody who would deliver it.
    """
    now = sa.text(str(int(time.time())))
    op.add_column("activity", sa.Column("at", sa.Float(), nullable=False, server_default=now))
    op.add_column(
        "conversation", sa.Column("bytes", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("computed_for", sa.Column("until", sa.Float()))
    op.create_index("ix_computed_for_until", "computed_for", ["until"])
    op.execute(
        "UPDATE activity SET waiting = false WHERE waiting AND substr(conversation, 1, 5) = 'page|'"
    )
