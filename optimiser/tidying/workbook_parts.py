"""What a workbook's own text says that its reader does not tell: cells that show a mistake, formulas that were never worked out,
and how large it would be in memory. Read as a stream, before anything else is done with the file.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

from optimiser.io.zips import DAMAGED

MOST_BYTES = 256 * 1024 * 1024
"""What all parts of a workbook may come to once they are unpacked."""
MOST_PARTS = 2000
MOST_CELLS = 5_000_000
"""Cells of one sheet, empty ones between others included: a county of ten thousand packages has a tenth of it."""
ERROR = "an error of the spreadsheet"
NOT_WORKED_OUT = "a formula without its result (open and save the workbook once)"


class WorkbookRefusedError(Exception):
    """A workbook that is not read: what was expected, and what was found."""

    def __init__(self, expected: str, found: str) -> None:
        self.expected, self.found = expected, found
        super().__init__(f"{expected}; {found}")


@dataclass
class Odd:
    """Of one sheet: cells that hold no value but look empty to a reader, by row and column from 0; and how far it reaches."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0

    def reach(self, row: int, column: int) -> None:
        """A cell that holds something stands there. Raises ``WorkbookRefusedError`` where that makes the sheet too large."""
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        if self.rows * self.columns > MOST_CELLS:
            raise WorkbookRefusedError(f"a sheet of at most {MOST_CELLS:,} cells", "a larger one")


@dataclass
class Room:
    """What all workbooks of one folder may still come to together: a small file may unpack to a large one, and hold others."""

    bytes: int = MOST_BYTES
    cells: int = MOST_CELLS


def parts_of(raw: bytes, room: Room) -> dict[str, bytes]:
    """Every part of a workbook, unpacked. Raises ``WorkbookRefusedError``, before unpacking where it would be too much."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            infos = archive.infolist()
            room.bytes -= sum(info.file_size for info in infos)
            if len(infos) > MOST_PARTS or room.bytes < 0:
                raise WorkbookRefusedError(f"workbooks of at most {MOST_BYTES // 1024**2} MB unpacked, all together", "more")
            if any(info.flag_bits & 1 for info in infos):
                raise WorkbookRefusedError("a workbook without a password", "a locked one")
            return {info.filename: archive.read(info) for info in infos if not info.is_dir()}
    except DAMAGED as error:
        raise WorkbookRefusedError("a workbook that can be opened", "a broken one") from error


def packed_again(parts: Mapping[str, bytes]) -> bytes:
    """The same parts, sizes true: what is unpacked later is what was measured."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def odd_cells(parts: Mapping[str, bytes], room: Room) -> dict[str, Odd]:
    """By the names of its sheets. Raises ``WorkbookRefusedError``."""
    try:
        if "content.xml" in parts:
            found = _of_opendocument(parts["content.xml"])
        else:
            found = {name: _of_xlsx(parts[part]) for name, part in _xlsx_sheets(parts).items() if part in parts}
        room.cells -= sum(odd.rows * odd.columns for odd in found.values())
        if room.cells < 0:
            raise WorkbookRefusedError(f"workbooks of at most {MOST_CELLS:,} cells, all together", "more")
        return found
    except (expat.ExpatError, LookupError, ValueError) as error:  # an encoding that nobody knows is no ExpatError
        raise WorkbookRefusedError("a workbook that can be opened", "broken XML") from error


def _parse(
    content: bytes, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], text: Callable[[str], None]
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], attributes)
    parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.Parse(content, True)


def _no_doctype(*_: object) -> None:
    raise WorkbookRefusedError("a workbook as spreadsheets write it", "a document type of its own")


def _nothing(*_: object) -> None:
    pass


