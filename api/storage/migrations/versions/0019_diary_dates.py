"""Which date in a diary a message brings, moves or takes back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("diary", sa.Text(), nullable=False, server_default=""))
    dated = sa.text("diary <> ''")
    op.create_index("outbox_by_diary", "outbox", ["diary", "address_id", "seq"], sqlite_where=dated, postgresql_where=dated)


def downgrade() -> None:
    """Dates that were sent are not taken back any more."""
    op.drop_index("outbox_by_diary", "outbox")
    op.drop_column("outbox", "diary")
