"""What files say of a person: results, reports, exports, letters, rounds and copies of the database, in folders that are named.

The service keeps one such folder itself, the rounds that ``OPTIMISER_ROUNDS`` names. Where others stand the council alone knows.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Table

from api.http.forms import Json
from api.state.naming import names_any, says
from api.storage import table_schema
from api.storage.who_is_in_it import people_in
from api.subject_access.holdings import Held
from api.subject_access.third_parties import covered, of_the_person
from api.subject_access.who import Who
from optimiser.io.faults import Findings
from optimiser.tidying.workbook_parts import Room
from optimiser.tidying.workbooks import sheets_of_workbook

KEYWORDS = re.compile(rb"/Keywords (?:\((?P<plain>(?:[^\\)]|\\.)*)\)|<(?P<packed>[0-9a-fA-F]+)>)")
"""Of a PDF, as text in brackets or as digits."""
STREAM = re.compile(rb"\bstream\r?\n(.*?)endstream", re.DOTALL)
MOST_OF_A_STREAM = 64 * 1024 * 1024
NOT_LOOKED_INTO = "not looked into: look into it yourself"


def held_in_files(folders: Iterable[Path], who: Who) -> Iterator[Held]:
    """What each file under these folders (or each file, where one is named) holds of them; those of no kind of ours are named."""
    for folder in folders:
        files = [folder] if folder.is_file() else sorted(each for each in folder.rglob("*") if each.is_file())
        for file in files:
            if file.is_symlink() or any(part.is_symlink() for part in file.parents if part.is_relative_to(folder)):
                continue  # what it leads to is found where it stands
            named = file.name if file == folder else f"{folder.name}/{file.relative_to(folder)}"
            read = READERS.get(file.suffix)
            found = [NOT_LOOKED_INTO] if read is None else _tried(read, file, who)
            if found:
                yield Held("files", named, found)


def _tried(read: Callable[[Path, Who], list[Any]], file: Path, who: Who) -> list[Any]:
    try:
        return read(file, who)
    except (OSError, ValueError, csv.Error, sqlite3.Error):
        return [NOT_LOOKED_INTO]


def _of_table(file: Path, who: Who) -> list[Any]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return _of_rows(csv.reader(stream, "excel-tab" if file.suffix == ".tsv" else "excel"), who)


def _of_workbook(file: Path, who: Who) -> list[Any]:
    """Of every sheet, a hidden one too; its first line that is not empty has the names of the columns."""
    findings = Findings()
    sheets = sheets_of_workbook(file.name, file.read_bytes(), Room(), findings)
    if findings.faults:
        raise ValueError("no workbook that can be read")
    rows = ([[str(cell) for cell in row] for _, row in sheet.rows if any(map(str, row))] for sheet in sheets)
    return [each for sheet in rows for each in _of_rows(iter(sheet), who)]


def _of_rows(rows: Iterator[list[str]], who: Who) -> list[Any]:
    names = next(rows, [])
    return [
        of_the_person({name: cell for name, cell in zip(names, row, strict=False) if name}, who, own=True)
        for row in rows
        if any(says(cell, who.ids) for cell in row)
    ]


def _of_json(file: Path, who: Who) -> list[Any]:
    part = of_the_person(orjson.loads(file.read_bytes()), who)
    return [] if part is None else [part]


def _of_json_lines(file: Path, who: Who) -> list[Any]:
    with file.open("rb") as stream:
        parts = (of_the_person(orjson.loads(line), who) for line in stream if line.strip())
        return [part for part in parts if part is not None]


def _of_lines(file: Path, who: Who) -> list[Any]:
    """The lines that name them; what stands around those, in a letter above all, is for somebody to look at."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [{"line": covered(line.strip(), who)} for line in lines if says(line, who.ids)]


def _of_page(file: Path, who: Who) -> list[Any]:
    page = _Blocks()
    page.feed(file.read_text(encoding="utf-8"))
    page.close()
    return [{"line": covered(block, who)} for block in page.blocks() if says(block, who.ids)]


