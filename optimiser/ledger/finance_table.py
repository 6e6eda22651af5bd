"""The lines as a file for a finance system, each with the council's own ids of order lines."""

from __future__ import annotations

from collections.abc import Sequence

from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.domain.words import hours, pounds
from optimiser.io.spreadsheets import spreadsheet
from optimiser.ledger.price_changes import Line

HEADER = (
    "event", "day", "day_is", "line_id", "package_id", "contract_id", "provider_id", "band", "hours_per_week", "rate_gbp",
    "weekly_gbp", "change_gbp",
)  # fmt: skip
HOLDERS = ("packages", "contracts")
"""Where a council may keep ids of its own: of a person's care first, else of the contract."""
NONE = OwnColumns((), {})


def holders_of(snapshots: Sequence[Snapshot], column: str) -> tuple[str, ...]:
    """The tables that have a column of the council's own by this name."""
    return tuple(kind for kind in HOLDERS if any(column in each.extra.get(kind, NONE).columns for each in snapshots))


def line_id(snapshots: Sequence[Snapshot], column: str, line: Line) -> str:
    """The council's own id of a line: from the later snapshot that has one; empty where none has."""
    for kind, record_id in zip(HOLDERS, (line.package_id, line.care.contract_id), strict=True):
        for snapshot in snapshots:
            if found := snapshot.extra.get(kind, NONE).cells.get(record_id, {}).get(column):
                return found
    return ""


def finance_table(lines: Sequence[Line], snapshots: Sequence[Snapshot], column: str) -> bytes:
    """The file's bytes. ``snapshots``: the later first; ``column``: the heading of the council's own ids, or empty."""
    return spreadsheet(
        HEADER,
        (
            {
                "event": line.event,
                "day": line.day.isoformat(),
                "day_is": line.day_is,
                "line_id": line_id(snapshots, column, line) if column else "",
                "package_id": line.package_id,
                "contract_id": line.care.contract_id,
                "provider_id": line.care.provider_id,
                "band": line.care.band,
                "hours_per_week": hours(line.care.minutes_per_week),
                "rate_gbp": pounds(line.care.rate_pence),
                "weekly_gbp": pounds(line.care.weekly_pence),
                "change_gbp": pounds(line.change_pence),
            }
            for line in lines
        ),
    )
