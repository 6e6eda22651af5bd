"""A folder to a snapshot: read whole or refused whole."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimiser.domain.policy import TransferPolicy
from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.geography.outlines import Outlines
from optimiser.io.account_files import ACCOUNT_FILES, ACTUALS_FILE
from optimiser.io.area_files import FILE as AREAS
from optimiser.io.area_files import place_in_areas, read_areas
from optimiser.io.csv_tables import Row, Table, read_whole_table
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings, InputRefusedError, Note
from optimiser.io.first_visit_notes import first_visit_notes
from optimiser.io.likely_typos import typo_notes
from optimiser.io.policy_settings import FILE as SETTINGS
from optimiser.io.policy_settings import (
    read_enhanced,
    read_meanwhile,
    read_procurement,
    read_quality,
    read_reserve,
    read_settings,
)
from optimiser.io.record_cells import KINDS, Lines, record_from
from optimiser.io.schema import MAY_BE_ABSENT, TABLES
from optimiser.io.staffing import WORKERS
from optimiser.io.transfer_settings import read_transfer_settings
from optimiser.io.validating import check_together

BESIDE_A_NEW_COUNTY = ("left-out.csv", "notices.csv")
"""What ``county new`` writes beside a snapshot, for people to read: no part of it."""


@dataclass(frozen=True)
class Reading:
    """A snapshot that was accepted, with what was odd about it."""

    snapshot: Snapshot
    notes: tuple[Note, ...]

    @property
    def transfer(self) -> TransferPolicy:
        """What the snapshot sets for a transfer plan; no other command reads it."""
        return self.snapshot.transfer

    def __repr__(self) -> str:
        return f"<Reading of {self.snapshot!r}, {len(self.notes)} notes>"


def read_snapshot(folder: str | os.PathLike[str]) -> Reading:
    """Read a snapshot folder. Raises ``InputRefusedError`` with every fault found; changes nothing."""
    folder, findings = Path(folder), Findings()
    try:
        names = {path.name for path in folder.iterdir()}
    except (OSError, ValueError) as error:  # a name can also be none at all for the disk
        found = "no such folder" if isinstance(error, FileNotFoundError) else getattr(error, "strerror", "no folder")
        findings.fault(folder.name or str(folder), 0, "", "a folder with a snapshot", found, code=Code.FILE_ABSENT)
        raise InputRefusedError(findings.faults) from None
    _note_other_files(names, findings)
    settings = read_settings(folder, findings)
    transfer = read_transfer_settings(folder, findings)
    procurement, quality = read_procurement(folder, findings), read_quality(folder, findings)
    meanwhile, enhanced = read_meanwhile(folder, findings), read_enhanced(folder, findings)
    areas, of_areas = read_areas(folder, findings)
    tables = {
        name: read_whole_table(folder, name, columns, findings) if name in names or name not in MAY_BE_ABSENT else Table([])
        for name, columns in TABLES.items()
    }
    rows = {name: table.rows for name, table in tables.items()}
    lines = Lines()
    outlines = Outlines(areas)
    area_ids = {area.area_id for area in areas}
    surgeries = place_in_areas("surgeries.csv", rows["surgeries.csv"], outlines, area_ids, findings)
    packages = place_in_areas("packages.csv", rows["packages.csv"], outlines, area_ids, findings)
    rows |= {"surgeries.csv": surgeries, "packages.csv": packages}
    parts: dict[str, tuple[Any, ...]] = {"areas": areas}
    reserve = read_reserve(folder, area_ids, findings)
    parts |= {kind: _records(kind, rows[f"{kind}.csv"], lines) for kind in KINDS}
    check_together(parts, lines, settings[0] if settings else None, findings)
    if findings.faults or settings is None:
        raise InputRefusedError(findings.faults)
    as_of, title, policy = settings
    own = {"areas": of_areas} | {kind: _own_columns(tables[f"{kind}.csv"], parts[kind], lines) for kind in KINDS}
    extra = {kind: found for kind, found in own.items() if found.columns}
    parts |= {"reserve_areas": reserve}
    held: dict[str, Any] = {"policy": policy, "procurement": procurement, "quality": quality, "transfer": transfer}
    held |= {"meanwhile_settings": meanwhile, "enhanced": enhanced, **parts}
    snapshot = Snapshot(as_of=as_of, title=title, extra=extra, **held)
    return Reading(snapshot, tuple(sorted((*findings.notes, *typo_notes(snapshot, lines.line_of), *first_visit_notes(snapshot)))))


def _note_other_files(names: set[str], findings: Findings) -> None:
    """A note for each file that looks like a part of a snapshot and is none: its name may be misspelt."""
    for name in names - {SETTINGS, AREAS, WORKERS, ACTUALS_FILE, *ACCOUNT_FILES, *TABLES, *BESIDE_A_NEW_COUNTY}:
        if name.lower().endswith((".csv", ".toml", ".geojson")):
            findings.note(name, "unknown file is ignored")


def _records(kind: str, rows: list[Row], lines: Lines) -> tuple[Any, ...]:
    """Records in the order of their ids."""
    names = [column.name for column in TABLES[f"{kind}.csv"]]
    made = []
    for row in rows:
        record = record_from(kind, dict(zip(names, row.values, strict=True)))
        lines.remember(record, row.line)
        made.append(record)
    return tuple(sorted(made, key=lines.id_of))


def _own_columns(table: Table, records: tuple[Any, ...], lines: Lines) -> OwnColumns:
    """What stands in columns that the format does not know, by the ids of the records."""
    on_line = {row.line: row.own for row in table.rows if row.own}
    cells = {lines.id_of(record): on_line[line] for record in records if (line := lines.line_of(record)) in on_line}
    return OwnColumns(table.own_columns, cells)
