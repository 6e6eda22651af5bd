"""What one alternative has proven, another need not prove again.

A bound holds for every plan that keeps to the levels before it. Where the levels before it in another order, at the bests that
were found, allow no plan that those did not, the same bound holds there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from optimiser.bridging.alternatives import PEOPLE_WITH_NOTHING, nothing
from optimiser.domain.level_result import LevelResult
from optimiser.domain.records import HARMS
from optimiser.solving.problem import Level

SUMS = {PEOPLE_WITH_NOTHING: tuple(map(nothing, HARMS))}
"""Per level those that it is the sum of, each of them 0 or more."""


class ProvenElsewhere:
    """Bounds of levels in one order, by what was proven in others. The problems differ in the order of levels alone."""

    def __init__(self, levels: Sequence[Level], found: Sequence[Sequence[LevelResult[int]]]) -> None:
        """``levels``: in the order at work. ``found``: per other order its levels, in that order."""
        self._levels, self._found = levels, found

    def __call__(self, bests: Sequence[int]) -> int:
        """What no plan is below on the level after these, within their tolerances; 0: nothing is known."""
        name = self._levels[len(bests)].name
        before = zip(self._levels, bests, strict=False)
        most = {level.name: best + level.tolerance for level, best in before}
        return max((_bound(name, each, most) for each in self._found), default=0)


def _bound(name: str, found: Sequence[LevelResult[int]], most: Mapping[str, int]) -> int:
    for level in found:
        if level.name == name:
            return level.bound
        if not any(each <= level.best + level.tolerance for each in _at_most(level.name, most)):
            break
    return 0


def _at_most(name: str, most: Mapping[str, int]) -> Iterator[int]:
    """What a level is at most, in every way in which that follows from what these are at most."""
    if name in most:
        yield most[name]
    for whole, parts in SUMS.items():
        if name in parts and whole in most:
            yield most[whole]
        if name == whole and all(part in most for part in parts):
            yield sum(most[part] for part in parts)
