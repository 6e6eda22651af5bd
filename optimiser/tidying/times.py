"""Times of day as people and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from optimiser.tidying.sheets import Cell
from optimiser.tidying.written_dates import UnreadableError

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?(?: ?([AaPp])\.?[Mm]\.?)?")
EXPECTED = "a time of day such as 07:30"
HALVES = "a time with am or pm, as others of this column have it"


@dataclass(frozen=True)
class Clock:
    """A time; whether am or pm stood there; whether it was written as the format has it."""

    time: dt.time
    half: bool
    as_it_stands: bool


def clock(cell: Cell) -> Clock:
    """A cell's time. Raises ``UnreadableError``."""
    if isinstance(cell, dt.datetime) and cell.year < 1905:
        cell = cell.time()
    if isinstance(cell, dt.timedelta) and dt.timedelta() <= cell < dt.timedelta(days=1):
        cell = (dt.datetime(2000, 1, 1) + cell).time()
    if isinstance(cell, dt.time):
        return Clock(whole_second(dt.datetime.combine(dt.date(2000, 1, 1), cell)).time(), half=False, as_it_stands=False)
    if not isinstance(cell, str):
        raise UnreadableError(EXPECTED, "a number" if isinstance(cell, int | float) else "no time")
    found = _TIME.fullmatch(cell)
    if not found:
        raise UnreadableError(EXPECTED, "not a time")
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise UnreadableError(EXPECTED, "an hour that no half of a day has")
        hour = hour % 12 + (12 if found[4] in "pP" else 0)
    try:
        time = dt.time(hour, minute, second)
    except ValueError:
        raise UnreadableError(EXPECTED, "no time of a day") from None
    return Clock(time, bool(found[4]), as_it_stands=not found[4] and len(found[1]) == 2)


def halves_agree(cells: Sequence[Clock | None]) -> list[UnreadableError | None]:
    """Where some cells of a column say am or pm, those that do not and could are in doubt."""
    said = any(each is not None and each.half for each in cells)
    why = UnreadableError(HALVES, "a time without it")
    return [why if said and each is not None and not each.half and 1 <= each.time.hour <= 12 else None for each in cells]


def whole_second(moment: dt.datetime) -> dt.datetime:
    """A spreadsheet keeps times as fractions of a day: what is off by a thousandth of a second is the second itself."""
    nearest = (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    return nearest if abs(nearest - moment) <= dt.timedelta(milliseconds=2) else moment


def in_format(time: dt.time) -> str:
    """``07:30``, with seconds where there are any."""
    return time.strftime("%H:%M:%S" if time.second else "%H:%M")
