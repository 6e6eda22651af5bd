"""How often people asked otherwise than the cascade had it: counted from the entries of the offers that were made."""

from __future__ import annotations

import datetime as dt

import orjson
from sqlalchemy import Connection, select

from api.security.roles import SERVICE
from api.storage import table_schema
from optimiser.nightly.watch import Departures

DAYS = 28
"""Four weeks: as long as the hours of contracts are counted over."""


def departures(connection: Connection, now: dt.datetime) -> Departures:
    """Of the offers of the last weeks. ``now``: in UTC, as the trail has it. Offers of people who are forgotten are not known."""
    entry = table_schema.audit.c
    since = (now - dt.timedelta(days=DAYS)).isoformat()
    made = select(entry.role, entry.details).where(entry.action == "offer.made", entry.at >= since, entry.details.is_not(None))
    offers = out_of_order = by_run = by_service = 0
    for row in connection.execute(made.execution_options(yield_per=1000)):
        told = orjson.loads(row.details)
        offers += 1
        by_service += row.role == SERVICE
        by_run += bool(told.get("run_id"))
        out_of_order += bool(told.get("out_of_order_reason")) and not told.get("run_id")
    return Departures(DAYS, offers, out_of_order, by_run, by_service)
