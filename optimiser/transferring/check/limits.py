"""How much: each provider's year, each area's mark, contracts, caps, reviews, and the framework's parts."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from fractions import Fraction

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
            if plans and moves_too_much(case.policy.moved_share_limit(case.county.policy), before[provider_id], inside):
                found.append(f"{provider_id} loses {inside} of {before[provider_id]} minutes in the year from {start}")
    return found


def mark(case: Case, area_id: str, contract_id: str) -> int:
    """The contract's maximum or the target share of the area's minutes, whichever is lower."""
    demand = sum(p.minutes_per_week for p in case.county.packages if p.area_id == area_id and not p.service)
    share = math.floor(case.county.policy.principal_share_target * demand)
    hours = case.county.contracts[case.county.contract_index[contract_id]].max_hours_4w
    return share if hours is None else min(share, math.floor(hours * 15))


def running(case: Case, contract_id: str) -> int:
    """The care that runs on a contract, or will have carried over to it by the last wave."""
    last = max(dt.date.fromisoformat(row["date"]) for row in case.waves)
    on = {
        contract.contract_id: case.county.succession.contract_on(contract.contract_id, last) for contract in case.county.contracts
    }
    return sum(p.minutes_per_week for p in case.county.packages if p.contract_id and on[p.contract_id] == contract_id)


def _moved_to(case: Case) -> dict[tuple[str, str], int]:
    """Per area and contract: the minutes that move there."""
    moved: dict[tuple[str, str], int] = defaultdict(int)
    for row in case.moves:
        moved[row["area_id"], row["to_contract_id"]] += case.minutes(case.movers(row))
    return moved


def _marks(case: Case) -> list[str]:
    """Moves only add, so that what holds at the end held on every wave."""
    found = []
    for (area_id, contract_id), minutes in _moved_to(case).items():
        end, most = running(case, contract_id) + minutes, mark(case, area_id, contract_id)
        if end > most:
            found.append(f"{contract_id} ends with {end} minutes, above the mark of {most}")
        if contract_id != case.targets[area_id]:
            found.append(f"{contract_id} is not where the care of area {area_id} goes")
    return found


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
    """Framework rounds, where they may move: no contract falls below its part of the framework's share."""
    county = case.county
    left: dict[str, int] = defaultdict(int)
    for row in case.moves:
        for package in case.movers(row):
            if county.packages[package].contract_id:
                left[county.packages[package].contract_id] += county.packages[package].minutes_per_week
    found = []
    for contract_id, minutes in sorted(left.items()):
        contract = county.contracts[county.contract_index[contract_id]]
        if contract.tier == "framework" and contract.in_force(case.as_of) and contract.max_hours_4w != 0:
            peers = [
                c
                for c in county.contracts
                if (c.tier, c.area_id) == ("framework", contract.area_id) and c.in_force(case.as_of) and c.max_hours_4w != 0
            ]
            sizes = [c.max_hours_4w for c in peers if c.max_hours_4w is not None]
            part = Fraction(1, len(peers)) if len(sizes) < len(peers) else (contract.max_hours_4w or Fraction(0)) / sum(sizes)
            demand = sum(p.minutes_per_week for p in county.packages if p.area_id == contract.area_id and not p.service)
            least = part * (1 - county.policy.principal_share_target) * demand
            if sum(p.minutes_per_week for p in county.packages if p.contract_id == contract_id) - minutes < least:
                found.append(f"{contract_id} would fall below its part of the framework's share")
    return found
