"""Who is signed in to the pages by the council's directory: their name and roles, where no key stands behind a session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("roles", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Whoever is signed in by the directory has to sign in again."""
    op.execute("DELETE FROM sessions WHERE key_id = ''")
    op.drop_column("sessions", "roles")
    op.drop_column("sessions", "name")
