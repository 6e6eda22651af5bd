"""A folder to a snapshot: read whole or refused whole."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.domain.records import (
    Contract,
    Offer,
    Office,
    Package,
    Provider,
    Restriction,
    Round,
    Surgery,
    Visit,
)
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.outlines import Outlines
from optimiser.io.areas import FILE as AREAS
from optimiser.io.areas import read_areas
from optimiser.io.faults import Findings, InputRefusedError, Note
from optimiser.io.placing import place_in_areas
from optimiser.io.schema import MAY_BE_ABSENT, TABLES
from optimiser.io.settings import FILE as SETTINGS
from optimiser.io.settings import read_settings
from optimiser.io.tables import Row, read_table
from optimiser.io.validating import Lines, check_together


@dataclass(frozen=True)
class Reading:
    """A snapshot that was accepted, with what was odd about it."""

    snapshot: Snapshot
    notes: tuple[Note, ...]


def read_snapshot(folder: Path) -> Reading:
    """Read a snapshot folder. Raises ``InputRefusedError`` with every fault found; changes nothing."""
    findings = Findings()
    try:
        names = {path.name for path in folder.iterdir()}
    except (OSError, ValueError) as error:  # a name can also be none at all for the disk
        found = "no such folder" if isinstance(error, FileNotFoundError) else getattr(error, "strerror", "no folder")
        findings.fault(folder.name or str(folder), 0, "", "a folder with a snapshot", found)
        raise InputRefusedError(findings.faults) from None
    _note_other_files(names, findings)
    settings = read_settings(folder, findings)
    areas = read_areas(folder, findings)
    rows = {
        name: read_table(folder, name, columns, findings) if name in names or name not in MAY_BE_ABSENT else []
        for name, columns in TABLES.items()
    }
    lines = Lines()
    outlines = Outlines(areas)
    area_ids = {area.area_id for area in areas}
    surgeries = place_in_areas("surgeries.csv", rows["surgeries.csv"], outlines, area_ids, findings)
    packages = place_in_areas("packages.csv", rows["packages.csv"], outlines, area_ids, findings)
    parts: dict[str, tuple[Any, ...]] = {
        "areas": areas,
        "surgeries": _records(Surgery, surgeries, lines),
        "providers": _records(Provider, rows["providers.csv"], lines),
        "offices": _records(Office, rows["offices.csv"], lines),
        "contracts": _contracts(rows["contracts.csv"], lines),
        "restrictions": _records(Restriction, rows["restrictions.csv"], lines),
        "packages": _records(Package, packages, lines),
        "visits": _records(Visit, rows["visits.csv"], lines),
        "rounds": _records(Round, rows["rounds.csv"], lines),
        "offers": _records(Offer, rows["offers.csv"], lines),
    }
    check_together(parts, lines, settings[0] if settings else None, findings)
    if findings.faults or settings is None:
        raise InputRefusedError(findings.faults)
    as_of, title, policy = settings
    return Reading(Snapshot(as_of=as_of, title=title, policy=policy, **parts), findings.notes)


def _note_other_files(names: set[str], findings: Findings) -> None:
    """A note for each file that looks like a part of a snapshot and is none: its name may be misspelt."""
    for name in names - {SETTINGS, AREAS, *TABLES}:
        if name.lower().endswith((".csv", ".toml", ".geojson")):
            findings.note(name, "unknown file is ignored")


def _records(kind: type[Any], rows: list[Row], lines: Lines) -> tuple[Any, ...]:
    """Records in the order of their ids; the columns of a file are the fields of its record, in order."""
    made = []
    for row in rows:
        record = kind(*row.values)
        lines.remember(record, row.line)
        made.append(record)
    return tuple(sorted(made, key=lines.id_of))


def _contracts(rows: list[Row], lines: Lines) -> tuple[Contract, ...]:
    """As ``_records``, with the three rates in one: an empty rate means the same as band 1."""
    names = [column.name for column in TABLES["contracts.csv"]]
    made = []
    for row in rows:
        cells: dict[str, Any] = dict(zip(names, row.values, strict=True))
        first, second, third = (cells.pop(f"rate_band_{band}") for band in (1, 2, 3))
        rates = (first, first if second is None else second, first if third is None else third)
        contract = Contract(**{**cells, "guarantee": cells["guarantee"] or Fraction(0)}, rates_pence=rates)
        lines.remember(contract, row.line)
        made.append(contract)
    return tuple(sorted(made, key=lines.id_of))
