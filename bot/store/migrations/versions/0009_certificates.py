"""Certificates as they were issued, and the keys that signed them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "certificate",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("learner", sa.String(40), nullable=False),
        sa.Column("lesson", sa.String(40), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("revoked", sa.Float()),
        sa.Column("why", sa.String(20)),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_certificate_learner", "certificate", ["learner"])
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("made", sa.Float(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("private", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id"),
    )
