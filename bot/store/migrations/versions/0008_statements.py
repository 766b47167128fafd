"""Statements that a learning record store still has to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table; what happened before isn't told."""
    op.create_table(
        "statement",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("learner", sa.String(40), nullable=False, index=True),
        sa.Column("due", sa.Float(), nullable=False, index=True),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("doc", sa.Text(), nullable=False),
    )
