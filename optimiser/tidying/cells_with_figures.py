"""Columns with dates, times and numbers: every cell in the format's own writing, or its fault."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from optimiser.io.cells import BadCellError
from optimiser.tidying import numbers, times, written_dates
from optimiser.tidying.column_work import Work
from optimiser.tidying.sheets import Cell
from optimiser.tidying.written_dates import UnreadableError


def dates_of(cells: Sequence[Cell | None], work: Work) -> None:
    read = work.read(cells, written_dates.written)
    found, order = written_dates.ordered(read, day_first=work.settings.day_first)
    for place, (date, was) in enumerate(zip(found, read, strict=True)):
        if isinstance(date, UnreadableError):
            work.made.faults[place] = date
        elif date is not None and was is not None:
            work.put(place, date.isoformat(), was.form or (order if was.parts else ""))


_MOMENT = re.compile(r"(.+?)[T ,]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?: ?[AaPp]\.?[Mm]\.?)?)")


def moments_of(cells: Sequence[Cell | None], work: Work) -> None:
    read = [each or (None, "", None) for each in work.read(cells, _moment)]
    days = [day for day, _, _ in read]
    found, order = written_dates.ordered(days, day_first=work.settings.day_first)
    doubts = times.halves_agree([half for _, _, half in read])
    for place, (date, (was, time, _), doubt) in enumerate(zip(found, read, doubts, strict=True)):
        if isinstance(date, UnreadableError):
            work.made.faults[place] = date
        elif doubt is not None:
            work.made.faults[place] = doubt
        elif date is not None and was is not None:
            work.put(place, f"{date.isoformat()}T{time}", was.form or (order if was.parts else ""))


def _moment(cell: Cell) -> tuple[written_dates.Written, str, times.Clock | None]:
    expected = "a date and time such as 23/11/2026 09:30"
    if isinstance(cell, dt.datetime):
        moment = times.whole_second(cell)
        if moment.year < 1910:
            raise UnreadableError(expected, "a time without its date")
        return written_dates.Written(moment.date(), None, "dates of the spreadsheet"), moment.time().isoformat(), None
    if isinstance(cell, dt.date):
        raise UnreadableError(expected, "a date without its time, or midnight (write it as text)")
    found = _MOMENT.fullmatch(cell) if isinstance(cell, str) else None
    if found is None:
        raise UnreadableError(expected, "not a date and time")
    day = written_dates.written(found[1])
    if "." in found[2].upper().removesuffix("M.") and not found[2][-2:].upper().endswith("M."):
        return day, found[2], None  # parts of a second stand as they are
    clock = times.clock(found[2])
    return day, clock.time.isoformat(), clock


def times_of(cells: Sequence[Cell | None], work: Work) -> None:
    read = work.read(cells, times.clock)
    for place, (clock, doubt) in enumerate(zip(read, times.halves_agree(read), strict=True)):
        if doubt is not None:
            work.made.faults[place] = doubt
        elif clock is not None:
            form = "" if clock.as_it_stands else "times with am and pm" if clock.half else "times such as 7:30"
            work.put(place, times.in_format(clock.time), form)


def numbers_of(cells: Sequence[Cell | None], work: Work) -> None:
    def fits(text: str) -> bool:
        try:
            work.column.parse(text)
        except BadCellError:
            return False
        return True

    read = work.read(cells, lambda cell: numbers.number(cell, work.meaning.kind))
    found, way = numbers.settled(read, comma_separated=work.comma, fits=fits)
    for place, (text, was) in enumerate(zip(found, read, strict=True)):
        if isinstance(text, UnreadableError):
            work.made.faults[place] = text
        elif text is not None and was is not None:
            work.put(place, text, way or was.form)
