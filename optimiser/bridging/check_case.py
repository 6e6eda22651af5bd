"""The rows of one alternative as the check of a bridge counts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from optimiser.bridging.check_people import Row, Waits
from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import HARMS
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import Group

ORDERS: Mapping[str, tuple[str, ...]] = {
    "harm_first": ("uncovered", "people_with_nothing", "days_waited"),
    "people_first": ("nothing", "uncovered", "days_waited"),
    "whole_care": ("not_whole", "uncovered", "people_with_nothing", "days_waited"),
}
"""Per alternative what its levels count, in their order; then comes care by exception, of the rule book."""
BY_HARM = ("uncovered", "nothing", "not_whole")
"""Those of them that are a level for each harm."""
HOW = ("all", "some", "none")
UNITS = {"uncovered": "minutes a week", "nothing": "people", "not_whole": "people"}
UNITS |= {"people_with_nothing": "people", "days_waited": "days"}


@dataclass(frozen=True)
class Case:
    """The rows of one alternative."""

    name: str
    county: County
    waits: Waits
    rows: list[Row]

    def __repr__(self) -> str:
        return f"<Case {self.name}: {len(self.rows)} rows>"

    @cached_property
    def covered(self) -> list[Row]:
        return [row for row in self.rows if row["covered"] == "true"]

    @property
    def is_known(self) -> bool:
        """Whether every visit that is covered is on a contract that there is."""
        return all(row["contract_id"] in self.county.contract_index for row in self.covered)

    @cached_property
    def minutes(self) -> dict[str, int]:
        """Per person the minutes a week that are covered of the visits that cannot wait."""
        found = dict.fromkeys(self.waits.people, 0)
        for row in self.covered:
            found[row["person_id"]] += self.waits.minutes[row["visit_id"]]
        return found

    @cached_property
    def visits(self) -> dict[str, frozenset[str]]:
        """Per person the visits that are covered."""
        found: dict[str, set[str]] = {person: set() for person in self.waits.people}
        for row in self.covered:
            found[row["person_id"]].add(row["visit_id"])
        return {person: frozenset(own) for person, own in found.items()}

    def covers(self, person: str) -> str:
        wanted = self.waits.wanted[person]
        return "all" if self.minutes[person] == wanted else "some" if self.minutes[person] else "none"

    @cached_property
    def contract_ids(self) -> dict[str, str]:
        """Per person who has a bridge its contract."""
        return {row["person_id"]: row["contract_id"] for row in reversed(self.covered)}

    @cached_property
    def plan(self) -> tuple[County, Plan]:
        """The county with every package that is covered as the part that it becomes, and who is where then."""
        visits: dict[str, list[Row]] = defaultdict(list)
        for row in self.covered:
            visits[row["package_id"]].append(row)
        packages, contracts = list(self.county.snapshot.packages), list(entry_plan(self.county).contracts)
        for name, own in visits.items():
            index, known = self.county.package_index[name], [self.waits.visits[row["visit_id"]] for row in own]
            packages[index] = replace(
                packages[index],
                bundle_id="",
                minutes_per_week=sum(self.waits.minutes[visit.visit_id] for visit in known),
                visits_per_week=sum(len(visit.days) for visit in known),
                workers=max(visit.workers for visit in known),
            )
            contracts[index] = self.county.contract_index[own[0]["contract_id"]]
        county = County.of(replace(self.county.snapshot, packages=tuple(packages)), like=self.county)
        return county, Plan.of(contracts)

    def levels(self, order: str) -> dict[str, int]:
        """The levels of an alternative's order, each counted of these rows."""
        by_exception, (county, plan) = standard_rules().level(Group.EXCEPTION), self.plan
        own = {level: value for kind in ORDERS[order] for level, value in self._counted(kind).items()}
        return own | {by_exception.name: by_exception.value(county, plan)}

    def _counted(self, kind: str) -> dict[str, int]:
        """The levels of one kind, by harm where it has them."""
        waits = self.waits
        nothing = [person for person in waits.people if self.covers(person) == "none" and person not in waits.with_some_care]
        if kind == "people_with_nothing":
            return {kind: len(nothing)}
        if kind == "days_waited":
            return {kind: sum(waits.days_overdue[person] for person in nothing)}
        counted = {
            "uncovered": {person: waits.wanted[person] - self.minutes[person] for person in waits.people},
            "nothing": dict.fromkeys(nothing, 1),
            "not_whole": {person: int(self.covers(person) != "all") for person in waits.people},
        }[kind]
        return {f"{kind}_{harm}": sum(n for person, n in counted.items() if waits.counted_as[person] == harm) for harm in HARMS}


def unit_of(level: str) -> str:
    """In which a level is told."""
    by_exception = standard_rules().level(Group.EXCEPTION)
    return by_exception.unit if level == by_exception.name else UNITS.get(level) or UNITS[level.rpartition("_")[0]]
