"""Returns of many providers in one CSV: ours, or the export that providers make for the national capacity tracker.

The headings of that export are not published, and may change. So a small ``map.toml`` may say which heading of the file is which
of ours, and what its words mean. A file is taken whole, or refused whole with every fault.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from starlette.requests import Request

from api.capacity_returns.told_hours import WHEN, FreeHours
from api.http.errors import Problem
from api.http.zipped_folder import HIDDEN, NOT_A_FOLDER, ZIPS, unpacked
from api.state.state import State
from optimiser.domain.records import CARE_STEP_MINUTES
from optimiser.io.cells import BadCellError, Column, Parse, date, decimal, identifier, line, one_of, optional
from optimiser.io.csv_tables import Row, read_table, read_text
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.leftovers import hidden_folder

KINDS = ("text/csv", *ZIPS)
MAP = "map.toml"
ALONE = "capacity.csv"
"""What a file that comes without a name is called in faults."""
MOST_HOURS = 100_000


def hours(cell: str) -> int:
    """Free hours in quarter hours, as minutes; none is a good answer."""
    minutes = decimal(0, MOST_HOURS)(cell) * 60
    if minutes % CARE_STEP_MINUTES:
        raise BadCellError("hours in quarter hours, such as 5.25", "not in quarter hours")
    return int(minutes)


PARSERS: Mapping[str, Parse] = {
    "provider_id": optional(identifier, ""),
    "location_id": optional(identifier, ""),
    "area_id": optional(identifier, ""),
    "part_of_day": optional(one_of(*WHEN), ""),
    "hours_per_week": hours,
    "free_from": optional(date),
    "told_on": optional(date),
    "said_by": optional(line, ""),
}
"""The columns by name. ``hours_per_week`` has to be there, and ``provider_id`` or CQC's ``location_id``; others may be absent."""
NEEDED = "hours_per_week"
DAYS = ("free_from", "told_on")
DAY_FIRST = re.compile(r"(\d{2})/(\d{2})/(\d{4})(?: \d{2}:\d{2}(?::\d{2})?)?", re.ASCII)


@dataclass(frozen=True)
class ReturnsMap:
    """By column of ours the heading that it has, a value for every row, and what words of the file mean."""

    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    day_first: bool = False
    """Days are written 07/12/2026, with or without a time."""

    def heading(self, name: str) -> str:
        return self.columns.get(name, name)

    def needs(self, name: str) -> bool:
        """Whether the file has to have a column: one that the map names is not left out by mistake."""
        return name not in self.fixed and (name == NEEDED or name in self.columns)


@dataclass(frozen=True)
class Sent:
    """What a file tells of one provider."""

    provider_id: str
    told_on: str
    said_by: str = field(repr=False)
    lines: tuple[FreeHours, ...]


