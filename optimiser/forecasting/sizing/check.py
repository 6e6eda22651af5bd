"""Hours found, judged from plain records and from the figures that were drawn: imports nothing that plays or searches.

In how many draws the marks hold is counted again, shares by whole numbers; and no contract has fewer hours than run under it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from optimiser.domain.snapshot import Snapshot

Week = Mapping[str, int]
"""Figures of an area at the end of a week, by name, in minutes a week."""
SIZED_TIERS = ("principal", "framework")
MINUTES_PER_HOUR = 60
WEEKS = 4


@dataclass(frozen=True)
class Claim:
    """In how many draws an area is said to hold. ``draws``: the last weeks of each."""

    said_of: str
    held: int
    draws: Sequence[Sequence[Week]]

    def __repr__(self) -> str:
        return f"<Claim: {self.said_of}>"


def faults(
    snapshot: Snapshot, last_day: dt.date, found: Mapping[str, int], unmet_hours: Fraction, claims: Sequence[Claim]
) -> Iterator[str]:
    """What does not hold of hours per four weeks that were found, and of what is said of them."""
    by_id = {each.contract_id: each for each in snapshot.contracts}
    live = {area.area_id for area in snapshot.areas if area.go_live is not None and area.go_live <= last_day}
    for name, hours in found.items():
        contract = by_id[name]
        if contract.tier not in SIZED_TIERS or contract.service or contract.area_id not in live:
            yield f"{name} is no principal or framework contract for home care of an area that is live"
        if (contract.starts and contract.starts > last_day) or (contract.ends and contract.ends <= last_day):
            yield f"{name} is not in force on {last_day}"
        minutes = _running_minutes(snapshot, last_day, name)
        if hours * MINUTES_PER_HOUR < minutes * WEEKS:
            yield f"{name} has {hours} hours in four weeks, and {minutes} minutes a week run under it"
    for claim in claims:
        if (counted := recount(claim.draws, unmet_hours, snapshot)) != claim.held:
            yield f"{claim.said_of} is said to hold in {claim.held} draws, and holds in {counted}"


def recount(draws: Sequence[Sequence[Week]], unmet_hours: Fraction, snapshot: Snapshot) -> int:
    """In how many draws an area holds every mark."""
    return sum(_holds(weeks, unmet_hours, snapshot) for weeks in draws)


def _holds(weeks: Sequence[Week], unmet_hours: Fraction, snapshot: Snapshot) -> bool:
    if any(week["unmet_minutes"] > unmet_hours * MINUTES_PER_HOUR for week in weeks):
        return False
    target, within = snapshot.policy.principal_share_target, snapshot.policy.share_tolerance
    whole = principal = framework = 0
    for week in weeks:
        if week["share_of_minutes"] > 0:
            whole += week["share_of_minutes"]
            principal += week["principal_minutes"]
            framework += week["framework_minutes"]
    is_within = (target - within) * whole <= principal <= (target + within) * whole
    return is_within and framework >= (1 - target - within) * whole


def _running_minutes(snapshot: Snapshot, last_day: dt.date, contract_id: str) -> int:
    """Minutes a week of care that is under a contract today, or under one that it will have taken over from by then."""
    following = {each.succeeds: each for each in snapshot.contracts if each.succeeds}
    by_id = {each.contract_id: each for each in snapshot.contracts}

    def later(name: str) -> str:
        for _ in by_id:
            after, ends = following.get(name), by_id[name].ends
            if after is None or ends is None or ends > last_day or (after.starts and after.starts > last_day):
                break
            name = after.contract_id
        return name

    return sum(
        each.minutes_per_week for each in snapshot.packages if each.status == "active" and later(each.contract_id) == contract_id
    )
