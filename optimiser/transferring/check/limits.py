"""How much: each provider's year, each area's mark, contracts, caps, reviews, and the framework's parts."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from fractions import Fraction

from optimiser.domain.records import Contract
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.base import Limit
from optimiser.rules.book import standard_rules
from optimiser.rules.moving.moved_share import moves_too_much
from optimiser.transferring.check.case import Case, after_months


def limit_faults(case: Case) -> list[str]:
    """Every limit that the plan passes."""
    return [*_years(case), *_marks(case), *_contracts_and_caps(case), *_reviews(case), *_framework(case)]


def provider_minutes(case: Case) -> dict[str, int]:
    """Per provider: all its running care on the day of the snapshot."""
    total: dict[str, int] = defaultdict(int)
    for package in case.county.packages:
        if package.contract_id:
            contract = case.county.contracts[case.county.contract_index[package.contract_id]]
            total[contract.provider_id] += package.minutes_per_week
    return total


def share_that_may_go(case: Case, provider_id: str, before: int) -> Fraction:
    """The part of a provider's minutes that may leave it in twelve months: what holds for all, or less where that is agreed."""
    parts = [case.policy.moved_share_limit(case.county.policy)]
    for each in case.known.limits:
        if each.provider_id == provider_id and each.share is not None:
            parts.append(each.share)
        elif each.provider_id == provider_id and each.minutes_per_week is not None and before:
            parts.append(Fraction(each.minutes_per_week, before))
    return min(parts)


def planned(case: Case) -> dict[str, list[tuple[dt.date, int]]]:
    """Per provider: the days on which the plan moves care away from it, and the minutes."""
    moves: dict[str, list[tuple[dt.date, int]]] = defaultdict(list)
    for row in case.moves:
        moves[row["from_provider_id"]].append((case.day(row), case.minutes(case.movers(row))))
    return moves


def _years(case: Case) -> list[str]:
    before, found = provider_minutes(case), []
    for provider_id, moves in planned(case).items():
        events = moves + [(m.date, m.minutes_per_week) for m in case.known.history if m.from_provider_id == provider_id]
        for start in sorted({day for day, _ in events}):
            end = after_months(start, 12)
            inside = sum(minutes for day, minutes in events if start <= day < end)
            plans = any(start <= day < end for day, _ in moves)
            if plans and moves_too_much(share_that_may_go(case, provider_id, before[provider_id]), before[provider_id], inside):
                found.append(f"{provider_id} loses {inside} of {before[provider_id]} minutes in the year from {start}")
    return found


def mark(case: Case, area_id: str, contract_id: str) -> int:
    """The contract's maximum or the target share of the area's minutes, whichever is lower."""
    demand = sum(p.minutes_per_week for p in case.county.packages if p.area_id == area_id and not p.service)
    share = math.floor(case.county.policy.principal_share_target * demand)
    hours = case.record(contract_id).max_hours_4w
    return share if hours is None else min(share, math.floor(hours * 15))


def running(case: Case, contract_id: str) -> int:
    """The care that runs on a contract, or will have carried over to it by its first day."""
    return case.minutes_on(contract_id, max(case.as_of, case.record(contract_id).starts or case.as_of))


def come_to(case: Case, area_id: str, contract_id: str, day: dt.date) -> int:
    """The minutes moved by a day that are under an area's contract on it."""
    return sum(
        case.minutes(case.movers(row))
        for row in case.moves
        if row["area_id"] == area_id and case.day(row) <= day and case.under(row["to_contract_id"], day) == contract_id
    )


def _marks(case: Case) -> list[str]:
    """Moves only add to a contract: what holds on every day that something moves, and at the end, holds on all."""
    found = []
    for row in case.moves:
        there = case.principal_on(row["area_id"], case.day(row))
        if row["to_contract_id"] != there:
            found.append(f"{row['to_contract_id']} is not where the care of area {row['area_id']} goes on {row['date']}")
    for area_id in case.area_ids:
        here = [row for row in case.moves if row["area_id"] == area_id]
        for day in sorted({*(case.day(row) for row in here), *case.calendar[-1:]}):
            contract_id = case.principal_on(area_id, day)
            come, most = come_to(case, area_id, contract_id, day), mark(case, area_id, contract_id)
            if come and running(case, contract_id) + come > most:
                found.append(f"{contract_id} has {running(case, contract_id) + come} minutes on {day}, above the mark of {most}")
    return sorted(set(found)) + [
        f"{contract_id} is not the principal contract that area {area_id} has at the end of the plan"
        for area_id, contract_id in case.targets.items()
        if (case.record(contract_id).tier, case.record(contract_id).area_id) != ("principal", area_id)
        or (not case.policy.max_waves and case.principal_on(area_id, case.calendar[-1]) != contract_id)
    ]


