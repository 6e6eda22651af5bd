"""Where further points may lie, and which limits to try next: the box method (Hamacher, Pedersen and Ruzika 2007, "Finding
representative systems for discrete bicriterion optimization problems", Operations Research Letters 35).

Between two points that neither beats the other, all that beats neither lies in the box of which they are corners. A search with
a limit inside of it cuts the box in two, smaller together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """Whole values of both levels, ends included."""

    one_least: int
    one_most: int
    other_least: int
    other_most: int
    maybe_empty: bool = False
    """Whether the last search in it found nothing: the next one looks at all of it at once."""

    @property
    def size(self) -> int:
        """How many pairs of values lie in it."""
        return max(0, self.one_most - self.one_least + 1) * max(0, self.other_most - self.other_least + 1)


def between(one: tuple[int, int], other: tuple[int, int]) -> Box:
    """Strictly between two points, the first with less of the first level."""
    return Box(one[0] + 1, other[0] - 1, other[1] + 1, one[1] - 1)


def limits_of(boxes: Sequence[Box], count: int) -> list[list[int]]:
    """Per box the limits on the first level to try next, ``count`` in all: one after the other where most is left unknown."""
    shares = [0] * len(boxes)
    for _ in range(count):
        at = max(range(len(boxes)), key=lambda each: (boxes[each].size / (shares[each] + 1), -each))
        shares[at] += boxes[at].size > 0
    return [_spread(box, share) for box, share in zip(boxes, shares, strict=True)]


def _spread(box: Box, count: int) -> list[int]:
    whole = {box.one_most} if box.maybe_empty and count else set[int]()
    wide, inside = box.one_most - box.one_least + 1, count - len(whole)
    return sorted(whole | {box.one_least + (step * wide) // (inside + 1) for step in range(1, inside + 1)})


def cut(box: Box, tried: Sequence[tuple[int, tuple[int, int]]]) -> list[Box]:
    """What is left of a box. ``tried``: limits on the first level, rising, each with the least of the second within it and the
    least of the first that has that.
    """
    left: list[Box] = []
    least, most, nothing = box.one_least, box.other_most, False
    for limit, (one, other) in tried:
        nothing = other > most
        if not nothing:
            left.append(Box(least, one - 1, other + 1, most))
            most = other - 1
        least = limit + 1
    left.append(Box(least, box.one_most, box.other_least, most, nothing or (box.maybe_empty and not tried)))
    return [each for each in left if each.size]
