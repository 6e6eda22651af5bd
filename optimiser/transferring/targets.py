"""Where rounds go: the principal of each area, the mark that running care fills, and what of it is left."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from optimiser.county import County
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.words import rounded
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.base import Limit
from optimiser.rules.book import standard_rules
from optimiser.transferring.calendar import Wave


class NoPrincipalError(Exception):
    """An area without a principal contract that is in force on some wave: there is nobody to move care to."""


@dataclass(frozen=True)
class Target:
    """An area and its principal's contract, in minutes a week."""

    area_id: str
    contract: int
    demand: int
    mark: int
    """The contract's maximum or the target share of the area's minutes, whichever is lower."""
    running: int
    """Running care on the contract, or that will have carried over to it by the last wave."""

    @property
    def short(self) -> int:
        """Minutes short of the mark before anything moves."""
        return max(0, self.mark - self.running)


def target_of(county: County, area_id: str, waves: tuple[Wave, ...]) -> Target:
    """The principal contract in force on most waves' last day: the one that began last, of those that cover some wave."""
    covering = [
        (contract.starts or county.as_of.min, contract.contract_id, index)
        for index, contract in enumerate(county.contracts)
        if contract.tier == "principal" and contract.area_id == area_id and any(contract.in_force(w.date) for w in waves)
    ]
    if not covering:
        raise NoPrincipalError(f"area {area_id} has no principal contract in force on any wave of the plan")
    contract = max(covering)[2]
    demand = int(county.demand_minutes[county.area_of[area_id]])
    share = math.floor(county.policy.principal_share_target * demand)
    limit = county.contracts[contract].limit_minutes
    running = sum(
        int(county.minutes[package])
        for package in range(len(county.packages))
        if county.contract_on(package, waves[-1].date) == contract
    )
    return Target(area_id, contract, demand, share if limit is None else min(share, math.floor(limit)), running)


@dataclass(frozen=True)
class Room:
    """A limit on what may move onto some of the targets' contracts: whole minutes a week that are left."""

    rule: str
    subject: str
    contracts: frozenset[int]
    minutes: int
    sentence: str
    limit: Limit | None = None
    """The snapshot's limit that it is of, which says whose care counts; None for a mark: everybody's."""

    def counted(self, county: County, packages: Iterable[int], contract: int) -> int:
        """The minutes of these packages that would count on a contract."""
        return sum(
            int(county.minutes[package])
            for package in packages
            if self.limit is None or self.limit.counts(county, package, contract)
        )


def rooms(county: County, targets: tuple[Target, ...], policy: TransferPolicy) -> list[Room]:
    """The mark of every target, and every limit of the snapshot that binds a transfer."""
    found = [
        Room(
            "mark", target.area_id, frozenset({target.contract}), target.short,
            f"the mark of area {target.area_id} ({rounded(target.mark / 60, 2)} hours a week with the principal)",
        )
        for target in targets
    ]  # fmt: skip
    for limit in binding_limits(county, policy):
        here = [target for target in targets if limit.area_id in ("", target.area_id)]
        touched = frozenset(target.contract for target in here if target.contract in limit.contracts)
        if touched:
            left = limit.whole_minutes - used_minutes(county, limit, entry_plan(county))
            said = standard_rules().setting(limit).said_of(limit.subject)
            found.append(Room(limit.rule, limit.subject, touched, max(0, left), said, limit))
    return found


def binding_limits(county: County, policy: TransferPolicy) -> list[Limit]:
    """The snapshot's limits that bind here: all of them, but providers' own by setting only."""
    rules = [rule for rule in standard_rules().limits if policy.provider_limit_binds or not rule.providers_own]
    return [limit for rule in sorted(rules, key=lambda rule: rule.providers_own) for limit in rule.limits(county)]