def _contracts_and_caps(case: Case) -> list[str]:
    """Limits of the snapshot format, with accepted offers and holds on entry; one exceeded on entry may not grow.

    Whatever leaves on a day makes room on it.
    """
    found, entry, rules = [], entry_plan(case.county), standard_rules()
    for limit in rules.all_limits(case.county):
        if rules.setting(limit).providers_own and not case.policy.provider_limit_binds:
            continue
        comes, leaves = _by_day(case, limit)
        if comes:
            before = used_minutes(case.county, limit, entry)
            days = comes.keys() | leaves.keys()
            after = [before + sum(comes[day] - leaves[day] for day in days if day <= last) for last in comes]
            if max(after) > limit.minutes and max(after) > before:
                found.append(f"{limit.rule} of {limit.subject} is passed")
    return found


def _by_day(case: Case, limit: Limit) -> tuple[Counter[dt.date], Counter[dt.date]]:
    """Per day of the plan: the minutes that come under a limit, and those counted under it now that leave."""
    comes: Counter[dt.date] = Counter()
    leaves: Counter[dt.date] = Counter()
    for row in case.moves:
        to = case.county.contract_index[row["to_contract_id"]]
        for package in case.movers(row):
            record = case.county.packages[package]
            now = case.county.contract_index.get(record.contract_id)  # None: care has not begun, which is a fault of its own
            if to in limit.contracts and limit.counts(case.county, package, to):
                comes[case.day(row)] += record.minutes_per_week
            if now is not None and now in limit.contracts and limit.counts(case.county, package, now):
                leaves[case.day(row)] += record.minutes_per_week
    return comes, leaves


def _reviews(case: Case) -> list[str]:
    people: dict[str, int] = defaultdict(int)
    for row in case.moves:
        people[row["wave"]] += len(case.movers(row))
    most = case.policy.reviews_per_wave
    return [f"wave {wave}: {count} people, at most {most}" for wave, count in sorted(people.items()) if count > most]


def _framework(case: Case) -> list[str]:
    """Framework rounds, where they may move: on no day does a contract fall below its part of the framework's share.

    Judged on every day that something moves, by the contracts in force then and the care that has carried over to them.
    """
    found = []
    for day in sorted({case.day(row) for row in case.moves}):
        left: dict[str, int] = defaultdict(int)
        for package in (member for row in case.moves if case.day(row) <= day for member in case.movers(row)):
            record = case.county.packages[package]
            if record.contract_id:
                left[case.under(record.contract_id, day)] += record.minutes_per_week
        found += [
            f"{contract_id} would fall below its part of the framework's share on {day}"
            for contract_id, minutes in sorted(left.items())
            if _is_open_framework(case.record(contract_id), day)
            and case.minutes_on(contract_id, day) - minutes < _least(case, contract_id, day)
        ]
    return found


def _is_open_framework(contract: Contract, day: dt.date) -> bool:
    return contract.tier == "framework" and contract.in_force(day) and contract.max_hours_4w != 0


def _least(case: Case, contract_id: str, day: dt.date) -> Fraction:
    """A framework contract's part of the framework's share of its area."""
    contract = case.record(contract_id)
    peers = [c for c in case.county.contracts if c.area_id == contract.area_id and _is_open_framework(c, day)]
    sizes = [c.max_hours_4w for c in peers if c.max_hours_4w is not None]
    part = Fraction(1, len(peers)) if len(sizes) < len(peers) else (contract.max_hours_4w or Fraction(0)) / sum(sizes)
    demand = sum(p.minutes_per_week for p in case.county.packages if p.area_id == contract.area_id and not p.service)
    return part * (1 - case.county.policy.principal_share_target) * demand