def _of_letters(file: Path, who: Who) -> list[Any]:
    """Of a PDF of letters that one is theirs: its keywords are the references of its letters."""
    found = next((each for part in _parts(file.read_bytes()) if (each := KEYWORDS.search(part)) is not None), None)
    if found is None:
        raise ValueError("no PDF of letters")
    text = _plain_words(found["plain"]) if found["packed"] is None else bytes.fromhex(found["packed"].decode()).decode("utf-16")
    return [{"letters_to_them": True}] if says(text, who.ids) else []


def _parts(content: bytes) -> Iterator[bytes]:
    """A PDF as it stands, and what is packed in it."""
    yield content
    for packed in STREAM.finditer(content):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(packed[1], MOST_OF_A_STREAM)


def _plain_words(text: bytes) -> str:
    """A text of a PDF in brackets, in which a backslash stands before what would end it."""
    return re.sub(rb"\\(.)", rb"\1", text).decode("latin-1")


def _of_copy(file: Path, who: Who) -> list[Any]:
    """Of a copy of the database how many lines of each table name them: it holds what the database held then."""
    found: Json = {}
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in table_schema.metadata.sorted_tables:
            if table.name in there and people_in(table):
                count = sum(_names(row, who) for row in copy.execute(_question(copy, table)))
                found |= {table.name: count} if count else {}
    return [{"lines_that_name_them_in_a_copy_of_the_database": found}] if found else []


def _of_map(file: Path, who: Who) -> list[Any]:
    """Of a GeoPackage how many features of each layer name them: what they show is drawn from the county's own tables."""
    found: Json = {}
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as there:
        for (layer,) in there.execute("SELECT table_name FROM gpkg_contents ORDER BY table_name").fetchall():
            features = there.execute(f'SELECT * FROM "{layer}"')
            count = sum(any(isinstance(cell, str) and cell in who.ids for cell in feature) for feature in features)
            found |= {layer: count} if count else {}
    return [{"features_that_name_them_on_a_map": found}] if found else []


def _question(copy: sqlite3.Connection, table: Table) -> str:
    there = {row[1] for row in copy.execute(f"PRAGMA table_info({table.name})")}
    return f"SELECT {', '.join(name for name in people_in(table) if name in there)} FROM {table.name}"


def _names(row: tuple[Any, ...], who: Who) -> bool:
    return any(each in who.ids or (_is_json(each) and names_any(each, who.ids)) for each in row if each is not None)


def _is_json(cell: Any) -> bool:
    return isinstance(cell, bytes) or (isinstance(cell, str) and cell[:1] in ("{", "["))


class _Blocks(HTMLParser):
    """The text of a page, a line a row of a table or a paragraph; no scripts and no styles."""

    ENDS = frozenset({"p", "tr", "li", "h1", "h2", "h3", "h4", "dt", "dd", "div", "section", "caption", "title", "text"})
    SILENT = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._made, self._text, self._silent = list[str](), list[str](), False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in self.SILENT
        if tag in self.ENDS:
            self._end()

    def handle_endtag(self, tag: str) -> None:
        self._silent = False
        if tag in self.ENDS:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data)

    def _end(self) -> None:
        self._made.append(" ".join(" ".join(self._text).split()))
        self._text = []

    def blocks(self) -> list[str]:
        self._end()
        return [each for each in self._made if each]


READERS: Mapping[str, Callable[[Path, Who], list[Any]]] = {
    ".csv": _of_table,
    ".tsv": _of_table,
    ".xlsx": _of_workbook,
    ".json": _of_json,
    ".geojson": _of_json,
    ".jsonl": _of_json_lines,
    ".txt": _of_lines,
    ".toml": _of_lines,
    ".ics": _of_lines,
    ".html": _of_page,
    ".pdf": _of_letters,
    ".svg": _of_page,
    ".gpkg": _of_map,
    ".db": _of_copy,
}
"""By the end of its name how a file is looked into. A test holds that no kind of file that is written anywhere is missing."""
