"""Who always comes last: people whose care has not begun, by hours, care workers, need, place, priority and source.

Whose care is divided into parts is one person, with the hours of all parts. Source: domain, "Rules": equality of who waits, by
need and rurality; Care Act 2014, s5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median_high
from typing import Any

from optimiser.county import County
from optimiser.domain.records import DOUBLE_HANDED, PRIORITIES, Package
from optimiser.domain.words import hours

SMALL_MINUTES = 7 * 60
"""An hour a day: what most people have who need one care worker, once or twice a day."""
LARGE_MINUTES = 15 * 60
"""More than two hours a day: about where a package fills a good part of one care worker's week, or needs two."""
HOURS = ("up to 7 hours", "above 7 to 15 hours", "above 15 hours")
WORKERS = ("one care worker", "two care workers")
OTHER_NEED = "a need that no provider names"
NO_NEED = "no special need"
RURAL, NEAR = "rural", "not rural"
UNKNOWN = "not recorded"

Record = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody whose care, or a part of it, has not begun."""

    packages: tuple[int, ...]
    """The packages that have not begun."""
    groups: Mapping[str, tuple[str, ...]]
    """Per table the groups that the person is in: one, but for needs."""
    waiting_days: int | None
    """Since the first request; None: not recorded."""


def people_asked_for(county: County) -> tuple[Person, ...]:
    """Everybody with a package whose care has not begun, in the order of their ids."""
    members: dict[str, list[int]] = defaultdict(list)
    for index, package in enumerate(county.packages):
        members[package.part_of or package.package_id].append(index)
    found = []
    for _, packages in sorted(members.items()):
        new = tuple(index for index in packages if county.packages[index].status == "new")
        if new:
            asked = [day for index in new if (day := county.packages[index].requested_at) is not None]
            days = max(0, (county.as_of - min(asked).date()).days) if asked else None
            found.append(Person(new, groups_of(county, packages, new), days))
    return tuple(found)


def groups_of(county: County, packages: Collection[int], new: Collection[int]) -> dict[str, tuple[str, ...]]:
    """The groups of one person. ``packages``: all of their care; ``new``: what of it has not begun.

    Rural is whoever lives further than ``rural_beyond_miles`` from the nearest band centre, in a straight line.
    """
    beyond = Fraction(float(county.centre_miles[next(iter(packages))])) > county.policy.rural_beyond_miles
    records, waiting = [county.packages[index] for index in packages], [county.packages[index] for index in new]
    return groups_of_records(records, waiting, skills_offered(county), beyond=beyond)


def skills_offered(county: County) -> frozenset[str]:
    """The words that providers use of themselves."""
    return frozenset(skill for provider in county.providers for skill in provider.skills)


def groups_of_records(
    records: Collection[Package], waiting: Sequence[Package], offered: Collection[str], *, beyond: bool
) -> dict[str, tuple[str, ...]]:
    """The same of records, which may have left the county. ``waiting``: what of them had not begun; ``beyond``: who is rural."""
    minutes = sum(package.minutes_per_week for package in records)
    # A word that no provider uses of itself may say anything of a person: such needs are counted together.
    asked = {skill for package in records for skill in package.skills} - {DOUBLE_HANDED}
    skills = sorted({skill if skill in offered else OTHER_NEED for skill in asked})
    return {
        "hours": (HOURS[(minutes > SMALL_MINUTES) + (minutes > LARGE_MINUTES)],),
        "workers": (WORKERS[any(package.workers == 2 for package in records)],),
        "need": tuple(skills) or (NO_NEED,),
        "rurality": (RURAL if beyond else NEAR,),
        "priority": (min((package.priority for package in waiting), key=PRIORITIES.index),),
        "source": (waiting[0].source or UNKNOWN,),
    }


def who_comes_last(county: County, outcome_of: Callable[[int], str]) -> dict[str, list[Record]]:
    """Per table a record for each group: people asked for, placed, pending and unmet, unmet hours, how long those have waited.

    ``outcome_of``: of a package, ``placed``, ``pending`` or ``unmet``. Somebody is unmet where a part is, else pending where one
    is.
    """
    people: dict[str, dict[str, list[Person]]] = defaultdict(lambda: defaultdict(list))
    for person in people_asked_for(county):
        for table, groups in person.groups.items():
            for group in groups:
                people[table][group].append(person)
    return {
        table: [counts_of(county, group, found[group], outcome_of) for group in in_order(table, found)]
        for table, found in people.items()
    }


ORDERS: Mapping[str, tuple[str, ...]] = {"hours": HOURS, "workers": WORKERS, "rurality": (NEAR, RURAL), "priority": PRIORITIES}
"""Tables whose groups have an order of their own; others go by the alphabet."""


def in_order(table: str, groups: Collection[str]) -> list[str]:
    """The groups of a table as they are shown."""
    return [group for group in ORDERS.get(table, sorted(groups)) if group in groups]


def counts_of(county: County, group: str, people: Collection[Person], outcome_of: Callable[[int], str]) -> Record:
    """The record of one group of people, whatever they have in common."""
    outcomes = [_outcome({outcome_of(package) for package in person.packages}) for person in people]
    unmet = [person for person, outcome in zip(people, outcomes, strict=True) if outcome == "unmet"]
    waited = [person.waiting_days for person in unmet if person.waiting_days is not None]
    minutes = sum(
        county.packages[package].minutes_per_week
        for person in unmet
        for package in person.packages
        if outcome_of(package) == "unmet"
    )
    return {
        "group": group,
        "people": len(people),
        **{outcome: outcomes.count(outcome) for outcome in ("placed", "pending", "unmet")},
        "unmet_hours_per_week": hours(minutes),
        "median_days_waited": median_high(waited) if waited else None,
        "longest_days_waited": max(waited, default=None),
    }


def outcome_today(county: County, package: int) -> str:
    """The outcome of a new package as things stand, with nothing proposed: accepted, being asked for, or unmet."""
    package_id = county.packages[package].package_id
    if package_id in county.offers_in_force.accepted:
        return "placed"
    return "pending" if package_id in county.offers_in_force.pending else "unmet"


def _outcome(outcomes: Collection[str]) -> str:
    """Of a person, by the outcomes of the parts of their care."""
    return next(outcome for outcome in ("unmet", "pending", "placed") if outcome in outcomes)
