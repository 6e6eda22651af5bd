"""Whom a reading of the whole county showed: one entry holds its version, and who was there is worked out when asked."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import ColumnElement, Connection, RowMapping, or_, select

from api.storage import table_schema
from api.storage.audit import WHOLE_COUNTY, WHOLE_TRAIL

ONCE_UNMARKED = frozenset(
    {
        "county.backup",
        "county.export",
        "county.night",
        "run.result.read",
        "offers.list",
        "offer.read",
        "broadcast.read",
        "alerts.list",
    }
    | {"hospital.read", "county.compare", "assessments.consequences"}
)
"""Readings that earlier versions of this service wrote down without whom they showed: they may have shown anybody."""
SAYS_WHOM = frozenset({WHOLE_COUNTY, WHOLE_TRAIL, "package_ids"})


@dataclass(frozen=True)
class Stay:
    """The versions of the county in which somebody is: from ``first`` on, and before ``end`` (None: still)."""

    first: int
    end: int | None

    def shown_by(self, row: RowMapping) -> bool:
        """Whether an entry is a reading of the whole county, or of the whole trail, in which they are."""
        if row["details"] is None:
            return False
        try:
            told = orjson.loads(row["details"])
        except ValueError:
            return True
        if not isinstance(told, dict):
            return True  # in doubt somebody was shown: the entry is damaged
        if isinstance(version := told.get(WHOLE_COUNTY), int):
            return self.first <= version and (self.end is None or version < self.end)
        if isinstance(version := told.get(WHOLE_TRAIL), int):
            return self.first <= version
        return row["action"] in ONCE_UNMARKED and SAYS_WHOM.isdisjoint(told)


def stay_of(connection: Connection, package_id: str) -> Stay | None:
    """When somebody was in the county; None where no package has, or had, this id."""
    record = table_schema.records.c
    mine = select(record.since, record.version, record.body).where(record.kind == "packages", record.id == package_id)
    row = connection.execute(mine).first()
    return None if row is None else Stay(int(row.since), None if row.body is not None else int(row.version))


def may_show_everybody() -> ColumnElement[bool]:
    """Which entries have to be looked at for it."""
    entry = table_schema.audit.c
    marked = (entry.details.contains(f'"{mark}":', autoescape=True) for mark in (WHOLE_COUNTY, WHOLE_TRAIL))
    return or_(entry.action.in_(sorted(ONCE_UNMARKED)), *marked)