def _xlsx_sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part in which each sheet stands, by its name."""
    places: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            places[attributes.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            )

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            key = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            sheets[attributes.get("name", "")] = places.get(key, "")

    _parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), relation, _nothing, _nothing)
    _parse(parts.get("xl/workbook.xml", b"<none/>"), sheet, _nothing, _nothing)
    return sheets


REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def _of_xlsx(content: bytes) -> Odd:
    odd, cell = Odd(), _XlsxCell()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            cell.row = int(attributes["r"]) - 1 if attributes.get("r", "").isdigit() else cell.row + 1
            cell.column = -1
        elif name == "c":
            cell.begin(attributes)
        elif name in ("v", "t", "f"):
            cell.inside = name
            cell.has_formula = cell.has_formula or name == "f"

    def end(name: str) -> None:
        if name == "c":
            if cell.value or cell.has_formula:
                odd.reach(cell.row, cell.column)
            if cell.kind == "e":
                odd.cells[cell.row, cell.column] = f"{ERROR}: {cell.value[:20]}"
            elif cell.has_formula and not cell.value and cell.kind != "str":
                odd.cells[cell.row, cell.column] = NOT_WORKED_OUT
        elif name in ("v", "t", "f"):
            cell.inside = ""

    def text(data: str) -> None:
        if cell.inside in ("v", "t"):
            cell.value += data

    _parse(content, start, end, text)
    return odd


class _XlsxCell:
    """The cell that is being read."""

    def __init__(self) -> None:
        self.row, self.column = -1, -1
        self.kind = self.value = self.inside = ""
        self.has_formula = False

    def begin(self, attributes: Mapping[str, str]) -> None:
        self.column += 1
        if place := REFERENCE.fullmatch(attributes.get("r", "")):
            self.row, self.column = int(place[2]) - 1, _number_of(place[1])
        self.kind, self.value, self.inside, self.has_formula = attributes.get("t", ""), "", "", False


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _of_opendocument(content: bytes) -> dict[str, Odd]:
    """Of a sheet that LibreOffice or Sheets wrote: equal cells and rows stand there once, with how often they are repeated."""
    sheets: dict[str, Odd] = {}
    at = _OpenCell()

    def start(name: str, attributes: dict[str, str]) -> None:
        here = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "table":
            at.odd, at.row = sheets.setdefault(here.get("name", ""), Odd()), 0
        elif name == "table-row":
            at.repeats, at.column = _count(here.get("number-rows-repeated")), 0
        elif name in ("table-cell", "covered-table-cell"):
            at.begin(here, attributes)
        elif name in ("p", "s"):
            at.in_text = at.in_text or name == "p"

    def end(name: str) -> None:
        if name == "table-row":
            at.row += at.repeats
        elif name in ("table-cell", "covered-table-cell"):
            at.finish()

    def text(data: str) -> None:
        if at.in_text:
            at.shown += data

    _parse(content, start, end, text)
    return sheets


class _OpenCell:
    """The cell that is being read."""

    def __init__(self) -> None:
        self.odd, self.row, self.column, self.repeats, self.wide = Odd(), 0, 0, 1, 1
        self.kind = self.shown = ""
        self.has_formula = self.is_error = self.in_text = False

    def begin(self, here: Mapping[str, str], whole: Mapping[str, str]) -> None:
        self.wide, self.kind, self.shown, self.in_text = _count(here.get("number-columns-repeated")), "", "", False
        self.kind = next((value for key, value in whole.items() if "office" in key and key.endswith(" value-type")), "")
        self.is_error = any(value == "error" for key, value in whole.items() if key.endswith(" value-type"))
        self.has_formula = "formula" in here

    def finish(self) -> None:
        if self.kind or self.shown or self.has_formula:
            self.odd.reach(self.row + self.repeats - 1, self.column + self.wide - 1)
            said = ""
            if self.is_error or self.shown.startswith("Err:"):
                said = f"{ERROR}: {self.shown[:20]}"
            elif self.has_formula and not self.kind:
                said = NOT_WORKED_OUT
            for row in range(self.row, self.row + self.repeats) if said else ():
                for column in range(self.column, self.column + self.wide):
                    self.odd.cells[row, column] = said
        self.column += self.wide
        self.in_text = False


def _count(repeated: str | None) -> int:
    return max(1, int(repeated)) if repeated and repeated.isdigit() and len(repeated) < 10 else 1
