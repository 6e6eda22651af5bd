"""The table of days: one line a day, written again where a night is made again, and cut after thirteen months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select

from api.storage.table_schema import day_counts
from optimiser.domain.dates import months_after

KEPT_MONTHS = 13
"""A year, and the month to compare its end with its beginning."""


def first_kept(today: dt.date) -> dt.date:
    """The earliest day that is kept."""
    return months_after(today, -KEPT_MONTHS)


def keep_day(connection: Connection, counts: Mapping[str, Any]) -> None:
    """Keep the counts of a day in place of any that are kept of it, and let go of those that are too old by then."""
    day = dt.date.fromisoformat(counts["day"])
    connection.execute(delete(day_counts).where((day_counts.c.day == str(day)) | (day_counts.c.day < str(first_kept(day)))))
    connection.execute(insert(day_counts).values(day=str(day), body=orjson.dumps(counts).decode()))


def kept_days(connection: Connection, since: dt.date, before: dt.date) -> list[dict[str, Any]]:
    """The days from one on up to another, which is not included; the oldest first."""
    between = (day_counts.c.day >= str(since)) & (day_counts.c.day < str(before))
    return [orjson.loads(row.body) for row in connection.execute(select(day_counts).where(between).order_by(day_counts.c.day))]
