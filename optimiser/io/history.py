"""Earlier moves, from a file: ``date, package_id, from_provider_id, hours_per_week``."""

from __future__ import annotations

from pathlib import Path

from optimiser.domain.records import EarlierMove
from optimiser.domain.snapshot import Snapshot
from optimiser.io.cells import Column, date, identifier, minutes_of_hours
from optimiser.io.csv_tables import read_table
from optimiser.io.faults import Findings, InputRefusedError, Note

HISTORY = (
    Column("date", date),
    Column("package_id", identifier),
    Column("from_provider_id", identifier),
    Column("hours_per_week", minutes_of_hours),
)


def read_history(file: Path, snapshot: Snapshot) -> tuple[tuple[EarlierMove, ...], tuple[Note, ...]]:
    """The moves in the order of date and package, and what was odd. Raises ``InputRefusedError`` with every fault found."""
    findings = Findings()
    rows = read_table(file.parent, file.name, HISTORY, findings)
    known = {provider.provider_id for provider in snapshot.providers}
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        day, package_id, provider_id, _ = row.values
        if day > snapshot.as_of:
            findings.fault(file.name, row.line, "date", f"a day up to {snapshot.as_of}, the snapshot's date", str(day))
        if (day, package_id) in seen:
            findings.fault(file.name, row.line, "package_id", "each move once", "the same package on the same day again")
        seen.add((day, package_id))
        if provider_id not in known:
            findings.note(file.name, "a provider is not in the snapshot; what it lost limits nobody")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    moves = tuple(EarlierMove(*row.values) for row in rows)
    return tuple(sorted(moves, key=lambda move: (move.date, move.package_id))), findings.notes
