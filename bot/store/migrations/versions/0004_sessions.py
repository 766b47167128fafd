"""A session for each browser, what a browser says of its visit, and when all was revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns and the table; each secret that is there is a session of its own."""
    op.add_column(
        "credential", sa.Column("session", sa.String(24), nullable=False, server_default="")
    )
    op.add_column("credential", sa.Column("visit", sa.String(64)))
    # A part of the hash tells nothing of the secret, and no two are the same.
    op.execute("UPDATE credential SET session = substr(hash, 1, 24)")
    op.create_index("ix_credential_session", "credential", ["session"])
    op.create_index("ix_credential_visit", "credential", ["visit"])
    op.create_table(
        "revocation",
        sa.Column("learner", sa.String(40), primary_key=True),
        sa.Column("at", sa.Float(), nullable=False),
    )
