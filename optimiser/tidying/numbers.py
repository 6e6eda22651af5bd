"""Numbers as people and spreadsheets write them: pounds, thousands, per cent, and commas for points where a country does so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from optimiser.tidying.kinds import Kind
from optimiser.tidying.sheets import Cell
from optimiser.tidying.written_dates import UnreadableError

BLANKS = " \u00a0\u2007\u2009\u202f"
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_POINT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+|\d{1,3}([ \u00a0\u2007\u2009\u202f]\d{3})+)(\.\d+)?")
_COMMA = re.compile(r"-?(\d+|\d{1,3}(\.\d{3})+|\d{1,3}([ \u00a0\u2007\u2009\u202f]\d{3})+)(,\d+)?")
EXPONENT = re.compile(r"[-+]?\d+([.,]\d+)?[eE][-+]?\d+")
POUNDS = re.compile(r"(-?)(?:£|GBP)[ \u00a0]?(.+)|(.+?)[ \u00a0]?(?:£|GBP)")
TWO_WAYS = "a number that can be read in one way (a comma or a point before three digits may part thousands or decimals)"


@dataclass(frozen=True)
class Number:
    """What a cell says if points stand before decimals, and if commas do; None: so it cannot be read."""

    by_point: str | None
    by_comma: str | None
    form: str

    @property
    def is_clear(self) -> bool:
        return self.by_point == self.by_comma


def number(cell: Cell, kind: Kind) -> Number:
    """A cell's number. Raises ``UnreadableError``."""
    expected = "a number" if kind is not Kind.POUNDS else "pounds such as 24.00 or £24.00"
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise UnreadableError(expected, "no number, but what a spreadsheet takes for a date, a time or true and false")
    if not isinstance(cell, str):
        written = digits_of(cell)
        if "e" in written or not _PLAIN.fullmatch(written):
            raise UnreadableError(expected, "a number beyond measure")
        return Number(written, written, "numbers of the spreadsheet")
    if EXPONENT.fullmatch(cell):
        raise UnreadableError(f"{expected}, written in full", "an exponent")
    form, bare, share = "", cell, kind is Kind.SHARE and cell.endswith("%")
    if kind is Kind.POUNDS and (found := POUNDS.fullmatch(cell)):
        form, bare = "pounds with their sign", found[1] + found[2] if found[2] else found[3]
    if share:
        form, bare = "per cent", cell[:-1].rstrip(BLANKS)
    made = Number(_plain(bare, _POINT, ",", "."), _plain(bare, _COMMA, ".", ","), form)
    if made.by_point is None and made.by_comma is None:
        raise UnreadableError(expected, "not a number")
    if not made.is_clear or bare not in (made.by_point, made.by_comma):
        form = ", ".join(filter(None, (form, "parted thousands" if made.by_point not in (None, bare) else "")))
    if share:
        return Number(_hundredth(made.by_point), _hundredth(made.by_comma), form)
    return Number(made.by_point, made.by_comma, form)


def digits_of(value: float) -> str:
    """A number as a spreadsheet shows it: it keeps 15 digits, and what stands behind them is no part of what people wrote."""
    return str(value) if isinstance(value, int) else format(value, ".15g")


def _plain(text: str, pattern: re.Pattern[str], thousands: str, point: str) -> str | None:
    if not pattern.fullmatch(text):
        return None
    return re.sub(f"[{BLANKS}]", "", text.replace(thousands, "")).replace(point, ".")


def _hundredth(text: str | None) -> str | None:
    return None if text is None else format(Decimal(text).scaleb(-2), "f")


def settled(
    cells: Sequence[Number | None], *, comma_separated: bool, fits: Callable[[str], bool]
) -> tuple[list[str | UnreadableError | None], str]:
    """The numbers of a column, all read in one way, and a word where that is not the usual one.

    Where commas part columns, they part no decimals. Else a column's own cells must show it: by a number that can be read in
    one way alone, or by all that ``fits`` the column in one way alone.
    """
    there = [each for each in cells if each is not None]
    point = any(each.by_comma is None for each in there)
    comma = any(each.by_point is None for each in there)
    unclear = [each for each in there if not each.is_clear and each.by_point is not None and each.by_comma is not None]
    if point and comma:
        return _refuse(cells, lambda each: each.by_point is None or each in unclear), ""
    if comma and unclear and comma_separated:
        return _refuse(cells, lambda each: each in unclear), ""
    if comma:
        return [None if each is None else each.by_comma for each in cells], "commas before decimals"
    if unclear and not point and not comma_separated:
        by_point = all(fits(each.by_point or "") for each in unclear)
        by_comma = all(fits(each.by_comma or "") for each in unclear)
        if by_point == by_comma:
            return _refuse(cells, lambda each: each in unclear), ""
        if by_comma:
            return [None if each is None else each.by_comma for each in cells], "commas before decimals"
    return [None if each is None else each.by_point for each in cells], ""


def _refuse(cells: Sequence[Number | None], which: Callable[[Number], bool]) -> list[str | UnreadableError | None]:
    why = UnreadableError(TWO_WAYS, "a number that can be read in two ways, or in another way than the others")
    return [None if each is None else why if which(each) else each.by_point for each in cells]
