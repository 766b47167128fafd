"""Rooms of live sessions: who is in them, what they answered and asked."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "room",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("code", sa.String(12), nullable=False, unique=True),
        sa.Column("opened", sa.Float(), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("host_seen", sa.Float(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False, server_default="1"),
    )
    op.create_table(
        "staged",
        sa.Column("run", sa.String(40), primary_key=True),
        sa.Column("session", sa.String(40), primary_key=True),
        sa.Column("locale", sa.String(20), primary_key=True),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False, server_default="1"),
    )
    op.create_table(
        "attendance",
        sa.Column("learner", sa.String(40), primary_key=True),
        sa.Column("room", sa.String(40), primary_key=True, index=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("conversation", sa.String(500), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "vote",
        sa.Column("learner", sa.String(40), primary_key=True),
        sa.Column("room", sa.String(40), primary_key=True),
        sa.Column("activity", sa.String(60), primary_key=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Index("vote_of", "room", "activity"),
    )
    op.create_table(
        "question",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("learner", sa.String(40), nullable=False, index=True),
        sa.Column("room", sa.String(40), nullable=False, index=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
