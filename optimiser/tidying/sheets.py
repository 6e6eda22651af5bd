"""A sheet of a workbook or a CSV file as it stands: rows of cells, none of them understood yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BrokenCell:
    """A cell that shows a mistake of the spreadsheet in place of a value: what it is, in words."""

    what: str


Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | BrokenCell
"""Text of a CSV file is always ``str``; a workbook's cells have types. An empty cell is the empty text."""


@dataclass(frozen=True)
class Sheet:
    """Where it stands, what it is called, and its rows with their numbers as a spreadsheet shows them, from 1."""

    source: str
    """As faults name it: ``book.xlsx, sheet 'packages'`` or ``packages.csv``."""
    name: str
    """Without the ending ``.csv``."""
    rows: Sequence[tuple[int, Sequence[Cell]]]
    typed: bool
    """Whether cells have types: those of a workbook have, those of a CSV file are text."""
    comma: bool = True
    """Whether commas separate the columns, or nothing does: where semicolons or tabs do, a comma may be a decimal one."""
    told: tuple[str, ...] = field(default=())
    """How the file was read: its encoding, its separator."""

    def __repr__(self) -> str:
        return f"<Sheet {self.source}, {len(self.rows)} rows>"


def is_empty(cell: Cell) -> bool:
    """Whether nobody sees anything in a cell."""
    return isinstance(cell, str) and not without_blanks(cell)


UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
"""Characters that nobody sees, which come along when text is copied from a page or a letter."""


def without_blanks(text: str) -> str:
    """A text without blanks around it, those included that keep words together or cannot be seen."""
    return text.strip(" \t\r\n\u00a0\u2007\u202f\u3000" + UNSEEN)


def letters_of(place: int) -> str:
    """What a spreadsheet calls its column: 0 is A, 26 is AA."""
    name, place = "", place + 1
    while place:
        place, digit = divmod(place - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def place_of(letters: str) -> int:
    """The way back: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
