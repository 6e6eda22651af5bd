"""The figures that scenarios are compared by, each from the verified plan of one county.

How much hangs on one provider is the largest share of an area, and a fast lower bound for the worst failure. The bound is
arithmetic alone: the hours that a provider delivers in an area, less all the room that everybody else's contracts have left there
(a county-wide room is counted whole in every area), have nobody. Skills, bands and distances are left out, so a real failure
leaves more: ``optimiser stress`` tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from optimiser.allocating.story import Allocation
from optimiser.county import NOWHERE, County
from optimiser.domain.records import PRIORITIES
from optimiser.domain.words import hours, percent, pounds
from optimiser.explaining.who_comes_last import HOURS, RURAL, WORKERS, who_comes_last
from optimiser.judging.checking import VerifiedPlan
from optimiser.rules.base import Level
from optimiser.rules.levels.shares import live_areas, minutes_on
from optimiser.rules.vocabulary import Group


@dataclass(frozen=True)
class Indicator:
    """One figure, as it is shown."""

    name: str
    unit: str
    value: str


def indicators(allocation: Allocation) -> list[Indicator]:
    """In the order of the table; the same names for every county. Levels say themselves where they stand among the others."""
    open_levels = [level.name for level in allocation.levels if not level.proven]
    shown = [*[(SHARES_TURN, each) for each in _shares(allocation)], *[(PAID_TURN, each) for each in _guarantees(allocation)]]
    shown += [(rule.indicator_turn, _of_level(allocation, rule)) for rule in allocation.rules.levels if _has_a_line(rule)]
    return [
        *_unmet(allocation),
        *_without_a_contract(allocation.county),
        *(each for _, each in sorted(shown, key=lambda pair: pair[0])),
        *_resilience(allocation),
        Indicator("levels not proven", "", ", ".join(open_levels) or "none"),
    ]


def _has_a_line(rule: Level) -> bool:
    """Whoever is left waiting is told as people and hours instead."""
    return rule.group is not Group.WAITING


def _of_level(allocation: Allocation, rule: Level) -> Indicator:
    """A level's value in the unit that people know."""
    unit, told = TOLD_IN.get(rule.unit, (rule.unit, str))
    return Indicator(rule.indicator or rule.in_words(), unit, told(allocation.verified.levels[rule.name]))


def _unmet(allocation: Allocation) -> list[Indicator]:
    county = allocation.county
    people: dict[str, list[int]] = defaultdict(list)
    minutes = 0
    for package, person in enumerate(county.packages):
        if allocation.outcome(package) == "unmet":
            people[person.priority].append(package)
            minutes += person.minutes_per_week
    return [
        *(Indicator(f"unmet, {priority}", "people", str(county.people(people[priority]))) for priority in PRIORITIES),
        Indicator("unmet", "hours a week", hours(minutes)),
        *_unmet_of_groups(allocation),
    ]


def _without_a_contract(county: County) -> list[Indicator]:
    """Care that goes on under a contract that has ended without another that takes over, or that has not begun."""
    outside = [
        package
        for package, contract in enumerate(county.running_on)
        if contract != NOWHERE and not county.contracts[contract].in_force(county.as_of)
    ]
    minutes = sum(county.packages[package].minutes_per_week for package in outside)
    return [
        Indicator("running care without a contract in force", "people", str(county.people(outside))),
        Indicator("running care without a contract in force", "hours a week", hours(minutes)),
    ]


TOLD_GROUPS = (("hours", HOURS[-1]), ("workers", WORKERS[-1]), ("rurality", RURAL))
"""Those who came last wherever it was looked at; ``compare.json`` has all groups."""


def _unmet_of_groups(allocation: Allocation) -> Iterator[Indicator]:
    groups = who_comes_last(allocation.county, allocation.outcome)
    for table, group in TOLD_GROUPS:
        found = next((each for each in groups.get(table, ()) if each["group"] == group), {"unmet": 0, "people": 0})
        yield Indicator(f"unmet, {group}", "people", f"{found['unmet']} of {found['people']}")


def _shares(allocation: Allocation) -> list[Indicator]:
    county, plan = allocation.county, allocation.verified.plan
    areas = [area for area in live_areas(county) if area.principal is not None]
    held = {area.area_id: minutes_on(county, plan, area.principal) for area in areas if area.principal is not None}
    demand = sum(area.demand for area in areas)
    within = sum(area.lower <= held[area.area_id] <= area.upper for area in areas)
    return [
        Indicator("principals' share of their areas", "", _percent(sum(held.values()), demand)),
        Indicator("areas with the share within its tolerance", "areas", f"{within} of {len(areas)}"),
    ]


