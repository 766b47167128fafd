"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "activity",
        sa.Column("conversation", sa.String(length=500), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "seq"),
    )
    op.create_index(
        "activity_waiting", "activity", ["waiting", "conversation", "seq"], unique=False
    )
    op.create_table(
        "claim",
        sa.Column("conversation", sa.String(length=500), nullable=False),
        sa.Column("activity", sa.String(length=200), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "activity"),
    )
    op.create_table(
        "compute",
        sa.Column("learner", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("conversation", sa.String(length=500), nullable=False),
        sa.Column("lesson", sa.String(length=40), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("learner", "key", "step"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=500), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("learner", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("slots", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "credential",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("learner", sa.String(length=40), nullable=False),
        sa.Column("expires", sa.Float(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index(op.f("ix_credential_learner"), "credential", ["learner"], unique=False)
    op.create_table(
        "direct_line",
        sa.Column("learner", sa.String(length=40), nullable=False),
        sa.Column("external", sa.String(length=200), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("ends", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("learner"),
    )
    op.create_table(
        "fact",
        sa.Column("learner", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("learner", "version", "place"),
    )
    op.create_table(
        "identity",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=80), nullable=False),
        sa.Column("external", sa.String(length=200), nullable=False),
        sa.Column("learner", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("channel", "tenant", "external"),
    )
    op.create_table(
        "later",
        sa.Column("learner", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("conversation", sa.String(length=500), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("learner", "name"),
    )
    op.create_index(op.f("ix_later_due"), "later", ["due"], unique=False)
    op.create_table(
        "learner",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "progress",
        sa.Column("learner", sa.String(length=40), nullable=False),
        sa.Column("lesson", sa.String(length=40), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("learner", "lesson"),
    )
    op.create_table(
        "result",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
