"""What a person hands over, a folder or one workbook, to its sheets and to the files that pass as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from optimiser.io.area_files import FILE as AREA_FILE
from optimiser.io.csv_tables import read_bytes
from optimiser.io.faults import Findings
from optimiser.io.headings import folded
from optimiser.io.policy_settings import FILE as SETTINGS_FILE
from optimiser.io.staffing import WORKERS
from optimiser.tidying.column_map import ColumnMap
from optimiser.tidying.rough_csv import sheet_of_csv
from optimiser.tidying.sheets import Sheet
from optimiser.tidying.tables import columns_of, known_tables
from optimiser.tidying.workbook_parts import Room
from optimiser.tidying.workbooks import ENDINGS, OLD, sheets_of_workbook

AS_THEY_ARE = (SETTINGS_FILE, AREA_FILE, WORKERS)
MOST_FILES = 200


@dataclass
class Collected:
    """Everything that was handed over."""

    sheets: list[Sheet] = field(default_factory=list)
    as_they_are: dict[str, bytes] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    """Of every file that was read, its SHA-256."""
    ignored: list[str] = field(default_factory=list)
    room: Room = field(default_factory=Room)


def collected(place: Path, given: ColumnMap, findings: Findings) -> Collected:
    """All sheets of a workbook, or of the workbooks and CSV files of a folder."""
    made = Collected()
    if place.is_dir():
        try:
            names = sorted(path.name for path in place.iterdir())
        except OSError as error:
            findings.fault(place.name, 0, "", "a folder that can be read", error.strerror or "another")
            return made
        names = [name for name in names if not name.startswith((".", "~$"))]
        if len(names) > MOST_FILES:
            findings.fault(place.name, 0, "", f"a folder of at most {MOST_FILES} files", str(len(names)))
            return made
        for name in names:
            _take(place, name, given, made, findings)
    elif place.suffix.lower() in (*ENDINGS, *OLD):
        _take(place.parent, place.name, given, made, findings)
    else:
        found = "a file of another kind" if place.exists() else "no such folder or file"
        findings.fault(place.name or str(place), 0, "", f"a folder, or a workbook ({', '.join(ENDINGS)})", found)
    return made


def _take(folder: Path, name: str, given: ColumnMap, made: Collected, findings: Findings) -> None:
    ending = Path(name).suffix.lower()
    if ending in OLD:
        findings.fault(name, 0, "", "a workbook saved as .xlsx or .ods", f"one saved as {ending}")
        return
    if name not in AS_THEY_ARE and ending not in (*ENDINGS, ".csv", ".txt", ".tsv"):
        made.ignored.append(f"{name}: ignored, it is no table")
        return
    raw = read_bytes(folder, name, findings)
    if raw is None:
        return
    made.digests[name] = hashlib.sha256(raw).hexdigest()
    if name in AS_THEY_ARE:
        made.as_they_are[name] = raw
    elif ending in ENDINGS:
        made.sheets += sheets_of_workbook(name, raw, made.room, findings)
    elif (sheet := sheet_of_csv(name, raw, _headings(given), findings)) is not None:
        made.sheets.append(sheet)


def _headings(given: ColumnMap) -> Iterable[str]:
    """Every heading that is known, as the separator of a file is found by them."""
    for table in known_tables():
        yield from (column.name for column in columns_of(table))
        yield from map(folded, given.table(table).columns.values())
