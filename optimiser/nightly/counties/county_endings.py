"""How the night of a county ended, in a word and as an exit code, and which of several is the worst."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from optimiser import exits
from optimiser.processes import how_it_ended

WORDS = {
    exits.NOTHING_NEW: "nothing_new",
    exits.PROVEN: "proven",
    exits.OPEN_GAPS: "open_gaps",
    exits.LOCKED: "locked",
    exits.INTERRUPTED: "interrupted",
    exits.REFUSED: "refused",
    exits.DEFECT: "defect",
}
"""From the mildest to the worst: nothing changed, done, done with gaps, left to another run, ended by somebody, not done for a
fault of the data, not done for a fault of this software."""
MILDEST_FIRST = tuple(WORDS)
CRASHED, NOT_BEGUN = "crashed", "not_begun"
WELL = ("nothing_new", "proven", "open_gaps")
"""Endings that leave a report which is today's."""
IN_WORDS = {
    "nothing_new": "nothing new",
    "proven": "every level proven",
    "open_gaps": "some levels not proven",
    "locked": "another run was at work on it",
    "interrupted": "interrupted",
    "refused": "refused: see what was said of its faults",
    "defect": "a defect of the software: please report it",
    CRASHED: "its process ended too soon",
    NOT_BEGUN: "not begun: the run was interrupted before",
}
IN_SHORT = {word: said.partition(":")[0] for word, said in IN_WORDS.items()}
"""The same for a cell of a table."""


@dataclass(frozen=True)
class Ending:
    """``exit_code``: of the county's own process, below 0 where a signal ended it; None: it was never begun."""

    exit_code: int | None

    @property
    def word(self) -> str:
        return NOT_BEGUN if self.exit_code is None else WORDS.get(self.exit_code, CRASHED)

    @property
    def counts_as(self) -> int:
        """By the house's exit codes: never begun is interrupted, and a process that ended too soon is work that was not done."""
        if self.exit_code is None:
            return exits.INTERRUPTED
        return self.exit_code if self.exit_code in WORDS else exits.REFUSED

    def in_words(self) -> str:
        said = IN_WORDS[self.word]
        return f"{said}: it {how_it_ended(self.exit_code)}" if self.word == CRASHED else said


def worst_of(endings: Iterable[Ending]) -> int:
    """The exit code of the worst. At least one is given."""
    return max((each.counts_as for each in endings), key=MILDEST_FIRST.index)
