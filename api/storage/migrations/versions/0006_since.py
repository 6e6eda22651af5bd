"""Since which version of the county a record is there: who was in the county that somebody read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Records from before count as there from the beginning: a reading is rather told once too often."""
    op.add_column("records", sa.Column("since", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("records", "since")
