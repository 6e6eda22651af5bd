"""Whether the service's clock may be believed. While it may not, nothing ends by time: a person's offer that has expired on a
wrong clock has expired for good.

The county's row holds the moment at which the service was heard of last (its heartbeat, written by its ticks and its changes). A
clock that is far later than that, or behind it or behind what the audit trail says last, is doubted, and stays so, whatever it
shows afterwards, until an administrator says what time it is. A fixed day of a practice county is no clock: it is not judged.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.engine import Row

from api.clock import Clock
from api.settings import Settings
from api.storage.database import county_row
from api.storage.table_schema import audit

GAP, BEHIND = "gap", "behind"
BEAT = dt.timedelta(minutes=5)
"""So often a heartbeat is written, where the service ticks or changes at all."""


@dataclass(frozen=True)
class Judged:
    """What is held of the clock. ``write``: what the county's row has to be told of it, columns and values."""

    doubt: str | None
    doubted_at: dt.datetime | None = None
    heard_at: dt.datetime | None = None
    last_entry_at: dt.datetime | None = None
    write: dict[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether the doubt is of this moment, and stands nowhere yet."""
        return self.doubt is not None and bool(self.write)


def judge(connection: Connection, settings: Settings, row: Row[Any] | None = None) -> Judged:
    """What is held of the clock now. Nothing is written. ``row``: the county's, where this transaction has read it."""
    row, clock = row or county_row(connection), settings.clock
    heard_at, last_entry_at = _moment(row.heard_at), _last_entry_at(connection, row)
    known: dict[str, Any] = {"heard_at": heard_at, "last_entry_at": last_entry_at}
    if clock.fixed_day is not None:
        return Judged(None, **known)
    if row.doubt is not None:
        return Judged(str(row.doubt), _moment(row.doubted_at), **known)
    now = clock.instant()
    doubt = _doubt(now, heard_at, last_entry_at, settings)
    if doubt is not None:
        return Judged(doubt, now, **known, write={"doubt": doubt, "doubted_at": now.isoformat()})
    return Judged(None, **known, write=heard(clock) if heard_at is None or now - heard_at >= BEAT else {})


def _doubt(now: dt.datetime, heard_at: dt.datetime | None, last_entry_at: dt.datetime | None, settings: Settings) -> str | None:
    known = [each for each in (heard_at, last_entry_at) if each is not None]
    if known and max(known) - now > dt.timedelta(seconds=settings.clock_behind_seconds):
        return BEHIND
    if heard_at is not None and now - heard_at > dt.timedelta(hours=settings.clock_gap_hours):
        return GAP
    return None


def heard(clock: Clock) -> dict[str, Any]:
    """A heartbeat, as the county's row is told of it."""
    return {"heard_at": clock.instant().isoformat()}


def confirmed(clock: Clock) -> dict[str, Any]:
    """The clock is believed from now on, as the county's row is told of it."""
    return {**heard(clock), "doubt": None, "doubted_at": None}


def _last_entry_at(connection: Connection, row: Row[Any]) -> dt.datetime | None:
    return _moment(connection.execute(select(audit.c.at).where(audit.c.seq == row.audit_seq)).scalar_one_or_none())


def _moment(written: str | None) -> dt.datetime | None:
    """None, too, for what is no moment: whoever changed it is found by the trail's own check."""
    try:
        return None if written is None else dt.datetime.fromisoformat(written)
    except ValueError:
        return None
