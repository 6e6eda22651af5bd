"""What a trial means for people: who has to go where, who is left, what breaks and what it costs, and how long until the first
visit is lost. No id of a person in it.

A visit is lost when its latest start has passed and nobody has come, counted from midnight after the snapshot's date. Times
of day are local (Europe/London), so that a night on which the clocks change is counted as long as it is. Of a window that is
open at midnight nobody knows whether the visit was made before: it counts as still to be made.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from optimiser.county import County
from optimiser.domain.dates import days_after
from optimiser.domain.records import PRIORITIES, TIERS, USUAL_TIERS, Visit
from optimiser.domain.visit_windows import is_over_midnight
from optimiser.judging.checking import VerifiedPlan
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import Group
from optimiser.whatif.stress.solve import Trial


@dataclass(frozen=True)
class Count:
    """People and their care."""

    people: int
    minutes_per_week: int

    @staticmethod
    def of(county: County, packages: Collection[int]) -> Count:
        return Count(county.people(packages), sum(county.packages[package].minutes_per_week for package in packages))


@dataclass(frozen=True)
class AreaLoss:
    """An area in which somebody loses a provider, or more people are left than today."""

    area_id: str
    name: str
    lost: Count
    """Whose care ran on the contracts that ended."""
    unplaced: Count
    """Those of them whom nobody takes."""
    more_waiting: int
    """How many more people of the area, of any provider, are unmet than today."""
    without_principal: bool
    """The area is live and its principal's contract is among those that ended."""

    @property
    def breaks(self) -> bool:
        """Some of its people find nobody, or more of them wait than today."""
        return self.unplaced.people > 0 or self.more_waiting > 0


@dataclass(frozen=True)
class Loss:
    """What one failure does."""

    lost: Count
    """Running care on the contracts that ended: everybody who needs somebody else."""
    by_tier: Mapping[str, Count]
    """Where they go, by tier."""
    unplaced: Mapping[str, Count]
    """Whom nobody takes, by priority."""
    takers: tuple[tuple[str, Count], ...]
    """Which providers take them: (provider id, how many), most hours first."""
    areas: tuple[AreaLoss, ...]
    """Worst first."""
    unmet_today: int
    unmet_after: int
    """People unmet in the whole county, whoever served them: those who waited already may be passed by."""
    unmet_minutes_after: int
    """Their care."""
    more_pence_per_week: int
    """The whole county's weekly cost after, less today's. Care that nobody delivers costs nothing, and guarantees end."""
    more_pence_for_placed: int
    """What the people who find somebody cost a week there, less what their care costs today."""
    promised: int
    """People whose accepted or unanswered offer is with a contract that ended. By the format they stay placed or pending."""
    visits: FirstVisits

    def __repr__(self) -> str:
        return f"<Loss of {self.lost!r}>"

    @property
    def unplaced_people(self) -> int:
        return sum(count.people for count in self.unplaced.values())

    @property
    def unplaced_minutes(self) -> int:
        return sum(count.minutes_per_week for count in self.unplaced.values())


def losses(before: County, rules: RuleBook, today: VerifiedPlan, trial: Trial, contract_ids: Collection[str]) -> Loss:
    """Compare a trial with today's plan. ``contract_ids``: those that ended."""
    after, plan, cost = trial.county, trial.verified.plan, rules.level(Group.COST).name
    lost = [p for p, person in enumerate(before.packages) if person.contract_id in contract_ids]
    held = {*USUAL_TIERS, *(contract.tier for contract in before.contracts)}
    tiers: dict[str, list[int]] = {tier: [] for tier in TIERS if tier in held}
    takers: dict[str, list[int]] = defaultdict(list)
    left: dict[str, list[int]] = {priority: [] for priority in PRIORITIES}
    for package in lost:
        contract = plan.contracts[package]
        if contract is not None:
            tiers[after.contracts[contract].tier].append(package)
            takers[after.contracts[contract].provider_id].append(package)
        elif not _is_pending(after, package):
            left[after.packages[package].priority].append(package)
    unplaced = [package for each in left.values() for package in each]
    counts = [(provider, Count.of(after, packages)) for provider, packages in takers.items()]
    return Loss(
        lost=Count.of(before, lost),
        by_tier={tier: Count.of(after, packages) for tier, packages in tiers.items()},
        unplaced={priority: Count.of(after, packages) for priority, packages in left.items()},
        takers=tuple(sorted(counts, key=lambda each: (-each[1].minutes_per_week, each[0]))),
        areas=_areas(before, today, trial, contract_ids, lost, unplaced),
        unmet_today=before.people(_unmet(before, today)),
        unmet_after=after.people(_unmet(after, trial.verified)),
        unmet_minutes_after=sum(after.packages[package].minutes_per_week for package in _unmet(after, trial.verified)),
        more_pence_per_week=trial.verified.levels[cost] - today.levels[cost],
        more_pence_for_placed=_more_for(before, trial, lost),
        promised=_promised(before, contract_ids),
        visits=first_visits(before, lost, unplaced),
    )


