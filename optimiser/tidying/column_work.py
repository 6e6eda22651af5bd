"""A column that is being understood: what it takes, what was said ahead, and what came of it so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from optimiser.io.cells import Column
from optimiser.tidying import ids
from optimiser.tidying.kinds import Meaning
from optimiser.tidying.sheets import Cell
from optimiser.tidying.written_dates import UnreadableError

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """What is said ahead of how cells are to be understood."""

    day_first: bool = False
    """Dates such as 01/04/2026 have the day first, as in the United Kingdom."""
    id_widths: Mapping[str, int | None] = field(default_factory=dict)
    """By kind of id (``package_id``): how many digits ids in figures have; None: they are right as they stand."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Of this column: what its words mean, theirs to ours."""


@dataclass
class Understood:
    """A column's cells as the format writes them; where one could not be read, its fault by its place."""

    cells: list[str]
    faults: dict[int, UnreadableError] = field(default_factory=dict)
    how: str = "as it stands"
    ids: dict[int, ids.Id] = field(default_factory=dict)
    """Of a column with ids, each by its place: whether zeros were lost is seen when all columns with such ids are known."""


@dataclass
class Work:
    """A column on its way."""

    column: Column
    meaning: Meaning
    settings: Settings
    typed: bool
    comma: bool
    """Whether commas separate columns, so that they part no decimals."""
    made: Understood
    counts: Counter[str] = field(default_factory=Counter)
    """In words how cells were written that were not as the format has them, and how many."""

    def read(self, cells: Sequence[Cell | None], by: Callable[[Cell], T]) -> list[T | None]:
        """What each cell says; None of one that is empty or cannot be read, whose fault is kept."""
        made: list[T | None] = []
        for place, cell in enumerate(cells):
            try:
                made.append(None if cell is None else by(cell))
            except UnreadableError as why:
                self.made.faults[place] = why
                made.append(None)
        return made

    def put(self, place: int, text: str, form: str = "") -> None:
        """A cell was read. ``form``: how it was written, where that is to be told."""
        self.made.cells[place] = text
        if form:
            self.counts[form] += 1
