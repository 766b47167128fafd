"""What was written last in a conversation, by a digest: it may come twice."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column; nothing is known of what was written before."""
    op.add_column("conversation", sa.Column("heard", sa.String(64)))
