"""Dates as people and spreadsheets write them. A date such as 01/04/2026 is the first of April or the fourth of January: which,
only its column can tell, and where that cannot either nobody guesses.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from optimiser.domain.words import MONTHS
from optimiser.tidying.sheets import Cell

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})")
_NAMED = re.compile(r"(?:[A-Za-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4}|\d{2})")
_NAMED_FIRST = re.compile(r"(?:[A-Za-z]{3,9},? )?([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
CENTURY = 30
"""A year of two digits below it is of this century; from it on nobody knows (30 is 1930 to a spreadsheet, 2030 in a contract)."""
EXPECTED = "a date such as 23/11/2026 or 2026-11-23"
ORDER = "a date that can be read in one way: say --day-first if days come before months, or write 2026-04-01"
SWAPPED = "dates that are all dates, or all text: a spreadsheet may have swapped days and months of some"


class UnreadableError(Exception):
    """A cell that is not read: what was expected, and the kind of what was found."""

    def __init__(self, expected: str, kind: str) -> None:
        self.expected, self.kind = expected, kind
        super().__init__(expected)


@dataclass(frozen=True)
class Parts:
    """A date in figures, whose order is not known yet."""

    first: int
    second: int
    year: int
    padded: tuple[bool, bool]
    """Whether each of the two figures, where it is below ten, has a zero before it (True also from ten on)."""

    def day_first(self) -> dt.date | None:
        return _date(self.year, self.second, self.first)

    def month_first(self) -> dt.date | None:
        return _date(self.year, self.first, self.second)


@dataclass(frozen=True)
class Written:
    """A cell with a date: the date, or its parts where their order has to be found; and how it was written, in words."""

    date: dt.date | None
    parts: Parts | None
    form: str


def written(cell: Cell) -> Written:
    """A cell's date. Raises ``UnreadableError``."""
    if isinstance(cell, dt.datetime):
        if cell.time() != dt.time():
            raise UnreadableError("a date without a time of day", "a date with a time")
        return Written(cell.date(), None, "dates of the spreadsheet")
    if isinstance(cell, dt.date):
        if cell.year < 1910:
            raise UnreadableError(EXPECTED, "a number shown as a date")
        return Written(cell, None, "dates of the spreadsheet")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise UnreadableError("a date (format the cells as dates: a number alone may count from 1900 or 1904)", "a number")
    if not isinstance(cell, str):
        raise UnreadableError(EXPECTED, "no date")
    return _of_text(cell)


def _of_text(text: str) -> Written:
    if found := _ISO.fullmatch(text):
        made = _date(int(found[1]), int(found[3]), int(found[4]))
        if made is None:
            raise UnreadableError(EXPECTED, "no day of a calendar")
        same = found[2] == "-" and len(found[3]) == len(found[4]) == 2
        return Written(made, None, "" if same else "dates with the year first")
    if found := _NUMERIC.fullmatch(text):
        first, second = found[1], found[3]
        padded = (len(first) == 2, len(second) == 2)
        parts = Parts(int(first), int(second), _year(found[4]), padded)
        if parts.day_first() is None and parts.month_first() is None:
            raise UnreadableError(EXPECTED, "no day of a calendar")
        return Written(None, parts, "")
    if found := _NAMED.fullmatch(text):
        return _named(int(found[1]), found[2], _year(found[3]))
    if found := _NAMED_FIRST.fullmatch(text):
        return _named(int(found[2]), found[1], _year(found[3]))
    raise UnreadableError(EXPECTED, "a number" if re.fullmatch(r"\d+(\.\d+)?", text) else "not a date")


def _named(day: int, month: str, year: int) -> Written:
    number = next((place for place, full in enumerate(MONTHS, 1) if full.casefold().startswith(month.casefold())), 0)
    made = _date(year, number, day) if number else None
    if made is None:
        raise UnreadableError(EXPECTED, "no day of a calendar")
    return Written(made, None, "dates with the month's name")


def _year(digits: str) -> int:
    if len(digits) == 4:
        return int(digits)
    if int(digits) >= CENTURY:
        raise UnreadableError("a year of four digits", f"a year of two digits from {CENTURY} on")
    return 2000 + int(digits)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def ordered(cells: Sequence[Written | None], *, day_first: bool) -> tuple[list[dt.date | UnreadableError | None], str]:
    """The dates of a column in one order, and which that is in words. A cell that cannot be told is its fault.

    Where no cell shows the order, days come first only if that was said; a column that mixes what a spreadsheet took for dates
    with text that it did not is refused, since it may have swapped days and months of the first.
    """
    parts = [each.parts for each in cells if each is not None and each.parts is not None]
    if not parts:
        return [None if each is None else each.date for each in cells], ""
    day = [each.day_first() is not None for each in parts]
    month = [each.month_first() is not None for each in parts]
    if any(each is not None and each.form == "dates of the spreadsheet" for each in cells):
        return _refused(cells, UnreadableError(SWAPPED, "text beside dates")), ""
    same = all(each.first == each.second for each in parts)
    if all(day) and (day_first or same or (not all(month) and not _one_is_odd(parts))):
        return [_by(each, first=True) for each in cells], "the day first (23/11/2026)"
    if all(month) and not all(day) and not day_first and not _one_is_odd(parts):
        return [_by(each, first=False) for each in cells], "the month first (11/23/2026)"
    return _refused(cells, UnreadableError(ORDER, "a date that fits two orders, or another order than the others")), ""


def _one_is_odd(parts: Sequence[Parts]) -> bool:
    """Whether dates that fit both orders are written in another way than those that fit one: some of them were changed."""
    both = [each for each in parts if each.day_first() is not None and each.month_first() is not None]
    one = [each for each in parts if each.day_first() is None or each.month_first() is None]
    return not all(all(each.padded) for each in both) and any(_is_padded(each) for each in one)


def _is_padded(each: Parts) -> bool:
    return all(each.padded) and min(each.first, each.second) < 10


def _refused(cells: Sequence[Written | None], why: UnreadableError) -> list[dt.date | UnreadableError | None]:
    return [None if each is None else each.date if each.parts is None else why for each in cells]


def _by(cell: Written | None, *, first: bool) -> dt.date | None:
    if cell is None or cell.parts is None:
        return None if cell is None else cell.date
    return cell.parts.day_first() if first else cell.parts.month_first()
