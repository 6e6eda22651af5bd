"""What may be chosen for each person: one contract, and some of the visits that cannot wait; nobody has two bridges.

Of sets of visits on one contract that come to the same minutes and visits of the same packages one is kept, that with the
foremost visits: no limit and no level can tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from optimiser.bridging.bridge_case import Case, Waiting
from optimiser.bridging.urgent_visits import UrgentVisit, groups_of, sets_of
from optimiser.judging.candidates import neutral_hash
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.rules.book import standard_rules


@dataclass(frozen=True)
class Part:
    """What a bridge would make of a package: its minutes and visits a week."""

    package: int
    minutes_per_week: int
    visits_per_week: int


@dataclass(frozen=True)
class Option:
    """One person's visits on one contract."""

    person: Waiting
    contract: int
    places: tuple[int, ...]
    """Of the visits, among the person's."""

    def __repr__(self) -> str:
        return f"<Option of {self.person.person_id}: {len(self.places)} visits>"

    @property
    def visits(self) -> list[UrgentVisit]:
        return [self.person.visits[place] for place in self.places]

    @property
    def minutes_per_week(self) -> int:
        return sum(each.minutes_per_week for each in self.visits)

    @property
    def is_whole(self) -> bool:
        """Whether all of the person's visits that cannot wait are in it."""
        return len(self.places) == len(self.person.visits)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Per package with visits in it what they come to."""
        found: dict[int, tuple[int, int]] = {}
        for each in self.visits:
            minutes, visits = found.get(each.package, (0, 0))
            found[each.package] = minutes + each.minutes_per_week, visits + each.visits_per_week
        return tuple(Part(package, *found[package]) for package in sorted(found))


def options_of(case: Case) -> dict[str, list[Option]]:
    """Per person's id everything that may be chosen, in the order of a neutral hash; who has nothing is in it, too.

    What has no room even alone is left out.
    """
    room, found = _Room(case), {}
    for person in sorted(case.people, key=lambda each: neutral_hash(case.county, each.person_id)):
        may_take = [set(case.may_take(each).tolist()) for each in person.visits]
        contracts = _in_neutral_order(case, person, set().union(*may_take))
        found[person.person_id] = [
            option
            for contract in contracts
            for option in _on(person, contract, [contract in each for each in may_take])
            if room.holds(option)
        ]
    return found


def _on(person: Waiting, contract: int, allowed: list[bool]) -> Iterator[Option]:
    groups = [group for group in groups_of(person.visits) if all(allowed[place] for place in group)]
    seen = set()
    for places in sets_of(groups):
        option = Option(person, contract, places)
        if option.parts not in seen:
            seen.add(option.parts)
            yield option


def _in_neutral_order(case: Case, person: Waiting, contracts: set[int]) -> list[int]:
    records = case.county.contracts
    return sorted(contracts, key=lambda k: neutral_hash(case.county, person.person_id, records[k].contract_id))


class _Room:
    """What every limit has left before anybody has a bridge."""

    def __init__(self, case: Case) -> None:
        self._county = case.county
        self._usage = Usage.of(case.county, standard_rules(), entry_plan(case.county))

    def holds(self, option: Option) -> bool:
        usage = self._usage
        for index in usage.touching.get(option.contract, ()):
            limit, used = usage.limits[index], usage.used[index]
            coming = sum(
                part.minutes_per_week for part in option.parts if limit.counts(self._county, part.package, option.contract)
            )
            if coming and used + coming > limit.whole_minutes:
                return False
        return True
