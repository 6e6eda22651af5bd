"""How a provider's rounds could take a package, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Insertion:
    """A visit put into the run of a round on one day, the ``position``-th of it. Seconds; ``start`` from midnight of that day."""

    visit_id: str
    day: str
    round_id: str
    worker: str
    position: int
    start: int
    extra_travel: int


@dataclass(frozen=True, slots=True)
class Shifted:
    """A visit that is planned, and begins so many seconds later."""

    visit_id: str
    day: str
    round_id: str
    seconds: int


@dataclass(frozen=True)
class Fit:
    """How a provider's rounds could take a package. ``missing``: visits and days (their own) that no round of its can take.

    ``barred``: per visit that no shift of the provider can hold, why.
    """

    provider_id: str
    insertions: tuple[Insertion, ...]
    shifted: tuple[Shifted, ...]
    missing: tuple[tuple[str, str], ...]
    barred: Mapping[str, str] = field(default_factory=dict)

    @property
    def extra_seconds(self) -> int:
        """More travel in a week; less than 0 where a way becomes shorter."""
        return sum(each.extra_travel for each in self.insertions)

    @property
    def extra_minutes(self) -> int:
        """The same in whole minutes, half up."""
        return (self.extra_seconds + 30) // 60

    @property
    def round_ids(self) -> tuple[str, ...]:
        return tuple(sorted({each.round_id for each in self.insertions}))

    @property
    def is_whole(self) -> bool:
        return not self.missing
