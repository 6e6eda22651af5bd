"""Official files of postcodes, as they are published, to one index: Code-Point Open and the ONS Postcode Directory.

A file is known by its first line. One that is neither is refused, with what was found and what is expected.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from optimiser.geography.postcodes.index import NO_PLACE, packed, tables_bytes
from optimiser.geography.postcodes.spelling import Postcode, inward_number, postcode_of
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.zips import DAMAGED

CODE_POINT_OPEN, ONS_DIRECTORY = "Code-Point Open", "ONS Postcode Directory"
LICENCES = {
    CODE_POINT_OPEN: "Open Government Licence v3.0; contains OS data and Royal Mail data, Crown copyright and database right",
    ONS_DIRECTORY: "Open Government Licence v3.0; contains OS data, Royal Mail data and National Statistics data,"
    " Crown copyright and database right (postcodes of Northern Ireland: internal business use alone)",
}
"""What each has to be credited with."""
COUNTRY_OF = {letter: number for number, letter in enumerate("ESWN", 1)} | {"L": 5, "M": 5}
"""By the first letter of a country's code (``E92000001``), its number among ``COUNTRIES``."""
QUALITIES = (1, 2, 3, 4, 5, 6, 8, 9)
POINT_CELLS = 10
"""Postcode, quality (10 to 90), easting, northing, country; then health regions, county, district and ward."""
ONS_COLUMNS = {
    "postcode": ("pcds", "pcd2", "pcd8", "pcd", "pcd7"),
    "ended": ("doterm",),
    "easting": ("oseast1m", "east1m"),
    "northing": ("osnrth1m", "north1m"),
    "quality": ("osgrdind", "gridind"),
    "country": ("ctry",),
    "user": ("usertype", "usrtypind"),
}
"""What is read of the directory, each with its names in one release or another; a year may follow (``ctry25cd``)."""
YEAR = re.compile(r"\d\d(cd|nm)?$", re.ASCII)
UNPACKED = ("a file that can be read and unpacked", "a damaged or a locked one")
"""What is expected of an archive, and what stands there instead."""
MOST_OF_ONE_KIND = 1_000
"""After so many faults a file is read no further: it is another file than it seems."""


@dataclass
class _Read:
    """What was read so far: of each postcode its parts and what is known, as ``index.packed`` gives it."""

    outwards: list[bytes] = field(default_factory=list)
    inwards: array[int] = field(default_factory=lambda: array("H"))
    known: array[int] = field(default_factory=lambda: array("Q"))
    sources: list[dict[str, Any]] = field(default_factory=list)

    def add(self, postcode: Postcode, known: int) -> None:
        self.outwards.append(_BYTES.setdefault(postcode.outward, postcode.outward.encode()))
        self.inwards.append(inward_number(postcode.inward))
        self.known.append(known)


_BYTES: dict[str, bytes] = {}


@dataclass(frozen=True)
class Built:
    """The bytes of an index, what they are of, and how many postcodes several files told of."""

    content: bytes
    told_twice: int


def index_of_files(paths: Iterable[Path]) -> Built:
    """One index of several files, of folders of CSV files, and of zip files as published. Raises ``InputRefusedError``.

    Of a postcode that several tell of, one in use goes before one that has ended; then whichever was named first.
    """
    findings, read = Findings(), _Read()
    for path in paths:
        for name, lines in _tables(path, findings):
            _read_one(name, lines, findings, read)
    if not findings.faults and not read.known:
        findings.fault("", 0, "", "files with postcodes", "none")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return _merged(read)


def _merged(read: _Read) -> Built:
    names = np.array(read.outwards, dtype="S4")
    inwards, known = np.frombuffer(read.inwards, np.uint16), np.frombuffer(read.known, np.uint64)
    ended = ((known >> np.uint64(48)) & np.uint64((1 << 15) - 1)) != 0
    order = np.lexsort((np.arange(len(names)), ended, inwards, names))
    ordered_names, ordered_inwards = names[order], inwards[order]
    again = (ordered_names[1:] == ordered_names[:-1]) & (ordered_inwards[1:] == ordered_inwards[:-1])
    kept = order[np.concatenate(([True], ~again))]
    content = tables_bytes(names[kept], inwards[kept], known[kept], {"sources": read.sources})
    return Built(content, int(np.count_nonzero(again)))


def _tables(path: Path, findings: Findings) -> Iterator[tuple[str, Iterator[str]]]:
    """Every CSV file that a path stands for, by name, line by line."""
    try:
        if path.is_dir():
            files = sorted(each for each in path.iterdir() if each.suffix.lower() == ".csv")
            if not files:
                findings.fault(path.name, 0, "", "a folder with CSV files", "none")
            for file in files:
                yield from _tables(file, findings)
        elif zipfile.is_zipfile(path):
            try:
                yield from _tables_of_archive(path, findings)
            except DAMAGED:
                findings.fault(path.name, 0, "", *UNPACKED)
        else:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                yield path.name, lines
    except OSError as error:
        findings.fault(path.name, 0, "", "a readable file", error.strerror or "cannot be read")


