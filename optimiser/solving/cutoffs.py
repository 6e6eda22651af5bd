"""What a level's search is after: how good a plan would be better, and how high a bound is enough. Values are scaled."""

from __future__ import annotations

import math

from optimiser.solving.incumbent import Incumbent

SAFE_SHARE = 0.95
"""A search is asked for a little more than a proof needs, so that rounding cannot spoil it."""


class Cutoffs:
    """One level's best and bound, and what a search may leave open between them."""

    def __init__(self, incumbent: Incumbent, index: int) -> None:
        self._incumbent = incumbent
        self._measured = incumbent.measures[index]
        self._index = index

    @property
    def best(self) -> int:
        """The level's value of the best plan so far."""
        return self._incumbent.bests[self._index]

    @property
    def open_units(self) -> int:
        """How many whole units the bound is below the best."""
        return self.best - self._incumbent.bounds[self._index]

    @property
    def proven(self) -> bool:
        return self._incumbent.proven(self._index)

    @property
    def scaled_slack(self) -> float:
        """How much a proof may leave open."""
        return float(self.slack() * self._measured.scale)

    def note(self, scaled: float) -> None:
        self._incumbent.raise_bound(self._index, self._measured.whole_bound(scaled))

    def note_above(self, ceiling: float) -> None:
        """No plan has a scaled value up to ``ceiling``."""
        self._incumbent.raise_bound(self._index, self._measured.whole_value(math.floor(ceiling) + 1))

    def slack(self) -> int:
        """How many whole units a proof may leave open."""
        level = self._measured.level
        return max(level.proof_gap, math.floor(level.proof_share * self.best))

    def gap(self, scaled: float) -> float:
        """How much a scaled bound is short of a proof."""
        self.note(scaled)
        if self._incumbent.proven(self._index):
            return 0.0
        return max(self.top() + 1 - scaled, 1e-9)

    def cap(self) -> float:
        """The largest scaled value that would be better than the best."""
        return float(self._measured.below(self.best))

    def top(self) -> float:
        """The largest scaled value that a proof has to rule out."""
        return float(self._measured.below(self.best - self.slack()))

    def allowed(self, ceiling: float) -> float:
        """The scaled gap that a search may leave open."""
        measured = self._measured
        value = (ceiling + measured.constant) / measured.scale
        slack = max(measured.level.proof_gap, float(measured.level.proof_share) * value)
        return max(slack * measured.scale, float(measured.step)) * SAFE_SHARE

    def enough(self) -> float:
        """The scaled value of a plan that the bound already proves."""
        return float(self._measured.below(self._incumbent.bounds[self._index] + self.slack() + 1))