@contextmanager
def on_disk(request: Request, body: IO[bytes], most: int) -> Iterator[Path]:
    """The folder with the CSV, and the map where one was sent; gone afterwards. Raises the problem ``not_a_folder``."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KINDS[0]:
        with unpacked(body, most) as folder:
            yield folder
        return
    with alone_on_disk(body) as folder:
        yield folder


@contextmanager
def alone_on_disk(body: IO[bytes]) -> Iterator[Path]:
    """A folder with a CSV alone; gone afterwards."""
    with hidden_folder(HIDDEN) as folder:
        with (folder / ALONE).open("xb") as plain:
            shutil.copyfileobj(body, plain)
        yield folder


def read_returns(folder: Path, state: State, usual_map: str = "", own: str = "") -> list[Sent]:
    """What the file tells, by provider. Raises ``InputRefusedError`` with every fault of it, or the problem ``not_a_folder``.

    ``usual_map``: the path of the map of a file that comes without one, empty: none. ``own``: the one provider that a file may
    tell of, which a line need not name.
    """
    names = sorted(each.name for each in folder.iterdir())
    tables = [name for name in names if name != MAP]
    if len(tables) != 1:
        raise Problem(NOT_A_FOLDER, f"Expected one CSV file, with or without {MAP}; it holds {len(tables)} beside that.")
    findings = Findings()
    given = ReturnsMap()
    if MAP in names:
        given = _map(folder / MAP, findings)
    elif usual_map:
        given = _map(Path(usual_map), findings)
    _refuse(findings)
    columns = [Column(given.heading(name), _parser(name, given), optional=not given.needs(name)) for name in PARSERS]
    rows = read_table(folder, tables[0], columns, findings)
    found = _by_provider(tables[0], rows, given, state, findings, own)
    _refuse(findings)
    return found


def _refuse(findings: Findings) -> None:
    if findings.faults:
        raise InputRefusedError(findings.faults)


def _parser(name: str, given: ReturnsMap) -> Parse:
    """A column's parser with the map's words, its fixed value, and days as the file writes them."""
    parse, words, fixed = PARSERS[name], given.values.get(name, {}), given.fixed.get(name)

    def parsed(cell: str) -> Any:
        if fixed is not None:
            return parse(fixed)
        meant = words.get(cell.strip(), cell.strip())
        if given.day_first and name in DAYS and meant:
            if (day := DAY_FIRST.fullmatch(meant)) is None:
                raise BadCellError("a day such as 07/12/2026", "no such day")
            meant = f"{day[3]}-{day[2]}-{day[1]}"
        return parse(meant)

    return parsed


def _map(file: Path, findings: Findings) -> ReturnsMap:
    content = read_text(file.parent, file.name, findings)
    if content is None:
        return ReturnsMap()
    try:
        told = tomllib.loads(content.replace("\r\n", "\n"))
    except (ValueError, ArithmeticError, RecursionError) as error:
        findings.fault(MAP, 0, "", "well-formed TOML", str(error)[:200])
        return ReturnsMap()
    for name in told:
        if name not in ("columns", "fixed", "values", "day_first"):
            findings.fault(MAP, 0, name, "columns, fixed, values or day_first", name)
    day_first = told.get("day_first", False)
    if not isinstance(day_first, bool):
        findings.fault(MAP, 0, "day_first", "true or false", "something else")
    values = told.get("values", {})
    words = {name: _texts(f"values.{name}", each, findings) for name, each in _known("values", values, findings).items()}
    columns, fixed = (_texts(part, _known(part, told.get(part, {}), findings), findings) for part in ("columns", "fixed"))
    for name in sorted(columns.keys() & fixed.keys()):
        findings.fault(MAP, 0, f"fixed.{name}", "a heading or a fixed value, not both", name)
    for name, value in fixed.items():
        try:
            PARSERS[name](value)
        except BadCellError as error:
            findings.fault(MAP, 0, f"fixed.{name}", error.expected, value)
    made = ReturnsMap(columns, fixed, words, day_first is True)
    headings = Counter(made.heading(name) for name in PARSERS)
    for name, heading in columns.items():
        if headings[heading] > 1:
            findings.fault(MAP, 0, f"columns.{name}", "a heading that is no other column's", heading)
    return made


def _known(part: str, given: Any, findings: Findings) -> dict[str, Any]:
    """The members of a table whose names are columns of ours."""
    if not isinstance(given, dict):
        findings.fault(MAP, 0, part, "a table", "something else")
        return {}
    for name in given:
        if name not in PARSERS:
            findings.fault(MAP, 0, f"{part}.{name}", f"one of {', '.join(PARSERS)}", name)
    return {name: each for name, each in given.items() if name in PARSERS}


def _texts(where: str, given: Any, findings: Findings) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        findings.fault(MAP, 0, where, "a table of texts", "something else")
        return {}
    return given


def _by_provider(name: str, rows: list[Row], given: ReturnsMap, state: State, findings: Findings, own: str) -> list[Sent]:
    """The rows of each provider as one return. Hours of several locations of a provider, for the same place and day, add up."""
    told: dict[str, list[tuple[str, str]]] = defaultdict(list)
    minutes: dict[str, dict[tuple[str, str, str], int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        cells = dict(zip(PARSERS, row.values, strict=True))
        if own:
            provider_id = _own_line(name, row.line, cells, given, state, findings, own)
        else:
            provider_id = _provider(name, row.line, cells, given, state, findings)
        if cells["area_id"] and state.get("areas", cells["area_id"]) is None:
            findings.fault(name, row.line, given.heading("area_id"), "a known area id", cells["area_id"])
        day: dt.date = cells["told_on"] or state.as_of
        if day > state.as_of:
            findings.fault(name, row.line, given.heading("told_on"), f"a day up to {state.as_of}", str(day))
        told[provider_id].append((day.isoformat(), cells["said_by"]))
        free_from = cells["free_from"].isoformat() if cells["free_from"] else ""
        minutes[provider_id][cells["area_id"], cells["part_of_day"], free_from] += cells["hours_per_week"]
    return [
        Sent(each, *max(told[each]), tuple(FreeHours(*place, total) for place, total in sorted(minutes[each].items())))
        for each in sorted(told)
    ]


def _own_line(name: str, at: int, cells: Mapping[str, Any], given: ReturnsMap, state: State, findings: Findings, own: str) -> str:
    """The same of a file that one provider sends of itself: of what is another's nothing is told, not whether it is there."""
    provider_id, location_id = str(cells["provider_id"]), str(cells["location_id"])
    known = state.get("locations", location_id) if location_id else None
    if location_id and (known is None or str(known.record.provider_id) != own):
        findings.fault(name, at, given.heading("location_id"), "a location of your own", location_id)
    if provider_id not in ("", own):
        findings.fault(name, at, given.heading("provider_id"), "your own provider id, or none", provider_id)
    return own


def _provider(name: str, at: int, cells: Mapping[str, Any], given: ReturnsMap, state: State, findings: Findings) -> str:
    """Whose line it is, by its own id or that of a location; empty with a fault."""
    provider_id, location_id = str(cells["provider_id"]), str(cells["location_id"])
    known = state.get("locations", location_id) if location_id else None
    if location_id and known is None:
        findings.fault(name, at, given.heading("location_id"), "a known location id", location_id)
        return ""
    holder = "" if known is None else str(known.record.provider_id)
    column = given.heading("provider_id")
    if provider_id and holder and provider_id != holder:
        findings.fault(name, at, column, f"the provider of the location, {holder}", provider_id)
    elif not provider_id and not holder:
        findings.fault(name, at, column, "a provider_id or a location_id", "neither")
    elif state.get("providers", provider_id or holder) is None:
        findings.fault(name, at, column, "a known provider id", provider_id or holder)
    return provider_id or holder