def _tables_of_archive(path: Path, findings: Findings) -> Iterator[tuple[str, Iterator[str]]]:
    """Of an archive as published the tables below ``Data``; its documents and its second copy in parts are left alone."""
    with zipfile.ZipFile(path) as archive:
        names = [each for each in sorted(archive.namelist()) if re.fullmatch(r"(.*/)?data/(csv/)?[^/]+\.csv", each, re.I | re.A)]
        if not names:
            findings.fault(path.name, 0, "", "an archive with CSV files in its folder Data", "none")
        for name in names:
            with archive.open(name) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as lines:
                yield f"{path.name}, {Path(name).name}", lines


def _read_one(name: str, lines: Iterator[str], findings: Findings, read: _Read) -> None:
    """One file into what was read so far, whichever of the two it is."""
    reader = csv.reader(lines, strict=True)
    before, faults = len(read.known), len(findings.faults)
    try:
        first = next(reader, None)
        if first is None:
            findings.fault(name, 1, "", "postcodes", "an empty file")
            return
        if len(first) == POINT_CELLS and postcode_of(first[0]) is not None:
            kind, rows, places = CODE_POINT_OPEN, _with_first(first, reader), None
        else:
            found_places = _places(first)
            if isinstance(found_places, str):
                findings.fault(name, 1, "", _expected(found_places), ", ".join(first)[:200])
                return
            kind, rows, places = ONS_DIRECTORY, reader, found_places
        for cells in rows:
            if not cells:
                continue
            found = _of_point(cells) if places is None else _of_directory(cells, places)
            if isinstance(found, str):
                findings.fault(name, reader.line_num, "", found, ",".join(cells)[:200])
                if len(findings.faults) - faults >= MOST_OF_ONE_KIND:
                    return
            else:
                read.add(*found)
    except (csv.Error, UnicodeDecodeError) as error:
        findings.fault(name, reader.line_num + 1, "", "CSV in UTF-8", type(error).__name__)
        return
    except DAMAGED:
        findings.fault(name, reader.line_num + 1, "", *UNPACKED)
        return
    read.sources.append({"kind": kind, "file": name, "postcodes": len(read.known) - before, "licence": LICENCES[kind]})


def _with_first(first: list[str], rest: Iterable[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _expected(lacking: str) -> str:
    return (
        f"a file of {CODE_POINT_OPEN} (no headings, {POINT_CELLS} cells, the first a postcode) or of the {ONS_DIRECTORY}"
        f" (headings, {lacking} among them)"
    )


def _places(headings: Sequence[str]) -> dict[str, int] | str:
    """Where each thing stands in the directory; a text: what it was looked for as and is not there."""
    known = {YEAR.sub("", heading.strip().lower()) if heading.lower().startswith("ctry") else heading.strip().lower(): place
             for place, heading in reversed(list(enumerate(headings)))}  # fmt: skip
    places: dict[str, int] = {}
    for what, names in ONS_COLUMNS.items():
        place = next((known[each] for each in names if each in known), None)
        if place is None:
            return " or ".join(names)
        places[what] = place
    return places | {"cells": len(headings)}


def _of_point(cells: list[str]) -> tuple[Postcode, int] | str:
    """A line of Code-Point Open; a text: what was expected instead."""
    if len(cells) != POINT_CELLS:
        return f"{POINT_CELLS} cells"
    quality = cells[1].removesuffix("0") if len(cells[1]) == 2 else ""
    return _entry(cells[0], quality, cells[2], cells[3], cells[4], "", large=False)


def _of_directory(cells: list[str], places: Mapping[str, int]) -> tuple[Postcode, int] | str:
    """A line of the directory; a text: what was expected instead."""
    if len(cells) != places["cells"]:
        return f"{places['cells']} cells"
    postcode, ended, easting, northing, quality, country, user = (cells[places[what]] for what in ONS_COLUMNS)
    return _entry(postcode, quality, easting, northing, country, ended, large=user == "1")


def _entry(
    text: str, quality: str, easting: str, northing: str, country: str, ended: str, *, large: bool
) -> tuple[Postcode, int] | str:
    postcode = postcode_of(text)
    if postcode is None:
        return "a postcode"
    if not quality.isdigit() or int(quality) not in QUALITIES:
        return "the quality of the position: one of those that are published"
    month = None
    if ended:
        if not re.fullmatch(r"(19[7-9]|2\d\d)\d(0[1-9]|1[0-2])", ended, re.ASCII):
            return "the month in which it ended, such as 201907"
        month = int(ended[:4]), int(ended[4:])
    number = COUNTRY_OF.get(country[:1])
    if number is None:
        return "a country's code, such as E92000001"
    if int(quality) == NO_PLACE:
        return postcode, packed(0, 0, NO_PLACE, number, month, large=large)
    if not (easting.isdigit() and northing.isdigit() and int(easting) <= 700_000 and int(northing) <= 1_300_000):
        return "metres of the National Grid: easting up to 700000, northing up to 1300000"
    return postcode, packed(int(easting), int(northing), int(quality), number, month, large=large)


def told(about: Mapping[str, Any]) -> list[str]:
    """What an index is of, a line each: its sources with their licences, and how many postcodes."""
    kinds = Counter[str]()
    for source in about["sources"]:
        kinds[source["kind"]] += 1
    lines = [f"{kind}: {files:,} file(s). {LICENCES[kind]}." for kind, files in sorted(kinds.items())]
    figures = f"{about['postcodes']:,} postcodes in {about['districts']:,} districts: {about['in_use']:,} in use"
    return [f"{figures}, {about['ended']:,} that ended.", *lines]
