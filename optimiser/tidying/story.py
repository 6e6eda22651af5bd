"""From what people have to a strict snapshot: tables found, columns understood, ids looked at together, and the strict reader as
the judge of what came of it. Every fault is listed, where it stands in what was handed over; without one, nothing is in doubt.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from optimiser.io.area_files import DATES
from optimiser.io.area_files import FILE as AREA_FILE
from optimiser.io.exporting import quoted
from optimiser.io.faults import Fault, Findings, InputRefusedError
from optimiser.io.folders import MAX_NAME, pretty
from optimiser.io.headings import folded
from optimiser.io.leftovers import hidden_folder
from optimiser.io.policy_settings import FILE as SETTINGS_FILE
from optimiser.io.reading import Reading, read_snapshot
from optimiser.io.spreadsheets import exact_table
from optimiser.tidying import ids, written_dates
from optimiser.tidying.collecting import collected
from optimiser.tidying.column_map import NO_MAP, ColumnMap, TableMap
from optimiser.tidying.column_work import Settings, Understood
from optimiser.tidying.finding_tables import Place, RoughTable, assigned, found_table
from optimiser.tidying.kinds import meaning_of
from optimiser.tidying.numbers import digits_of
from optimiser.tidying.sheets import BrokenCell, Cell, Sheet, is_empty, without_blanks
from optimiser.tidying.tables import AREAS, SETTINGS, SETTINGS_ROWS
from optimiser.tidying.understanding import understand
from optimiser.version import SOFTWARE

NOTE = "tidied.json"
"""How everything was understood, beside the snapshot; no reader of snapshots looks at it."""


@dataclass(frozen=True)
class ColumnNote:
    """How a column was understood. Nothing of its cells is told."""

    table: str
    column: str
    heading: str
    how: str

    def __str__(self) -> str:
        named = "" if self.heading == self.column else f" (heading {self.heading!r})"
        return f"{self.table}, {self.column}{named}: {self.how}"


@dataclass(frozen=True)
class Tidied:
    """A snapshot that the strict reader accepted, as its files, with what was understood on the way."""

    files: Mapping[str, bytes]
    reading: Reading
    columns: tuple[ColumnNote, ...]
    others: tuple[str, ...]
    """What is to be said of files, sheets and rows."""
    record: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<Tidied {self.reading!r}>"


@dataclass
class _Made:
    """A table on its way."""

    rough: RoughTable
    header: list[str]
    columns: list[list[str]]
    understood: list[tuple[Place, Understood]]


def tidy(place: Path, given: ColumnMap = NO_MAP, *, day_first: bool = False, beside: Path | None = None) -> Tidied:
    """Tidy a folder or a workbook. Raises ``InputRefusedError`` with every fault; writes nothing that stays.

    ``day_first``: dates such as 01/04/2026 have the day first. ``beside``: where the outcome may lie while it is judged.
    """
    findings = Findings()
    found = collected(place, given, findings)
    sheets = assigned(found.sheets, given, findings, found.ignored)
    day_first = day_first or given.day_first
    files = dict(found.as_they_are)
    if (settings := sheets.pop(SETTINGS, None)) is not None:
        _once(settings, SETTINGS_FILE, files, findings)
        files[SETTINGS_FILE] = _settings(settings, day_first=day_first, findings=findings)
    made: dict[str, _Made] = {}
    for table, sheet in sheets.items():
        rough = found_table(sheet, table, given.table(table), findings)
        if rough is not None:
            made[table] = _understood(rough, given, day_first=day_first, findings=findings)
    _look_for_losses(made, given, findings)
    if AREAS in made:
        _once(made[AREAS].rough.sheet, AREA_FILE, files, findings)
    lines: dict[str, tuple[Sheet, list[tuple[int, int]]]] = {}
    for table, each in made.items():
        if table == AREAS:
            files[AREA_FILE] = _areas(each)
        else:
            files[f"{table}.csv"] = exact_table(each.header, zip(*each.columns, strict=True))
            lines[f"{table}.csv"] = each.rough.sheet, _lines(each)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    reading = _judged(files, lines, place.name, beside)
    columns = tuple(note for table, each in made.items() for note in _column_notes(table, each, given.table(table)))
    others = (*found.ignored, *(said for each in made.values() for said in _table_notes(each.rough)))
    record = _record(found.digests, made, columns, others, given, day_first=day_first, digest=reading.snapshot.digest())
    return Tidied({**files, NOTE: pretty(record)}, reading, columns, others, record)


def _once(sheet: Sheet, file: str, files: Mapping[str, bytes], findings: Findings) -> None:
    if file in files:
        findings.fault(sheet.source, 0, "", f"a sheet or the file {file}, not both", "both")


def _settings(sheet: Sheet, *, day_first: bool, findings: Findings) -> bytes:
    """``snapshot.toml`` of a sheet with names and values: the date and the title. Other settings need the file itself."""
    given: dict[str, Cell] = {}
    for row, cells in sheet.rows:
        there = [cell for cell in cells if not is_empty(cell)]
        name = folded(str(there[0])) if there else ""
        if not there or (row == 1 and name in ("setting", "name", "settings")):
            continue
        if name not in SETTINGS_ROWS or name in given or len(there) > 2:
            findings.fault(sheet.source, row, "", f"{' or '.join(SETTINGS_ROWS)} once, and its value beside it", "another line")
        elif len(there) == 2:
            given[name] = there[1]
    lines = []
    if "as_of" in given:
        try:
            cell = given["as_of"]
            order, _ = written_dates.ordered(
                [written_dates.written(without_blanks(cell) if isinstance(cell, str) else cell)], day_first=day_first
            )
            if isinstance(order[0], written_dates.UnreadableError):
                raise order[0]
            lines.append(f"as_of = {order[0]}")
        except written_dates.UnreadableError as why:
            findings.fault(sheet.source, 0, "as_of", why.expected, _as_shown(given["as_of"]))
    title = given.get("title", "")
    if isinstance(title, BrokenCell):
        findings.fault(sheet.source, 0, "title", "a text", title.what)
    lines.append(f"title = {quoted(_as_shown(title))}")
    return ("\n".join(lines) + "\n").encode()


def _understood(rough: RoughTable, given: ColumnMap, *, day_first: bool, findings: Findings) -> _Made:
    """A table's columns in the format's own writing; cells that cannot be read are faults."""
    made = _Made(rough, [], [], [])
    of_table = given.table(rough.table)
    for place in rough.places:
        cells = [row[place.index] if place.index < len(row) else "" for _, row in rough.rows]
        column = place.column
        if column is None:
            made.header.append(place.heading)
            made.columns.append(
                [_own(rough, place, row, cell, findings) for (row, _), cell in zip(rough.rows, cells, strict=True)]
            )
            continue
        settings = Settings(day_first, given.id_widths, of_table.values.get(column.name, {}))
        meaning = meaning_of(column)
        done = understand(column, meaning, cells, settings, typed=rough.sheet.typed, comma=rough.sheet.comma)
        for at, why in sorted(done.faults.items()):
            findings.faults.append(_fault(rough, place, at, why))
        made.header.append(column.name)
        made.columns.append(done.cells)
        made.understood.append((place, done))
    for name, value in of_table.fixed.items():
        made.header.append(name)
        made.columns.append([value] * len(rough.rows))
    return made


def _own(rough: RoughTable, place: Place, row: int, cell: Cell, findings: Findings) -> str:
    """A cell of a column that the format does not know: kept as it is shown, and never understood."""
    if isinstance(cell, BrokenCell):
        findings.fault(rough.sheet.source, row, place.named, "a value, or an empty cell", cell.what)
        return ""
    return _as_shown(cell)


def _as_shown(cell: Cell) -> str:
    """A cell of which only the text counts."""
    if isinstance(cell, BrokenCell):
        return cell.what
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return digits_of(cell)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _fault(rough: RoughTable, place: Place, at: int, why: written_dates.UnreadableError) -> Fault:
    row, cells = rough.rows[at]
    cell = cells[place.index]
    column = place.column
    found = cell.what if isinstance(cell, BrokenCell) else str(cell)
    personal = column is not None and column.personal and not isinstance(cell, BrokenCell)
    return Fault(rough.sheet.source, row, place.named, why.expected, found, personal, why.kind)


def _look_for_losses(made: Mapping[str, _Made], given: ColumnMap, findings: Findings) -> None:
    """Ids of one kind stand in many tables: whether some have lost zeros, letters or digits is seen when all are known."""
    by_kind: defaultdict[str, list[tuple[_Made, Place, int, ids.Id]]] = defaultdict(list)
    for each in made.values():
        for place, done in each.understood:
            if place.column is not None:
                kind = ids.namespace(place.column.name)
                by_kind[kind] += [(each, place, at, found) for at, found in done.ids.items()]
    for kind, found in by_kind.items():
        if kind not in given.id_widths:
            for text, why in _losses(kind, [each for _, _, _, each in found]).items():
                findings.faults += [_fault(each.rough, place, at, why) for each, place, at, one in found if one.text == text]


def _losses(kind: str, found: Sequence[ids.Id]) -> dict[str, written_dates.UnreadableError]:
    """By id what is wrong with it, of those that seem to have lost something."""
    letters = written_dates.UnreadableError(ids.PLAIN, "a number that may have been an id such as 4E2")
    digits = written_dates.UnreadableError(ids.PLAIN, f"a number whose digits after the {ids.KEPT_DIGITS}th are zeros")
    zeros = {
        text: written_dates.UnreadableError(
            f"an id of {width} digits as others have it (a spreadsheet takes zeros away: say in a map how many digits {kind} has"
            " under 'id_digits', or that ids are right as they stand)",
            "fewer digits",
        )
        for text, width in ids.lost_zeros(found).items()
    }
    return zeros | dict.fromkeys(ids.lost_letters(found), letters) | dict.fromkeys(ids.lost_last_digits(found), digits)


def _areas(each: _Made) -> bytes:
    """The areas of a sheet, without outlines."""
    rows = [dict(zip(each.header, row, strict=True)) for row in zip(*each.columns, strict=True)]
    features = [
        {"type": "Feature", "properties": {k: v or None if k in DATES else v for k, v in row.items()}, "geometry": None}
        for row in rows
    ]
    return (json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n").encode()


def _lines(each: _Made) -> list[tuple[int, int]]:
    """The line of the strict file on which each row begins, and the row of the sheet that it came from."""
    line = 2 + sum(_breaks(title) for title in each.header)
    made = []
    for at, (row, _) in enumerate(each.rough.rows):
        made.append((line, row))
        line += 1 + sum(_breaks(column[at]) for column in each.columns)
    return made


def _breaks(cell: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", cell))


def _judged(
    files: Mapping[str, bytes], lines: Mapping[str, tuple[Sheet, list[tuple[int, int]]]], name: str, beside: Path | None
) -> Reading:
    """What the strict reader makes of the files; its faults are told where their cells stand in what was handed over."""
    with hidden_folder(f".{name[:MAX_NAME]}.writing-", beside) as folder:
        for file, content in files.items():
            (folder / file).write_bytes(content)
        try:
            return read_snapshot(folder)
        except InputRefusedError as refused:
            raise InputRefusedError([_moved(fault, lines) for fault in refused.faults]) from None


def _moved(fault: Fault, lines: Mapping[str, tuple[Sheet, Sequence[tuple[int, int]]]]) -> Fault:
    if fault.file not in lines:
        return fault
    sheet, rows = lines[fault.file]
    by_line = dict(rows)
    places = tuple(by_line.get(line, line) for line in fault.places)
    return replace(fault, file=sheet.source, line=by_line.get(fault.line, fault.line), places=places)


def _column_notes(table: str, each: _Made, given: TableMap) -> list[ColumnNote]:
    by_column = {place.heading: done.how for place, done in each.understood}
    notes = [
        ColumnNote(table, place.column.name, place.heading, by_column[place.heading])
        if place.column is not None
        else ColumnNote(table, place.heading, place.heading, "not known to the format, kept as it is shown")
        for place in each.rough.places
    ]
    return [*notes, *(ColumnNote(table, name, name, "one value for every row, as the map says") for name in given.fixed)]


def _table_notes(rough: RoughTable) -> list[str]:
    source = rough.sheet.source
    made = [f"{source}: {said}" for said in rough.sheet.told]
    if rough.titles:
        made.append(f"{source}: {rough.titles} line(s) above the headings are left out")
    if rough.blank_rows:
        made.append(f"{source}: {rough.blank_rows} blank row(s) are left out")
    return made


def _record(
    digests: Mapping[str, str],
    made: Mapping[str, _Made],
    columns: Sequence[ColumnNote],
    others: Sequence[str],
    given: ColumnMap,
    *,
    day_first: bool,
    digest: str,
) -> dict[str, Any]:
    """How everything was understood; the same for the same files, byte for byte."""
    return {
        "software": SOFTWARE,
        "snapshot_digest": digest,
        "read": {name: {"sha256": digests[name]} for name in sorted(digests)},
        "day_first": day_first,
        "map": {"sha256": given.digest, "said": given.record} if given.digest else None,
        "tables": {
            table: {
                "from": each.rough.sheet.source,
                "headings_on_row": each.rough.headings_on,
                "rows": len(each.rough.rows),
                "columns": [
                    {"column": note.column, "heading": note.heading, "understood": note.how}
                    for note in columns
                    if note.table == table
                ],
            }
            for table, each in made.items()
        },
        "notes": list(others),
    }
