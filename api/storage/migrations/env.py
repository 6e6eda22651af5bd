"""Runs the migrations on the connection that ``api.storage.migrating`` hands over."""

from __future__ import annotations

from alembic import context

from api.storage.table_schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
