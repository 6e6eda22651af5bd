"""What other limits would reach: the principals' share against the destabilisation limit and against the number of waves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from optimiser.domain.policy import TransferPolicy
from optimiser.domain.words import hours, share

LIMITS = (Fraction(1, 20), Fraction(1, 10), Fraction(3, 20), Fraction(1, 5))
WAVE_COUNTS = (1, 2, 4, 8, 0)
"""How many waves may be used; 0: all that the horizon holds."""

FRONTIER = ("cut", "limit", "waves", "share", "hours_moved", "short_hours", "proven")


@dataclass(frozen=True)
class Point:
    """What is reached under one limit with so many waves."""

    recut: bool
    limit: Fraction
    waves: int
    """The most waves that may be used."""
    share: Fraction
    """Of all the areas' minutes together, with their principals."""
    moved_minutes: int
    short_minutes: int
    proven: bool

    def row(self) -> dict[str, object]:
        return {
            "cut": "recut" if self.recut else "whole rounds",
            "limit": share(self.limit),
            "waves": self.waves,
            "share": share(self.share),
            "hours_moved": hours(self.moved_minutes),
            "short_hours": hours(self.short_minutes),
            "proven": str(self.proven).lower(),
        }


@dataclass(frozen=True)
class Reached:
    """What one set of settings reaches."""

    moved_minutes: int
    short_minutes: int
    share: Fraction
    waves: int
    proven: bool


ReachedUnder = Callable[[TransferPolicy, bool], Reached]
"""Settings, and whether rounds are cut anew."""


def frontier(policy: TransferPolicy, reached: ReachedUnder, *, recut: bool) -> Iterator[Point]:
    """Each limit with each number of waves, as rounds are and (where asked for) cut anew; one by one, as each takes a while."""
    seen: set[tuple[bool, Fraction, int]] = set()
    for cut in (False, True) if recut else (False,):
        for limit in LIMITS:
            for count in WAVE_COUNTS:
                got = reached(replace(policy, destabilisation_limit=limit, max_waves=count), cut)
                if (cut, limit, got.waves) not in seen:
                    seen.add((cut, limit, got.waves))
                    yield Point(cut, limit, got.waves, got.share, got.moved_minutes, got.short_minutes, got.proven)
