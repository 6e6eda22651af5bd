"""How a cell of text becomes a value, and what is said when it cannot."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from optimiser.domain.records import CARE_STEP_MINUTES, LONGEST
from optimiser.io.fault_codes import Code


class BadCellError(Exception):
    """What was expected, and in a word what kind of value stands there instead (for personal columns)."""

    def __init__(self, expected: str, kind: str, *, code: Code = Code.WRONG_VALUE) -> None:
        self.expected, self.kind, self.code = expected, kind, code
        super().__init__(expected)


Parse = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """A column of a file: its name, how a cell becomes a value, and whether it tells something of a person."""

    name: str
    parse: Parse
    personal: bool = False
    optional: bool = False
    """The column may be missing from the file; its cells are then empty."""

    @property
    def may_be_empty(self) -> bool:
        """Whether a cell that holds nothing is a good one."""
        try:
            self.parse("")
        except BadCellError:
            return False
        return True


NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
LONGER = re.compile(r"-?\d{1,100}(\.\d{1,100})?", re.ASCII)
"""A number with more digits than are read, as sums of binary floats have them."""
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?")
REPEATED = lru_cache(maxsize=1024)
"""For cells whose few values fill a county: each is worked out once. What it gives is never changed."""
MAX_TEXT = 10_000
MOST_OWN_COLUMNS = 100
"""Columns (or properties of areas) that the format does not know, in one table."""
READ_AS_SOMETHING_ELSE = (".", "..", "--")
"""Whoever asks for an address takes dots for "here" and "one up", even as ``%2E``; to a command two dashes end its options."""


def text(cell: str) -> str:
    """Free text, as it stands."""
    if len(cell) > MAX_TEXT:
        raise BadCellError(f"at most {MAX_TEXT:,} characters", "a longer text", code=Code.NO_TEXT)
    return cell


def line(cell: str) -> str:
    """A short text on one line, as it stands."""
    if len(cell) > LONGEST or (cell and not cell.isprintable()) or cell != cell.strip():
        raise BadCellError(
            f"a line of at most {LONGEST} printable characters without blanks around it", "not such a line", code=Code.NO_TEXT
        )
    return cell


def email_address(cell: str) -> str:
    """An address to write to. Whether somebody reads there is for nobody to check here."""
    before, _, after = line(cell).rpartition("@")
    if not before or not after or " " in cell:
        raise BadCellError("an e-mail address such as desk@alder.example", "not an address", code=Code.NO_TEXT)
    return cell


def identifier(cell: str) -> str:
    """A name that other files refer to."""
    if cell.isalnum() and len(cell) <= LONGEST:
        return cell
    if not cell:
        raise BadCellError("an id", "empty", code=Code.NO_ID)
    if len(cell) > LONGEST or ";" in cell or cell != cell.strip() or not cell.isprintable():
        raise BadCellError(
            f"an id of at most {LONGEST} printable characters, without ';' and without blanks around it",
            "not an id",
            code=Code.NO_ID,
        )
    if cell in READ_AS_SOMETHING_ELSE:
        raise BadCellError(
            "an id other than '.', '..' and '--', which addresses and commands leave out", "dots or dashes alone", code=Code.NO_ID
        )
    return cell


def optional(parse: Parse, empty: Any = None) -> Parse:
    """An empty cell means "not given"."""

    def parse_or_empty(cell: str) -> Any:
        return parse(cell) if cell else empty

    return parse_or_empty


def one_of(*allowed: str) -> Parse:
    known = {value: value for value in allowed}
    listed = ", ".join(value or "empty" for value in allowed)

    def parse(cell: str) -> str:
        try:
            return known[cell]
        except KeyError:
            raise BadCellError(f"one of {listed}", "not one of these", code=Code.UNKNOWN_WORD) from None

    return parse


def truth(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise BadCellError("true or false", "neither", code=Code.UNKNOWN_WORD)
    return cell == "true"


def date(cell: str) -> dt.date:
    try:
        if DATE.fullmatch(cell):
            return dt.date.fromisoformat(cell)
    except ValueError:
        pass
    raise BadCellError("a date such as 2026-11-23", "not a date", code=Code.NO_DATE)


def moment(cell: str) -> dt.datetime:
    """A date and time of day in Europe/London, without an offset."""
    try:
        if MOMENT.fullmatch(cell):
            return dt.datetime.fromisoformat(cell)
    except ValueError:
        pass
    raise BadCellError(
        "a date and time in Europe/London such as 2026-11-23T09:30:00, without an offset",
        "not a date and time",
        code=Code.NO_DATE,
    )


@REPEATED
def time_of_day(cell: str) -> dt.time:
    try:
        if TIME.fullmatch(cell):
            return dt.time.fromisoformat(cell)
    except ValueError:
        pass
    raise BadCellError("a time of day such as 07:30", "not a time", code=Code.NO_TIME)


def _bounds(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f" from {least} to {most}"
    return f" of at least {least}" if least is not None else ""


def decimal(least: int | None = 0, most: int | None = None, places: int = 6) -> Parse:
    """An exact decimal number, within bounds and with at most so many decimal places."""
    bounds = _bounds(least, most)

    @REPEATED
    def parse(cell: str) -> Fraction:
        if not NUMBER.fullmatch(cell):
            if LONGER.fullmatch(cell):
                raise BadCellError(f"a number{bounds}", "more than 12 digits before or after the point", code=Code.TOO_PRECISE)
            raise BadCellError(f"a number{bounds}", "not a number", code=Code.NO_NUMBER)
        value = Fraction(cell)
        if (least is not None and value < least) or (most is not None and value > most):
            raise BadCellError(f"a number{bounds}", "out of bounds", code=Code.OUT_OF_BOUNDS)
        if len(cell.partition(".")[2].rstrip("0")) > places:
            raise BadCellError(f"a number with at most {places} decimals", "more decimals", code=Code.TOO_PRECISE)
        return value

    return parse


def whole(least: int = 0, most: int | None = None) -> Parse:
    bounds = _bounds(least, most)

    @REPEATED
    def parse(cell: str) -> int:
        if not NUMBER.fullmatch(cell):
            raise BadCellError(f"a whole number{bounds}", "not a number", code=Code.NO_NUMBER)
        value = Fraction(cell)
        if value.denominator != 1 or value < least or (most is not None and value > most):
            raise BadCellError(f"a whole number{bounds}", "not whole, or out of bounds", code=Code.OUT_OF_BOUNDS)
        return int(value)

    return parse


def in_pence(least: int | None, most: int | None) -> Parse:
    """Pounds with at most two decimals, within bounds in pounds, as whole pence."""
    pounds = decimal(least, most, places=2)

    def parse(cell: str) -> int:
        return int(pounds(cell) * 100)

    return parse


pence = in_pence(0, 1000)
"""Of an hour."""
pence_a_week = in_pence(0, 1_000_000)


@REPEATED
def minutes_of_hours(cell: str) -> int:
    """Hours in quarter hours, as minutes."""
    value = _hours(cell) * 60
    if value % CARE_STEP_MINUTES:
        raise BadCellError("hours in quarter hours, such as 5.25", "not in quarter hours", code=Code.TOO_PRECISE)
    if value == 0:
        raise BadCellError("more than 0 hours", "no hours", code=Code.OUT_OF_BOUNDS)
    return int(value)


_hours = decimal(0, 336)  # two care workers round the clock


def degrees(low: float, high: float, which: str, other: tuple[float, float]) -> Parse:
    """A coordinate in England; ``other`` is the range of the one beside it, to tell when the two are swapped."""
    expected = f"a {which} in England, {low:g} to {high:g} degrees"

    def parse(cell: str) -> float:
        if not NUMBER.fullmatch(cell) and not re.fullmatch(r"-?\d{1,3}\.\d{1,30}", cell, re.ASCII):
            raise BadCellError(expected, "not a number", code=Code.NO_NUMBER)
        value = float(cell) + 0.0  # -0 and 0 are one place
        if not low <= value <= high:
            swapped = other[0] <= value <= other[1]
            asked = "latitude and longitude swapped?" if swapped else "metres in place of degrees?" if abs(value) > 180 else ""
            raise BadCellError(expected, "outside England" + (f": {asked}" if asked else ""), code=Code.OUT_OF_BOUNDS)
        return value

    return parse


@REPEATED
def words(cell: str) -> tuple[str, ...]:
    """A list separated by ';', sorted, each word once."""
    return tuple(sorted({word.strip() for word in cell.split(";") if word.strip()}))


def words_of(allowed: Collection[str]) -> Parse:
    listed = ", ".join(sorted(allowed))

    def parse(cell: str) -> tuple[str, ...]:
        found = words(cell)
        if not set(found) <= set(allowed):
            raise BadCellError(f"a list of {listed}, separated by ';'", "another word", code=Code.UNKNOWN_WORD)
        return found

    return parse
