"""Ids that went through a spreadsheet: numbers are their digits, and what a spreadsheet made of an id that is none any more is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from optimiser.domain.words import MONTHS
from optimiser.tidying.numbers import EXPONENT, digits_of
from optimiser.tidying.sheets import Cell
from optimiser.tidying.written_dates import UnreadableError

KEPT_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; what came after them is zeros now."""
MOST_SHORT = 0.15
"""If no more than this share of the ids in figures are shorter than all others, they seem to have lost zeros."""
NOTHING = ("n/a", "na", "none", "null", "nil", "-", "--", "tbc", "tba", "n.a.", "not applicable", "unknown", "?")
"""What people write where there is nothing; an empty cell says that."""
_MONTH = f"(?:{'|'.join(month[:3] for month in MONTHS)})"
AS_A_DATE = re.compile(
    rf"\d{{1,2}}[-/]{_MONTH}(?:[-/]\d{{2,4}})?|{_MONTH}-\d{{2,4}}"
    r"|\d{1,2}([/.])\d{1,2}\1\d{2,4}|\d{4}-\d{1,2}-\d{1,2}",
    re.IGNORECASE,
)
"""What a spreadsheet makes of 3-4, 1/2 or MAR1."""
PLAIN = "an id as it was given: format the column as text before ids are put in"


@dataclass(frozen=True)
class Id:
    """An id, and whether a spreadsheet may have taken zeros away before it."""

    text: str
    may_lack_zeros: bool


def identifier(cell: Cell, *, required: bool) -> Id:
    """A cell's id. Raises ``UnreadableError``."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise UnreadableError(PLAIN, "what a spreadsheet takes for a date, a time or true and false")
    if isinstance(cell, str):
        return _of_text(cell, required=required)
    written = digits_of(cell)
    if not written.isdigit():
        raise UnreadableError(PLAIN, "a number that is no whole one, or has an exponent")
    if len(written) > KEPT_DIGITS or cell >= 10**KEPT_DIGITS:
        raise UnreadableError(PLAIN, f"a number of more than {KEPT_DIGITS} digits, of which a spreadsheet drops the last")
    return Id(written, may_lack_zeros=True)


def _of_text(text: str, *, required: bool) -> Id:
    if EXPONENT.fullmatch(text):
        raise UnreadableError(PLAIN, "an exponent")
    if re.fullmatch(r"[-+]?\d+[.,]\d+|\d{1,3}(,\d{3})+", text):
        raise UnreadableError(PLAIN, "a number with a point or commas")
    if AS_A_DATE.fullmatch(text):
        raise UnreadableError(PLAIN, "what a spreadsheet makes of an id that it takes for a date")
    if not required and text.casefold() in NOTHING:
        raise UnreadableError("an id, or an empty cell where there is none", "a word for nothing")
    if text.startswith("'"):
        raise UnreadableError("an id without the apostrophe before it", "an apostrophe")
    if "?" in text:
        raise UnreadableError("an id without a question mark", "a question mark, perhaps in place of a letter that was lost")
    return Id(text, may_lack_zeros=text.isdigit() and not text.startswith("0"))


def lost_zeros(ids: Iterable[Id]) -> Mapping[str, int]:
    """Ids of one kind that seem to have lost zeros, each with the width that it seems to have had.

    They have if another id still has its zeros and is longer, or if nearly all ids in figures have one width and few are shorter.
    """
    found = {each.text: each.may_lack_zeros for each in ids if each.text.isdigit()}
    kept = {len(text) for text in found if text.startswith("0") and len(text) > 1}
    if kept:
        width = max(kept)
        return {text: width for text, may in found.items() if may and len(text) < width}
    width = max(map(len, found), default=0)
    short = [text for text in found if len(text) < width]
    others = len(found) - len(short)
    few = len(short) == 1 or len(short) <= MOST_SHORT * len(found)
    return {text: width for text in short if found[text]} if short and others >= 3 and few else {}


BETWEEN_FIGURES = re.compile(r"\d+[A-Za-z]\d+")
"""An id such as 4D2: where others are so, 400 may have been 4E2, which a spreadsheet takes for a number."""
ROUND = re.compile(r"[1-9]\d?0{4,}")
"""A number such as 70000000, which may have been 7E7."""


def lost_letters(ids: Iterable[Id]) -> set[str]:
    """Ids of one kind that are numbers now and may have been ids with an E between figures."""
    known = {each.text: each.may_lack_zeros for each in ids}
    numbers = {text for text, may in known.items() if may}
    if any(BETWEEN_FIGURES.fullmatch(text) for text in known):
        return {text for text in numbers if text.endswith("0")}
    shortest = min(map(len, numbers), default=0)
    return {text for text in numbers if ROUND.fullmatch(text) and len(text) >= shortest + 3}


def lost_last_digits(ids: Iterable[Id]) -> set[str]:
    """Ids of more figures than a spreadsheet keeps, if each of them ends in zeros where it keeps none."""
    long = {each.text for each in ids if each.text.isdigit() and len(each.text) > KEPT_DIGITS}
    return long if all(text.endswith("0" * (len(text) - KEPT_DIGITS)) for text in long) else set()


def padded(text: str, width: int | None) -> str:
    """An id in figures with its zeros, where somebody said how wide ids are."""
    return text.rjust(width, "0") if width is not None and text.isdigit() else text


def namespace(column: str) -> str:
    """What a column's ids are of: ``previous_contract_id`` and ``contract_id`` are one kind."""
    special: Mapping[str, str] = {"part_of": "package_id", "succeeds": "contract_id", "previous_contract_id": "contract_id"}
    ending: Collection[str] = ("provider_id",)
    return special.get(column) or next((each for each in ending if column.endswith(each)), column)
