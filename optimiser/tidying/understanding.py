"""One column, understood: every cell in the format's own writing, a note of how it was understood, and its faults."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from optimiser.io.cells import Column
from optimiser.tidying import cells_with_figures, cells_with_words
from optimiser.tidying.column_work import Settings, Understood, Work
from optimiser.tidying.kinds import NUMBERS, Kind, Meaning
from optimiser.tidying.numbers import digits_of
from optimiser.tidying.sheets import BrokenCell, Cell, without_blanks
from optimiser.tidying.written_dates import UnreadableError

ERRORS = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|ERROR!)|#{3,}|Err:\d+")
"""What stands in a cell whose formula failed, or that is too narrow to show its number."""
ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
"""How a workbook writes a character that its text cannot hold; whether it was meant so, nobody can tell."""


def understand(
    column: Column, meaning: Meaning, cells: Sequence[Cell], settings: Settings, *, typed: bool, comma: bool
) -> Understood:
    """Every cell of a column. ``comma``: commas separate columns, so that they part no decimals."""
    made = Understood([""] * len(cells))
    work = Work(column, meaning, settings, typed, comma, made)
    clean: list[Cell | None] = []
    for place, cell in enumerate(cells):
        try:
            clean.append(_clean(cell, meaning, settings, work.counts))
        except UnreadableError as why:
            made.faults[place] = why
            clean.append(None)
    _BY_KIND[meaning.kind](clean, work)
    if told := sorted(work.counts.items()):
        made.how = "; ".join(f"{what} ({count:,} {'cells' if count > 1 else 'cell'})" for what, count in told)
    return made


def _clean(cell: Cell, meaning: Meaning, settings: Settings, told: Counter[str]) -> Cell | None:
    """A cell without blanks around it, its word translated; None where it is empty."""
    if isinstance(cell, BrokenCell):
        raise UnreadableError(meaning.kind.value, cell.what)
    if not isinstance(cell, str):
        return _translated(cell, settings, told)
    bare = without_blanks(cell)
    if not bare:
        if cell:
            told["blanks alone read as empty"] += 1
        return None
    if ERRORS.fullmatch(bare):
        raise UnreadableError(meaning.kind.value, "an error of the spreadsheet, or a cell too narrow to show its value")
    if bare in settings.values:
        told["words of the council's own, translated"] += 1
        return settings.values[bare] or None
    _refuse_garbled(bare)
    if bare != cell:
        told["without blanks around it"] += 1
    return bare


def _translated(cell: Cell, settings: Settings, told: Counter[str]) -> Cell | None:
    """A number that is a word of the council's own: a priority of 1."""
    word = digits_of(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else ""
    if word not in settings.values:
        return cell
    told["words of the council's own, translated"] += 1
    return settings.values[word] or None


def _refuse_garbled(text: str) -> None:
    """Text that was read in a wrong encoding before, or whose characters are lost."""
    if text.isascii() and not ESCAPED.search(text):
        return
    if "\ufffd" in text:
        raise UnreadableError("text with its letters", "a letter that was lost")
    if ESCAPED.search(text):
        raise UnreadableError("text with its letters", "a character that the workbook could not hold")
    try:
        again = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return
    if again != text:
        raise UnreadableError("text with its letters", "letters that were read in a wrong encoding (UTF-8 as Windows-1252)")


_BY_KIND: dict[Kind, Callable[[Sequence[Cell | None], Work], None]] = {
    Kind.DATE: cells_with_figures.dates_of,
    Kind.MOMENT: cells_with_figures.moments_of,
    Kind.TIME: cells_with_figures.times_of,
    Kind.TRUTH: cells_with_words.truths_of,
    Kind.CHOICE: cells_with_words.choices_of,
    Kind.CHOICES: cells_with_words.choices_of,
    Kind.IDENTIFIER: cells_with_words.identifiers_of,
    Kind.WORDS: cells_with_words.words_of,
    Kind.TEXT: cells_with_words.texts_of,
    **dict.fromkeys(NUMBERS, cells_with_figures.numbers_of),
}