def _areas(
    before: County,
    today: VerifiedPlan,
    trial: Trial,
    contract_ids: Collection[str],
    lost: Iterable[int],
    unplaced: Iterable[int],
) -> tuple[AreaLoss, ...]:
    per_lost, per_left = _by_area(before, lost), _by_area(before, unplaced)
    waited, waits = _by_area(before, _unmet(before, today)), _by_area(before, _unmet(trial.county, trial.verified))
    gone = {
        contract.area_id
        for contract in before.contracts
        if contract.contract_id in contract_ids and contract.tier == "principal" and contract.in_force(before.as_of)
    }
    found = [
        AreaLoss(
            area_id=area.area_id,
            name=area.name,
            lost=Count.of(before, per_lost[area.area_id]),
            unplaced=Count.of(before, per_left[area.area_id]),
            more_waiting=before.people(waits[area.area_id]) - before.people(waited[area.area_id]),
            without_principal=area.is_live(before.as_of) and area.area_id in gone,
        )
        for area in before.snapshot.areas
    ]
    touched = [area for area in found if area.lost.people or area.more_waiting > 0 or area.without_principal]
    return tuple(
        sorted(
            touched,
            key=lambda area: (
                -area.unplaced.people, -area.more_waiting, not area.without_principal, -area.lost.minutes_per_week, area.area_id,
            ),
        )
    )  # fmt: skip


def _by_area(county: County, packages: Iterable[int]) -> defaultdict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for package in packages:
        found[county.packages[package].area_id].append(package)
    return found


def _unmet(county: County, verified: VerifiedPlan) -> list[int]:
    return [p for p, contract in enumerate(verified.plan.contracts) if contract is None and not _is_pending(county, p)]


def _is_pending(county: County, package: int) -> bool:
    return county.packages[package].package_id in county.offers_in_force.pending


def _more_for(before: County, trial: Trial, lost: Iterable[int]) -> int:
    return sum(
        trial.county.price_pence(package, contract) - before.price_pence(package, int(before.running_on[package]))
        for package in lost
        if (contract := trial.verified.plan.contracts[package]) is not None
    )


def _promised(county: County, contract_ids: Collection[str]) -> int:
    named = {county.contract_index[contract_id] for contract_id in contract_ids}
    standing = county.offers_in_force
    promised = [name for name, contract in standing.accepted.items() if contract in named]
    promised += [name for name, asked in standing.pending.items() if not named.isdisjoint(asked)]
    return county.people(county.package_index[name] for name in promised)


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class FirstVisits:
    """When care first fails, if a provider delivers nothing from midnight on."""

    to_cover: dt.datetime | None
    """The latest start of the first visit of anybody who loses the provider: by then somebody must be there."""
    lost: dt.datetime | None
    """The same among those whom nobody takes; None when there are none, or no visits are given."""
    hours_to_lost: Fraction | None
    people_without_visits: int
    """People whose visits are not in the data: nothing is known of their times."""


def stops_at(county: County) -> dt.datetime:
    """Midnight at the end of the snapshot's date, local time."""
    return dt.datetime.combine(days_after(county.as_of, 1), dt.time(0), LONDON)


def first_visits(county: County, lost: Iterable[int], unplaced: Iterable[int]) -> FirstVisits:
    """Of the people who lose their provider, and of those among them whom nobody takes (places of packages)."""
    lost = list(lost)
    visits = _visits_of(county, lost)
    stop = stops_at(county)
    first = _first(stop, visits, lost)
    missed = _first(stop, visits, unplaced)
    hours = None if missed is None else Fraction(int((_utc(missed) - _utc(stop)).total_seconds()), 3600)
    return FirstVisits(first, missed, hours, county.people(package for package in lost if not visits[package]))


def _visits_of(county: County, packages: Iterable[int]) -> defaultdict[int, list[Visit]]:
    wanted = {county.packages[package].package_id: package for package in packages}
    found: defaultdict[int, list[Visit]] = defaultdict(list)
    for visit in county.snapshot.visits:
        if visit.package_id in wanted:
            found[wanted[visit.package_id]].append(visit)
    return found


def _first(stop: dt.datetime, visits: defaultdict[int, list[Visit]], packages: Iterable[int]) -> dt.datetime | None:
    times = [_latest_start(stop, visit) for package in packages for visit in visits[package]]
    return min(times, key=_utc, default=None)


def _latest_start(stop: dt.datetime, visit: Visit) -> dt.datetime:
    """When the first occurrence of a visit after the stop has to begin at the latest."""
    late = 1 if is_over_midnight(visit) else 0
    ahead = min((DAYS.index(day) + late - stop.weekday()) % 7 for day in visit.days)
    return dt.datetime.combine(days_after(stop.date(), ahead), visit.latest_start, LONDON)


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)
