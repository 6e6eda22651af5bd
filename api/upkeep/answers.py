"""An entry of the audit trail, as a line to read and as JSON; and what of it somebody sees who is told of no people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import RowMapping

from api.clock import LONDON
from api.state.naming import names_any
from api.state.stored_records import RESERVE, VOLUMES
from optimiser.io.record_cells import KINDS
from optimiser.io.schema import OF_PEOPLE

TELLS_OF_NOBODY = frozenset({*KINDS, "areas", RESERVE, VOLUMES, "county", "keys"}.difference(OF_PEOPLE))
"""Kinds of subject that are no person's. Alerts, call-offs of care, runs, checks, readings may name people in their details."""


DAMAGED = {"damaged": True}
"""In place of details that cannot be read."""


def line_of(row: RowMapping) -> str:
    """An entry as a line to read; moments in London's time."""
    about = f"{row['subject_kind']} {row['subject']} {row['details']}" if row["salt"] else f"{row['subject_kind']} (destroyed)"
    line = f"{row['seq']}  {_at(row['at'])}  {row['actor']}, {row['role']}: {row['action']} {about}"
    return "".join(each if each.isprintable() else "?" for each in line)


def _at(moment: str) -> str:
    """By London's clock; what is no moment as it stands: 'audit verify' tells of it, and the others are shown."""
    try:
        return f"{dt.datetime.fromisoformat(moment).astimezone(LONDON):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError):
        return moment


def details_of(row: RowMapping) -> Any:
    """An entry's details; of one that is damaged, that it is."""
    try:
        return orjson.loads(row["details"])
    except ValueError:
        return DAMAGED


def tells_of(row: RowMapping, people: Collection[str]) -> bool:
    """Whether an entry is about a person, or its details name one of these: a reason may, and a column of the council's own."""
    return row["subject_kind"] not in TELLS_OF_NOBODY or names_any(row["details"], people)


def legible(cell: Any) -> Any:
    """A cell as it can be told: bytes that are no text stand as question marks."""
    if isinstance(cell, bytes):
        return cell.decode(errors="replace")
    return cell.encode(errors="surrogateescape").decode(errors="replace") if isinstance(cell, str) else cell


def entry_json(row: RowMapping, without: Collection[str] | None) -> dict[str, Any]:
    """An entry, a damaged one as far as it can be read. ``without``: the ids of people; where it tells of any, it is shown
    without subject and details.
    """
    withheld = without is not None and tells_of(row, without)
    shown = bool(row["salt"]) and not withheld
    cells = {name: legible(row[name]) for name in ("seq", "at", "actor", "role", "action", "subject_kind", "subject", "hash")}
    details = details_of(row) if row["salt"] else None
    return {
        "seq": cells["seq"],
        "at": cells["at"],
        "actor": cells["actor"],
        "role": cells["role"],
        "action": cells["action"],
        "about": cells["subject_kind"],
        "subject": cells["subject"] if shown else None,
        "details": details if shown else None,
        "destroyed": not row["salt"],
        "withheld": withheld,
        "damaged": details == DAMAGED or any(cells[name] != row[name] for name in cells),
        "hash": cells["hash"],
    }
