"""A key may have several roles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE keys RENAME COLUMN role TO roles")


def downgrade() -> None:
    """Of several roles the first is kept: a key opens less than before, never more."""
    keys = sa.table("keys", sa.column("key_id", sa.Text()), sa.column("roles", sa.Text()))
    connection = op.get_bind()
    for key_id, roles in connection.execute(sa.select(keys.c.key_id, keys.c.roles)).all():
        connection.execute(keys.update().where(keys.c.key_id == key_id).values(roles=roles.split()[0]))
    op.execute("ALTER TABLE keys RENAME COLUMN roles TO role")
