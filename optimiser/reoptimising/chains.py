"""Which people have to move so that somebody can be placed: the smallest sets of moves that make the room, found by repair.

Whatever set makes the room holds somebody who leaves each limit that is passed without it. So a search may begin with a limit
passed, try everybody who leaves it, and look again at what is passed then.
"""

from __future__ import annotations

from collections.abc import Sequence

from optimiser.reoptimising.headroom import Change, Rooms

Chain = tuple[Change, ...]
"""Moves that go ahead together."""

MOST_TRIED = 2_000
"""So many sets of moves are looked at for one placement and one length: counted, so that runs repeat."""


def smallest_chains(rooms: Rooms, placing: Chain, moving: Sequence[Change], most: int) -> list[Chain]:
    """The sets of ``moving`` with the fewest moves, at most so many, that together with a placement keep every limit.

    All of that size, in the order of ``moving``; none where there are none, or none was found in the sets that are looked at.
    """
    for size in range(1, min(most, len(moving)) + 1):
        found = _Repair(rooms, placing, moving).of_size(size)
        if found:
            return found
    return []


class _Repair:
    """One search for sets of one size."""

    def __init__(self, rooms: Rooms, placing: Chain, moving: Sequence[Change]) -> None:
        self._rooms, self._placing, self._moving = rooms, placing, moving
        self._tried: set[frozenset[int]] = set()
        self._found: list[tuple[int, ...]] = []

    def of_size(self, size: int) -> list[Chain]:
        self._extend((), size)
        return [tuple(self._moving[each] for each in chosen) for chosen in sorted(self._found)]

    def _extend(self, chosen: tuple[int, ...], left: int) -> None:
        changes = (*(self._moving[each] for each in chosen), *self._placing)
        passed = self._rooms.excess(changes)
        if not passed:
            if left == 0:
                self._found.append(tuple(sorted(chosen)))
            return  # with moves left, what has been found is smaller, and was found before
        if left == 0:
            return
        ways = [self._leaving(limit, chosen) for limit in sorted(passed)]
        if any(sum(self._relief(limit, way)[:left]) < passed[limit] for limit, way in zip(sorted(passed), ways, strict=True)):
            return
        for move in min(ways, key=len):
            wider = frozenset((*chosen, move))
            if wider not in self._tried and len(self._tried) < MOST_TRIED:
                self._tried.add(wider)
                self._extend((*chosen, move), left - 1)

    def _leaving(self, limit: int, chosen: tuple[int, ...]) -> list[int]:
        """The moves not chosen yet that leave a limit."""
        return [
            each for each, move in enumerate(self._moving) if each not in chosen and self._rooms.shift(move).get(limit, 0) < 0
        ]

    def _relief(self, limit: int, moves: Sequence[int]) -> list[int]:
        """What each of them takes off a limit, the most first."""
        return sorted((-self._rooms.shift(self._moving[each]).get(limit, 0) for each in moves), reverse=True)
