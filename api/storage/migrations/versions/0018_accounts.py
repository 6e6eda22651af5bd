"""What call monitoring recorded of visits, and the lines of statements that are made of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "actuals",
        sa.Column("actual_id", sa.Text(), primary_key=True),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("package_id", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text()),
        sa.Column("worker_keys", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
    )
    op.create_index("actuals_by_date", "actuals", ["date", "package_id"])
    op.create_index("actuals_by_package", "actuals", ["package_id", "date"])
    op.create_index("actuals_by_corrected", "actuals", ["corrects"])
    op.create_index("actuals_by_batch", "actuals", ["batch"])
    op.create_table(
        "statement_lines",
        sa.Column("statement_id", sa.Text(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("package_id", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text()),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
    )
    op.create_index("statement_lines_by_package", "statement_lines", ["package_id"])


def downgrade() -> None:
    """Records of visits and the lines of statements are lost."""
    for name in ("statement_lines", "actuals"):
        op.drop_table(name)
