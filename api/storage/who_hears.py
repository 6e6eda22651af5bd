"""Whose desk hears of a kind of message: what is told to nobody was not told."""

from __future__ import annotations

from sqlalchemy import Connection, select

from api.storage.table_schema import outbox_addresses, outbox_kinds

OFF = "off"
"""How a kind of message is told where it is not."""


def heard_at(connection: Connection, kind: str) -> set[str]:
    """The providers whose desk is told of a kind."""
    ways = select(outbox_kinds.c.way).where(outbox_kinds.c.kind == kind)
    if connection.execute(ways).scalar_one_or_none() == OFF:
        return set()
    addresses = select(outbox_addresses.c.provider_id, outbox_addresses.c.kinds).where(outbox_addresses.c.stopped_at.is_(None))
    return {row.provider_id for row in connection.execute(addresses) if row.provider_id and kind in row.kinds.split()}
