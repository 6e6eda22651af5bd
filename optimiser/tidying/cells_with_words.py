"""Columns with words, ids and text: every cell in the format's own writing, or its fault."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from optimiser.domain.words import WEEKDAYS
from optimiser.io.cells import Column
from optimiser.io.headings import looks
from optimiser.tidying import ids, numbers
from optimiser.tidying.column_work import Work
from optimiser.tidying.kinds import Kind, Meaning
from optimiser.tidying.sheets import Cell, without_blanks
from optimiser.tidying.written_dates import UnreadableError

_TRUE, _FALSE = ("true", "yes", "y", "1"), ("false", "no", "n", "0")


def truths_of(cells: Sequence[Cell | None], work: Work) -> None:
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        said = numbers.digits_of(cell) if isinstance(cell, float) else str(cell).casefold()
        if isinstance(cell, dt.date | dt.time | dt.timedelta) or said not in (*_TRUE, *_FALSE):
            work.made.faults[place] = UnreadableError("true or false (also yes or no)", "neither")
        else:
            work.put(
                place, "true" if said in _TRUE else "false", "" if cell in ("true", "false") else f"{said} read as true or false"
            )


def choices_of(cells: Sequence[Cell | None], work: Work) -> None:
    known = {looks(word): word for word in work.meaning.allowed}
    several = work.meaning.kind is Kind.CHOICES
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        if isinstance(cell, bool) or not isinstance(cell, str | int | float):
            work.made.faults[place] = UnreadableError(
                _listed(work.meaning), "what a spreadsheet takes for a date or true and false"
            )
            continue
        text = cell if isinstance(cell, str) else numbers.digits_of(cell)
        parts = [part for part in re.split(r"[;,/\n]", text) if part.strip()] if several else [text]
        found = [known.get(looks(part)) or _day(part, work.meaning.allowed) for part in parts]
        if None in found or not found:
            work.made.faults[place] = UnreadableError(_listed(work.meaning), "another word")
            continue
        joined = ";".join(word for word in found if word is not None)
        form = (
            ""
            if joined == cell
            else "numbers of the spreadsheet"
            if not isinstance(cell, str)
            else "words written in another way"
        )
        work.put(place, joined, form)


_DAYS = {day[:3].casefold(): day.casefold() for day in WEEKDAYS}


def _day(word: str, allowed: Sequence[str]) -> str | None:
    """The day that is meant: Tues, Thursday."""
    said = looks(word)
    if len(said) < 3 or not set(_DAYS) <= set(allowed):
        return None
    return next((short for short, name in _DAYS.items() if said.startswith(short) and name.startswith(said)), None)


def _listed(meaning: Meaning) -> str:
    return ("a list of " if meaning.kind is Kind.CHOICES else "one of ") + ", ".join(meaning.allowed)


def identifiers_of(cells: Sequence[Cell | None], work: Work) -> None:
    width = work.settings.id_widths.get(ids.namespace(work.column.name))
    required = not work.column.may_be_empty
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        try:
            found = ids.identifier(cell, required=required)
        except UnreadableError as why:
            work.made.faults[place] = why
            continue
        text = ids.padded(found.text, width)
        if width is not None and text.isdigit() and len(text) > width:
            work.made.faults[place] = UnreadableError(f"an id of {width} digits, as the map says", "more digits")
            continue
        work.made.ids[place] = ids.Id(text, found.may_lack_zeros and text == found.text)
        form = "" if isinstance(cell, str) else "numbers, read as their digits"
        work.put(place, text, "numbers with their zeros before them again" if text != found.text else form)
    if not work.typed and (figures := sum(each.may_lack_zeros for each in work.made.ids.values())):
        work.counts["figures alone, read as their digits"] += figures


def words_of(cells: Sequence[Cell | None], work: Work) -> None:
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        if isinstance(cell, str) and ";" not in cell and re.search(r"[,\n|]", cell):
            work.made.faults[place] = UnreadableError("words separated by ';'", "a comma or a new line in a word")
            continue
        try:
            if isinstance(cell, str) and cell.casefold() in ids.NOTHING:
                raise UnreadableError("words, or an empty cell where there are none", "a word for nothing")
            parts = cell.split(";") if isinstance(cell, str) else [cell]
            for part in parts:
                made = ids.identifier(without_blanks(part) if isinstance(part, str) else part, required=True)
                written = made.text
            work.put(
                place,
                cell if isinstance(cell, str) else written,
                "" if isinstance(cell, str) else "numbers, read as their digits",
            )
        except UnreadableError as why:
            work.made.faults[place] = why


def texts_of(cells: Sequence[Cell | None], work: Work) -> None:
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        why = _changed(work.column, cell)
        if why:
            work.made.faults[place] = UnreadableError("text (format the column as text before it is put in)", why)
        elif isinstance(cell, str):
            work.put(place, cell, "figures alone, before which a spreadsheet takes zeros away" if cell.isdigit() else "")


def _changed(column: Column, cell: Cell) -> str:
    """What a spreadsheet made of a text; empty where nothing shows that it made anything of it."""
    if not isinstance(cell, str):
        return "what a spreadsheet takes for a number, a date, a time or true and false"
    if numbers.EXPONENT.fullmatch(cell):
        return "an exponent"
    if ids.AS_A_DATE.fullmatch(cell) and not re.fullmatch(r"[\d./-]+", cell):
        return "what a spreadsheet makes of a text that it takes for a date"
    if re.search(r"\w\?\w", cell):
        return "a question mark inside a word, perhaps in place of a letter that was lost"
    if column.name == "telephone" and cell.isdigit() and not cell.startswith("0"):
        return "a number that begins with neither 0 nor +: a spreadsheet takes them away"
    if column.name == "protected" and cell.casefold() in ids.NOTHING:
        return "a word for nothing: an empty cell says that"
    return ""
