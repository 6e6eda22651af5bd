"""Who is signed in to the pages, and with which key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_hash", sa.Text(), primary_key=True),
        sa.Column("key_id", sa.Text(), sa.ForeignKey("keys.key_id"), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
    )
    op.create_index("sessions_by_end", "sessions", ["expires_at"])


def downgrade() -> None:
    """Whoever is signed in to the pages has to sign in again."""
    op.drop_table("sessions")
