"""What was proven beside a best that has risen since is not told as a bound, whether or not there is time to begin again."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from optimiser.solving import UNPLACED, Level, Problem, lexicographic
from optimiser.solving.interruptible import Halt
from optimiser.solving.level_state import LevelState
from optimiser.solving.outcome import Stopped
from tests.solving.tiny import numbers, terms


def two_waiting() -> Problem:
    """Two items with a choice each, both unplaced at the start, and three levels that all gain by placing them."""
    levels = tuple(Level(name, Fraction(10), numbers([-5, -5]), ()) for name in ("first", "second", "third"))
    return Problem(
        item_count=2,
        must_place=np.zeros(2, dtype=np.bool_),
        choice_item=numbers([0, 1]),
        limits=terms([]),
        limit_capacity=numbers([]),
        parts=terms([]),
        part_constant=numbers([]),
        levels=levels,
        start=numbers([UNPLACED, UNPLACED]),
    )


class Search:
    """A level's work that closes every level, and at the last one finds that the first level's best has to rise."""

    halt: Stopped | None = None

    def __init__(self, stage: LevelState, *_: object) -> None:
        self._incumbent, self._index = stage.incumbent, stage.index
        problem = stage.problem
        self.relaxation = SimpleNamespace(
            left_out=np.full(problem.item_count, -np.inf), floors=np.full(problem.choice_count, -np.inf)
        )

    def run(self, *_: object) -> None:
        self._incumbent.raise_bound(self._index, self._incumbent.bests[self._index])
        if self._index == len(self._incumbent.problem.levels) - 1:
            self._incumbent.revisit = 0
            if self.halt:
                raise Halt(self.halt)


@pytest.mark.parametrize("halt", [None, "cancelled", "wall"])
def test_bounds_behind_a_risen_best_are_forgotten(halt: Stopped | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicographic, "MOST_RETURNS", 0)
    monkeypatch.setattr(lexicographic, "LevelSearch", Search)
    monkeypatch.setattr(Search, "halt", halt)
    outcomes = lexicographic.solve(two_waiting()).levels
    assert outcomes[0].bound == outcomes[0].best
    assert [outcome.bound for outcome in outcomes[1:]] == [0] * (len(outcomes) - 1)
