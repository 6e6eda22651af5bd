"""An entry of the audit trail, as a line to read and as JSON; and what of it somebody sees who is told of no people."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from sqlalchemy import RowMapping

from api.clock import LONDON
from api.state.stored_records import RESERVE, VOLUMES
from optimiser.io.record_cells import KINDS
from optimiser.io.schema import OF_PEOPLE

TELLS_OF_NOBODY = frozenset({*KINDS, "areas", RESERVE, VOLUMES, "county", "keys"}.difference(OF_PEOPLE))
"""Kinds of subject that are no person's. Alerts, call-offs of care, runs, checks, readings may name people in their details."""


def line_of(row: RowMapping) -> str:
    """An entry as a line to read; moments in London's time."""
    at = dt.datetime.fromisoformat(row["at"]).astimezone(LONDON)
    about = f"{row['subject_kind']} {row['subject']} {row['details']}" if row["salt"] else f"{row['subject_kind']} (destroyed)"
    line = f"{row['seq']}  {at:%Y-%m-%d %H:%M:%S}  {row['actor']}, {row['role']}: {row['action']} {about}"
    return "".join(each if each.isprintable() else "?" for each in line)


def entry_json(row: RowMapping, *, with_people: bool) -> dict[str, Any]:
    """An entry. ``with_people`` false: without subject and details, unless it is about what is no person's."""
    withheld = not with_people and row["subject_kind"] not in TELLS_OF_NOBODY
    shown = bool(row["salt"]) and not withheld
    return {
        "seq": row["seq"],
        "at": row["at"],
        "actor": row["actor"],
        "role": row["role"],
        "action": row["action"],
        "about": row["subject_kind"],
        "subject": row["subject"] if shown else None,
        "details": orjson.loads(row["details"]) if shown else None,
        "destroyed": not row["salt"],
        "withheld": withheld,
        "hash": row["hash"],
    }
