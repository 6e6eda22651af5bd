"""Places filled in by their postcodes, before a folder is a snapshot: the format itself knows degrees alone.

A person's postcode is used and left out; those of surgeries and offices, which are public, are kept in a column of the council's
own. Nothing else is changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from optimiser.geography.grid import METRES_PER_MILE, crow_metres, to_grid
from optimiser.geography.postcodes.index import PostcodeIndex
from optimiser.geography.postcodes.postcode_places import DECIMALS, NoSuchPlaceError, Place, place_of
from optimiser.io.area_files import FILE as AREAS
from optimiser.io.csv_tables import BadLineError, read_text, records_of
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings, InputRefusedError, Note
from optimiser.io.headings import folded
from optimiser.io.policy_settings import FILE as SETTINGS
from optimiser.io.schema import OF_PEOPLE, TABLES
from optimiser.io.spreadsheets import exact_table

WITH_PLACES = ("packages.csv", "surgeries.csv", "offices.csv")
POSTCODE, DEGREES = "postcode", ("latitude", "longitude")
FAR_MILES = 1
"""A given place that is further than this from its postcode is noted."""


@dataclass(frozen=True)
class Filled:
    """The files of the folder, by name, and what was done."""

    files: dict[str, bytes]
    notes: tuple[Note, ...]
    places: dict[str, int]
    """By file, how many places were filled in."""


def filled(folder: Path, index: PostcodeIndex) -> Filled:
    """Every file of a snapshot that lies in a folder, with places in place of postcodes. Raises ``InputRefusedError``."""
    findings, notes, files, places = Findings(), [], {}, Counter[str]()
    for name in (SETTINGS, AREAS, *TABLES):
        if not (folder / name).is_file() and name not in WITH_PLACES:
            continue
        content = read_text(folder, name, findings)
        if content is None:
            continue
        files[name] = content.encode()
        if name in WITH_PLACES:
            table = _Table(name, content, index, findings)
            files[name] = table.content or files[name]
            places[name] = table.places
            notes += table.notes
    others = sorted(each.name for each in folder.iterdir() if each.name not in files) if folder.is_dir() else []
    if others and not findings.faults:
        notes.append(
            Note(folder.name, f"{len(others)} other file(s) are no part of a snapshot and are not copied: {', '.join(others)}")
        )
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return Filled(files, tuple(notes), dict(places))


class _Table:
    """One file: ``content`` is None where it has no column of postcodes, and stays as it is."""

    def __init__(self, name: str, content: str, index: PostcodeIndex, findings: Findings) -> None:
        self.name, self.places, self.content = name, 0, None
        self.notes: list[Note] = []
        self._is_of_people = name.removesuffix(".csv") in OF_PEOPLE
        self._index, self._findings = index, findings
        self._estimated: dict[str, list[int]] = {}
        self._far: list[int] = []
        try:
            records = list(records_of(content))
        except BadLineError as error:
            findings.fault(name, error.line, "", "well-formed CSV", error.problem, code=Code.MALFORMED)
            return
        if not records:
            return  # whoever reads the snapshot says so
        headings = [folded(each) for each in records[0][1]]
        for each in (POSTCODE, *DEGREES):
            if headings.count(each) > 1:
                findings.fault(
                    name, records[0][0], each, "one column of this name", f"{headings.count(each)}", code=Code.COLUMN_TWICE
                )
                return
        if POSTCODE in headings:
            self.content = self._filled(records[0][1], headings, records[1:])
            self._say()

    def _filled(self, titles: list[str], headings: list[str], records: Iterable[tuple[int, list[str]]]) -> bytes:
        added = [each for each in DEGREES if each not in headings]
        titles, headings = [*titles, *added], [*headings, *added]
        at = headings.index(POSTCODE)
        latitude, longitude = (headings.index(each) for each in DEGREES)
        for place in (at, latitude, longitude):
            titles[place] = headings[place]
        keep = [place for place in range(len(titles)) if place != at or not self._is_of_people]
        lines = []
        for line, cells in records:
            if not any(map(str.strip, cells)):
                continue
            if len(cells) != len(titles) - len(added):
                self._findings.fault(
                    self.name, line, "", f"{len(titles) - len(added)} cells", f"{len(cells)} cells", code=Code.NUMBER_OF_CELLS
                )
                continue
            row = [*cells, *([""] * len(added))]
            row[latitude], row[longitude] = self._place(line, row[at], (row[latitude].strip(), row[longitude].strip()))
            lines.append([row[place] for place in keep])
        if self._is_of_people:
            self.notes.append(Note(self.name, f"the column {POSTCODE} is left out: places say all that is needed of people"))
        return exact_table((titles[place] for place in keep), lines)

    def _place(self, line: int, postcode: str, given: tuple[str, str]) -> tuple[str, str]:
        """The degrees of one line: those that are given, else those of its postcode, else as they were, with a fault."""
        if any(given) and not all(given):
            self._findings.fault(
                self.name, line, "", "latitude and longitude, or neither with a postcode", "one of the two", code=Code.NO_PLACE
            )
        if any(given) and not postcode.strip():
            return given
        if not any(given) and not postcode.strip():
            self._findings.fault(
                self.name, line, POSTCODE, "a postcode, or latitude and longitude", "neither", code=Code.NO_PLACE
            )
            return given
        try:
            found = place_of(self._index, postcode)
        except NoSuchPlaceError as error:
            if not any(given):
                self._findings.fault(
                    self.name,
                    line,
                    POSTCODE,
                    "a postcode in use in England",
                    f"{postcode.strip()}: {error.nearest and 'nearest '}{error.nearest or error.kind}",
                    personal=self._is_of_people,
                    kind=error.kind,
                    code=Code.NO_PLACE,
                )
            return given
        if any(given):
            if all(given) and _is_far(given, found):
                self._far.append(line)
            return given
        self.places += 1
        if found.note:
            self._estimated.setdefault(found.note, []).append(line)
        return f"{found.latitude:.{DECIMALS}f}", f"{found.longitude:.{DECIMALS}f}"

    def _say(self) -> None:
        if self.places:
            self.notes.append(Note(self.name, f"{self.places:,} place(s) are filled in by their postcodes"))
        if self._far:
            said = f"the place is over {FAR_MILES} mile from its postcode; the place is kept"
            self.notes.append(Note(self.name, said, len(self._far), tuple(self._far)))
        for note, lines in sorted(self._estimated.items()):
            self.notes.append(Note(self.name, f"of a postcode {note}", len(lines), tuple(lines)))


def _is_far(given: Sequence[str], found: Place) -> bool:
    try:
        there = to_grid([float(given[0])], [float(given[1])])
    except ValueError:
        return False  # no numbers: whoever reads the snapshot says so
    metres = crow_metres(there, to_grid([found.latitude], [found.longitude]))[0]
    return bool(np.isfinite(metres)) and metres > FAR_MILES * METRES_PER_MILE
