"""How people are hidden in counts of groups: figures about few are not told, and others go to the nearest multiple."""

from __future__ import annotations

from dataclasses import dataclass

SMALLEST = 5
"""Figures about fewer people are not told, and others go to the nearest multiple."""


@dataclass(frozen=True)
class Hiding:
    """How people are hidden in counts of groups. ``smallest`` 1: exact counts."""

    smallest: int = SMALLEST

    def told(self, count: int) -> int | None:
        """The count as it is told; None: too small."""
        if count < self.smallest:
            return None
        return (count + self.smallest // 2) // self.smallest * self.smallest
