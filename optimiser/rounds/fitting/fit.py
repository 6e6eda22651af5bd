"""How a provider's rounds could take a package, as plain records: whom it may be offered to in the order in which they are
asked, and what it asks for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from optimiser.county import County
from optimiser.domain.records import Visit
from optimiser.judging.candidates import judge
from optimiser.judging.limit_use import entry_plan
from optimiser.judging.ranking import Cascade
from optimiser.rules.book import standard_rules


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


class Eligible:
    """Of one county. A provider is eligible where every eligibility rule allows one of its contracts."""

    def __init__(self, county: County) -> None:
        self._county, self._rules = county, standard_rules()
        self._cascade = Cascade(county, entry_plan(county))
        self.visits: dict[str, list[Visit]] = defaultdict(list)
        for visit in county.snapshot.visits:
            self.visits[visit.package_id].append(visit)

    def providers(self, package_id: str) -> list[str]:
        """The eligible providers of a package, each once."""
        package = self._county.package_index[package_id]
        allowed = judge(self._county, self._rules, np.array([package])).of(package)
        asked = self._cascade.order(package, allowed.tolist())
        return list(dict.fromkeys(self._county.provider(place.contract).provider_id for place in asked))
