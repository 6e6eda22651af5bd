"""Messages to be sent, to whom, and which kinds are told how."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_addresses",
        sa.Column("address_id", sa.Text(), primary_key=True),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.Column("stopped_at", sa.Text()),
        sa.Column("stopped_because", sa.Text()),
    )
    op.create_table(
        "outbox_kinds",
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("way", sa.Text(), nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("message_id", sa.Text(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address_id", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("package_id", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("fence", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("said", sa.Text()),
        sa.Column("ended_at", sa.Text()),
        sa.Column("digest_id", sa.Text()),
    )
    op.create_index("outbox_by_cause", "outbox", ["address_id", "kind", "about"], unique=True)
    op.create_index("outbox_by_seq", "outbox", ["seq"], unique=True)
    op.create_index("outbox_by_state", "outbox", ["state", "due_at", "address_id"])
    op.create_index("outbox_by_package", "outbox", ["address_id", "package_id", "seq"])
    op.create_index("outbox_by_address", "outbox", ["address_id", "state", "seq"])
    op.create_table(
        "outbox_turn",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("beats", sa.BigInteger(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
    )
    op.execute("INSERT INTO outbox_turn (id, fence, beats, newest) VALUES (1, 0, -1, 0)")


def downgrade() -> None:
    """Messages that were not sent yet are lost."""
    for name in ("outbox", "outbox_addresses", "outbox_kinds", "outbox_turn"):
        op.drop_table(name)
