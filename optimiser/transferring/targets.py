"""Where rounds go: the principal of each area on each wave, the mark that running care fills, and what of it is left."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from optimiser.county import County
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import rounded
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.base import Limit
from optimiser.rules.book import standard_rules
from optimiser.transferring.calendar import Wave


def areas_with_a_principal(snapshot: Snapshot) -> list[str]:
    """Every area with a principal contract that has not ended; one withdrawn before it began is in force on no day."""
    held = (each for each in snapshot.contracts if each.tier == "principal" and not each.has_ended(snapshot.as_of))
    return sorted({each.area_id for each in held if each.starts is None or each.ends is None or each.starts < each.ends})


class NoPrincipalError(Exception):
    """An area without a principal contract that is in force on some wave: there is nobody to move care to."""


@dataclass(frozen=True)
class Target:
    """An area's principal contract at one price, and the waves on which it is that; in minutes a week.

    An area has several where its contract is succeeded, its prices change or another provider becomes the principal in the
    course of a plan: what moves on a wave goes to the contract in force then, at the prices of that day.
    """

    area_id: str
    contract: int
    demand: int
    mark: int
    """The contract's maximum or the target share of the area's minutes, whichever is lower."""
    running: int
    """Running care on the contract, or that will have carried over to it by its last wave."""
    waves: frozenset[int]
    """The indices of its waves."""
    first_day: dt.date
    """The day of the first of them, on whose prices it is priced."""
    is_last: bool
    """Whether it is the one that the area has at the end of the plan: shares and marks are told of it."""
    counts: bool
    """Whether care that moves to it will be with the area's last one in the end."""

    @property
    def short(self) -> int:
        """Minutes short of the mark before anything moves."""
        return max(0, self.mark - self.running)


def targets_of(county: County, area_id: str, waves: tuple[Wave, ...]) -> tuple[Target, ...]:
    """The principal contracts of an area in the order of their waves, the last one last. Raises ``NoPrincipalError``."""
    found: dict[tuple[int, tuple[int, int, int]], list[int]] = {}
    for number, wave in enumerate(waves):
        contract = principal_on(county, area_id, wave.date)
        if contract is not None:
            found.setdefault((contract, county.rates_pence(contract, wave.date)), []).append(number)
    if not found:
        raise NoPrincipalError(f"area {area_id} has no principal contract in force on any wave of the plan")
    last, last_day = list(found)[-1][0], waves[max(list(found.values())[-1])].date
    demand = int(county.demand_minutes[county.area_of[area_id]])
    return tuple(
        Target(
            area_id=area_id,
            contract=contract,
            demand=demand,
            mark=_mark(county, contract, demand),
            running=running_under(county, contract, waves[max(numbers)].date),
            waves=frozenset(numbers),
            first_day=waves[min(numbers)].date,
            is_last=position == len(found) - 1,
            counts=carries_to(county, contract, last, last_day),
        )
        for position, ((contract, _), numbers) in enumerate(found.items())
    )


def principals_that_change(county: County, targets: tuple[Target, ...]) -> tuple[str, ...]:
    """A sentence for each area whose principal is another provider in the course of the plan."""
    return tuple(
        f"{county.provider(target.contract).provider_id} is the principal of area {target.area_id} on the last waves"
        f" ({county.contracts[target.contract].contract_id}). Nobody is planned to move to"
        f" {', '.join(sorted({county.contracts[each.contract].contract_id for each in before}))}, which it replaces:"
        " only what is agreed goes there."
        for target in targets
        if target.is_last and (before := [each for each in targets if each.area_id == target.area_id and not each.counts])
    )


def principal_on(county: County, area_id: str, day: dt.date) -> int | None:
    """The principal contract of an area in force on a day: at most one is."""
    for index, contract in enumerate(county.contracts):
        if contract.tier == "principal" and contract.area_id == area_id and contract.in_force(day):
            return index
    return None


def carries_to(county: County, contract: int, other: int, day: dt.date) -> bool:
    """Whether care under a contract is under the other one on a day: the same, or one that has taken over by then."""
    return county.contract_index[county.succession.contract_on(county.contracts[contract].contract_id, day)] == other


def _mark(county: County, contract: int, demand: int) -> int:
    share = math.floor(county.policy.principal_share_target * demand)
    limit = county.contracts[contract].limit_minutes
    return share if limit is None else min(share, math.floor(limit))


def running_under(county: County, contract: int, day: dt.date) -> int:
    """The minutes of running care that is under a contract on a day."""
    return sum(
        int(county.minutes[package]) for package in range(len(county.packages)) if county.contract_on(package, day) == contract
    )


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
    found = [_mark_room(county, targets, target) for target in {target.contract: target for target in targets}.values()]
    for limit in binding_limits(county, policy):
        here = [target for target in targets if limit.area_id in ("", target.area_id)]
        touched = frozenset(target.contract for target in here if target.contract in limit.contracts)
        if touched:
            left = limit.whole_minutes - used_minutes(county, limit, entry_plan(county))
            said = standard_rules().setting(limit).said_of(limit.subject)
            found.append(Room(limit.rule, limit.subject, touched, max(0, left), said, limit))
    return found


def _mark_room(county: County, targets: tuple[Target, ...], target: Target) -> Room:
    """What its mark leaves, for care that moves to it and for what will have carried over to it."""
    first_day = min(each.first_day for each in targets if each.contract == target.contract)
    feeding = {each.contract for each in targets if each.area_id == target.area_id}
    contracts = frozenset(each for each in feeding if carries_to(county, each, target.contract, first_day))
    said = f"the mark of area {target.area_id} ({rounded(target.mark / 60, 2)} hours a week with the principal)"
    return Room("mark", target.area_id, contracts, target.short, said)


def binding_limits(county: County, policy: TransferPolicy) -> list[Limit]:
    """The snapshot's limits that bind here: all of them, but providers' own by setting only."""
    rules = [rule for rule in standard_rules().limits if policy.provider_limit_binds or not rule.providers_own]
    return [limit for rule in sorted(rules, key=lambda rule: rule.providers_own) for limit in rule.limits(county)]
