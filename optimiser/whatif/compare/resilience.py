"""How much hangs on one provider: the largest share of an area, and a fast lower bound for the worst failure.

The bound is arithmetic alone: the hours that a provider delivers in an area, less all the room that everybody else's contracts
have left there (a county-wide room is counted whole in every area), have nobody. Skills, bands and distances are left out,
so a real failure leaves more: ``optimiser stress`` tells.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from optimiser.county import County
from optimiser.judging.checking import VerifiedPlan


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
