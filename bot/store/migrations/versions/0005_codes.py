"""Codes that a learner is given for a few minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "code",
        sa.Column("learner", sa.String(40), nullable=False),
        sa.Column("use", sa.String(20), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("expires", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("learner", "use"),
        sa.UniqueConstraint("hash"),
    )
