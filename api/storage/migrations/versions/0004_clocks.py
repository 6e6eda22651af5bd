"""The service's heartbeat and a doubt about its clock, counties for practice; leases by count, and whose turn a run was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("county", sa.Column("practice", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("county", sa.Column("heard_at", sa.Text()))
    op.add_column("county", sa.Column("doubt", sa.Text()))
    op.add_column("county", sa.Column("doubted_at", sa.Text()))
    op.add_column("runs", sa.Column("beats", sa.BigInteger(), nullable=False, server_default="0"))
    op.drop_column("runs", "lease_until")
    op.add_column("runs", sa.Column("turn", sa.BigInteger()))
    op.create_index("runs_by_turn", "runs", ["requested_by", "turn"])


def downgrade() -> None:
    """A run that is worked on has no lease any more: nobody takes it over, and it goes on with the worker that has it."""
    op.add_column("runs", sa.Column("lease_until", sa.Text()))
    op.drop_column("runs", "beats")
    op.drop_index("runs_by_turn", "runs")
    op.drop_column("runs", "turn")
    for column in ("doubted_at", "doubt", "heard_at", "practice"):
        op.drop_column("county", column)