def _guarantees(allocation: Allocation) -> list[Indicator]:
    county, plan = allocation.county, allocation.verified.plan
    promised = used = 0
    for contract in range(len(county.contracts)):
        guaranteed = county.guaranteed_pence(contract)
        delivered = sum(county.price_pence(package, contract) for package in plan.on.get(contract, ()))
        promised += guaranteed
        used += min(guaranteed, delivered)
    return [
        Indicator("guarantees used", "", _percent(used, promised)),
        Indicator("guarantees paid for nothing", "pounds a week", pounds(promised - used)),
    ]


def _resilience(allocation: Allocation) -> list[Indicator]:
    county = allocation.county
    share, area_id, provider_id = largest_share(county, allocation.verified)
    people, failing = worst_failure(county, allocation.verified)
    return [
        Indicator(
            "largest share of an area with one provider",
            "",
            f"{_percent(share.numerator, share.denominator)} ({area_id}, {provider_id})",
        ),
        Indicator("worst single failure leaves at least", "people", f"{people} ({failing})" if people else "0"),
    ]


def _percent(part: int, whole: int) -> str:
    """With two decimals, half up; exact."""
    return percent(Fraction(part, whole), 2) if whole else "none"


def _kilometres(metres: int) -> str:
    return f"{metres / 1000:.1f}"


SHARES_TURN, PAID_TURN = 20, 40
"""Where the figures that are no level stand among those that are."""
TOLD_IN: dict[str, tuple[str, Callable[[int], str]]] = {
    "minutes a week": ("hours a week", hours),
    "pence a week": ("pounds a week", pounds),
    "metres a week": ("kilometres a week", _kilometres),
}
"""Per unit of a level the unit in which it is shown, and how; others are shown as they are."""


def largest_share(county: County, verified: VerifiedPlan) -> tuple[Fraction, str, str]:
    """The largest share of an area's minutes with one provider: (share, area id, provider id)."""
    held = _held(county, verified)
    best = (Fraction(0), "", "")
    for (provider, area), packages in sorted(held.items()):
        minutes = sum(county.packages[package].minutes_per_week for package in packages)
        share = Fraction(minutes, int(county.demand_minutes[area]))
        if share > best[0]:
            best = (share, county.snapshot.areas[area].area_id, county.providers[provider].provider_id)
    return best


def worst_failure(county: County, verified: VerifiedPlan) -> tuple[int, str]:
    """At least so many people have nobody when one provider fails, and which provider that is."""
    held = _held(county, verified)
    rooms = _rooms(county, verified)
    left: dict[int, int] = defaultdict(int)
    for (provider, area), packages in sorted(held.items()):
        others = [room for contract, room in rooms.items() if county.provider_of[contract] != provider
                  and county.contract_area[contract] in (-1, area)]  # fmt: skip
        if any(room is None for room in others):
            continue
        sizes = sorted((county.packages[package].minutes_per_week for package in packages), reverse=True)
        short = sum(sizes) - sum(room for room in others if room is not None)
        while short > 0:
            short -= sizes.pop(0)  # the fewest people: the largest packages
            left[provider] += 1
    worst = min(left, key=lambda provider: (-left[provider], provider), default=None)
    return (0, "") if worst is None else (left[worst], county.providers[worst].provider_id)


def _held(county: County, verified: VerifiedPlan) -> dict[tuple[int, int], list[int]]:
    """Per provider and area: the packages that the plan has there."""
    held: dict[tuple[int, int], list[int]] = defaultdict(list)
    for package, contract in verified.plan.placed():
        held[int(county.provider_of[contract]), int(county.package_area[package])].append(package)
    return held


def _rooms(county: County, verified: VerifiedPlan) -> dict[int, int | None]:
    """Per contract in force: the least minutes that any limit on it leaves (None: no limit)."""
    usage = verified.usage
    rooms: dict[int, int | None] = {}
    for contract, record in enumerate(county.contracts):
        if record.in_force(county.as_of):
            left = [max(0, usage.limits[i].whole_minutes - usage.used[i]) for i in usage.touching.get(contract, ())]
            rooms[contract] = min(left, default=None)
    return rooms
