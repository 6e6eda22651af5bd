"""What kind of value a column takes, asked of the column's own way to read a cell: no second list to keep."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from optimiser.io.cells import BadCellError, Column, Parse


class Kind(Enum):
    """How cells of a column are understood."""

    IDENTIFIER = "an id"
    TEXT = "text"
    DATE = "a date"
    MOMENT = "a date and time"
    TIME = "a time of day"
    TRUTH = "true or false"
    NUMBER = "a number"
    POUNDS = "pounds"
    SHARE = "a share from 0 to 1"
    CHOICE = "one word of a list"
    CHOICES = "words of a list"
    WORDS = "words"


@dataclass(frozen=True)
class Meaning:
    """What a column takes; ``allowed``: the words of a closed list."""

    kind: Kind
    allowed: tuple[str, ...] = ()


IN_ENGLAND = ("52.6", "1.5", "-1.5")
"""A latitude and longitudes that columns of coordinates take."""
NUMBERS = (Kind.NUMBER, Kind.POUNDS, Kind.SHARE)
_PROBES: tuple[tuple[str, type, Kind], ...] = (
    ("2026-11-23T09:30:00", dt.datetime, Kind.MOMENT),
    ("2026-11-23", dt.date, Kind.DATE),
    ("07:30", dt.time, Kind.TIME),
    ("true", bool, Kind.TRUTH),
)


def meaning_of(column: Column) -> Meaning:
    """What a column takes, as its parser shows by what it accepts."""
    parse = column.parse
    for text, made, kind in _PROBES:
        if type(_value(parse, text)) is made:
            return Meaning(kind)
    words = _listed(parse)
    if words is not None:
        return words
    value = _value(parse, "1")
    if type(value) is int and value == 100:
        return Meaning(Kind.POUNDS)
    if isinstance(value, Fraction) and _value(parse, "2") is None:
        return Meaning(Kind.SHARE)
    if isinstance(value, int | Fraction) or any(type(_value(parse, text)) is float for text in IN_ENGLAND):
        return Meaning(Kind.NUMBER)
    if isinstance(_value(parse, "a;b"), tuple):
        return Meaning(Kind.WORDS)
    if isinstance(_value(parse, "a1"), str) and _value(parse, "a;b") is None:
        return Meaning(Kind.IDENTIFIER)
    return Meaning(Kind.TEXT)


def _value(parse: Parse, text: str) -> object:
    try:
        found: object = parse(text)
    except BadCellError:
        return None
    return found


def _listed(parse: Parse) -> Meaning | None:
    """Of a closed list, its words: what is said of a word that no list has names them."""
    try:
        parse("no such word in any list")
    except BadCellError as error:
        if error.expected.startswith("one of "):
            named = error.expected.removeprefix("one of ").split(", ")
            return Meaning(Kind.CHOICE, tuple(word for word in named if word != "empty"))
        if error.expected.startswith("a list of "):
            named = error.expected.removeprefix("a list of ").removesuffix(", separated by ';'").split(", ")
            return Meaning(Kind.CHOICES, tuple(named))
    return None
