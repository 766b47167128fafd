"""Say in which form a learner's documents are."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """All that is there is in the first form."""
    for table in ("learner", "progress"):
        op.add_column(table, sa.Column("form", sa.Integer(), nullable=False, server_default="1"))
