"""Keys and sessions of people at providers: which provider each is bound to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("keys", "sessions"):
        op.add_column(table, sa.Column("provider_id", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """People at providers have to sign in again, with keys that a version with this column knows: to others they open nothing."""
    op.execute("DELETE FROM sessions WHERE provider_id <> ''")
    for table in ("sessions", "keys"):
        op.drop_column(table, "provider_id")
