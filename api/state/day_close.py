"""The day's close: figures of the county as it was when a day began, kept before anything is changed on that day.

Whoever reads counts alone reads these. Of two readings on one day the second tells nothing that the first did not, so that no
single placement can be seen between them: neither in a figure nor in a tag, and not in how long an answer takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Connection, delete, insert, select, update

from api.storage import table_schema

if TYPE_CHECKING:
    from api.state.state import State

Figures = Callable[["State"], bytes]
"""What is kept of a state, as JSON."""

log = structlog.get_logger("api")


@dataclass(frozen=True)
class DayClose:
    """``day``: the one that began with it. ``version``: the county's version then. ``body``: its figures, as JSON."""

    day: dt.date
    version: int
    body: bytes
    worked_out: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """Answers made from it already."""


def kept_close(connection: Connection) -> DayClose | None:
    """The newest close that is kept."""
    row = connection.execute(select(table_schema.day_close)).first()
    return None if row is None else DayClose(dt.date.fromisoformat(row.day), int(row.version), bytes(row.body))


def close_of(state: State, figures: Figures) -> DayClose:
    """The close that a state gives, worked out once for it."""
    return state.once("day_close", lambda: DayClose(state.as_of, state.version, figures(state)))


def keep_close(connection: Connection, state: State, figures: Figures) -> DayClose | None:
    """The close of a state's day: kept already, or kept now, in a writing transaction that has locked the county's row.

    None where nothing is loaded yet, and where its figures cannot be worked out: no change ever fails for the sake of them. A
    clock that was set back makes no second close: the one that is kept stays until a later day.
    """
    known = kept_close(connection)
    if known is not None and known.day >= state.as_of:
        return known
    if not state.version:
        return None
    try:
        made = close_of(state, figures)
    except Exception as failure:
        log.error("no close of the day", error=type(failure).__name__)
        return None
    table = table_schema.day_close
    connection.execute(delete(table))
    connection.execute(insert(table).values(day=str(made.day), version=made.version, body=made.body))
    return made


def bring_back(connection: Connection, today: dt.date) -> None:
    """A clock that showed a day to come has kept figures for that day: they count as today's, so that tomorrow has its own."""
    table = table_schema.day_close
    connection.execute(update(table).where(table.c.day > str(today)).values(day=str(today)))
