"""What came of questions some days after a lesson; whose a conversation is, found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns; nobody had answered any yet."""
    for name in ("recalls", "recalled"):
        op.add_column("journey", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("journey", sa.Column("applied", sa.Integer()))
    op.create_index("conversation_of", "conversation", ["learner"])
