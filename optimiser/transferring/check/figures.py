"""Whether the figures told are those of the plan, and each level's value, from plain records."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction

import numpy as np

from optimiser.geography.grid import to_grid
from optimiser.rules.moving.moved_share import moves_too_much
from optimiser.transferring.check.case import Case, after_months, exact
from optimiser.transferring.check.limits import come_to, mark, planned, provider_minutes, running, share_that_may_go

SIX_DECIMALS = Fraction(1, 2_000_000)
"""How far a share of six decimals may be from its exact value."""


def figure_faults(case: Case) -> list[str]:
    """Sums in the tables that are not those of the people who move."""
    return [*_transfers(case), *_impact(case), *_waves(case), *_agreed_limits(case)]


def _transfers(case: Case) -> list[str]:
    found = []
    for row in case.transfers:
        people = [case.county.package_index[p["package_id"]] for p in case.people if p["round_id"] == row["round_id"]]
        if int(row["people"]) != case.heads(people) or exact(row["hours_per_week"]) * 60 != case.minutes(people):
            found.append(f"round {row['round_id']}: people or hours are wrong")
    return found


def _impact(case: Case) -> list[str]:
    before, moves, found = provider_minutes(case), planned(case), []
    rows = {row["provider_id"]: row for row in case.impact}
    found += [f"provider {name} has no row of impact" for name in sorted(moves.keys() - rows.keys())]
    for name, row in rows.items():
        moved = sum(minutes for _, minutes in moves.get(name, []))
        if exact(row["hours_before"]) * 60 != before[name] or exact(row["hours_moved"]) * 60 != moved:
            found.append(f"provider {name}: hours before or moved are wrong")
        elif abs(exact(row["share_moved"]) - Fraction(moved, before[name])) > SIX_DECIMALS:
            found.append(f"provider {name}: the share moved is wrong")
        events = moves.get(name, []) + [(m.date, m.minutes_per_week) for m in case.known.history if m.from_provider_id == name]
        years = [sum(m for day, m in events if s <= day < after_months(s, 12)) for s, _ in events]
        share = share_that_may_go(case, name, before[name])
        within = not moves_too_much(share, before[name], max(years, default=0))
        if row["within_limit"] != str(within).lower():
            found.append(f"provider {name}: within_limit is wrong")
    return found


def _agreed_limits(case: Case) -> list[str]:
    """What was agreed with a provider stands in the result as it was agreed, with the most that leaves it within a year."""
    before, moves, found = provider_minutes(case), planned(case), []
    if [row["provider_id"] for row in case.agreed_limits] != [each.provider_id for each in case.known.limits]:
        return ["the agreed limits of the result are not those that were agreed"]
    for row, agreed in zip(case.agreed_limits, case.known.limits, strict=True):
        name = agreed.provider_id
        events = moves.get(name, []) + [(m.date, m.minutes_per_week) for m in case.known.history if m.from_provider_id == name]
        years = [sum(m for day, m in events if s <= day < after_months(s, 12)) for s, _ in events]
        share = share_that_may_go(case, name, before.get(name, 0))
        right = abs(exact(row["share"]) - share) <= SIX_DECIMALS and exact(row["hours_in_a_year"]) * 60 == max(years, default=0)
        if not right or row["reason"] != agreed.reason:
            found.append(f"provider {name}: its agreed limit is wrong")
    return found


def _waves(case: Case) -> list[str]:
    found = []
    for row in case.waves:
        day = dt.date.fromisoformat(row["date"])
        area = [move for move in case.moves if move["area_id"] == row["area_id"]]
        with_round = [(package, move) for move in area if case.day(move) == day for package in case.movers(move)]
        here = [package for package, _ in with_round]
        pending = [package for package, move in with_round if not case.decision(package, move)]
        counts = (int(row["people"]), int(row["reviews"])) == (case.heads(here), case.heads(pending))
        if not counts or exact(row["hours"]) * 60 != case.minutes(here):
            found.append(f"wave {row['wave']} in {row['area_id']}: people, reviews or hours are wrong")
        demand = sum(p.minutes_per_week for p in case.county.packages if p.area_id == row["area_id"] and not p.service)
        if demand:
            principal = case.principal_on(row["area_id"], day)
            share = Fraction(running(case, principal) + come_to(case, row["area_id"], principal, day), demand)
            if abs(exact(row["share_after"]) - share) > SIX_DECIMALS:
                found.append(f"wave {row['wave']} in {row['area_id']}: the share after is wrong")
    return found


def level_values(case: Case) -> dict[str, int | Fraction]:
    """The value of every level of the plan."""
    before, moves = provider_minutes(case), planned(case)
    shares = [Fraction(sum(m for _, m in moved), before[name]) for name, moved in moves.items()]
    number = {row["wave"]: int(row["wave"]) for row in case.waves}
    return {
        "shortfall": _shortfall(case),
        "largest_share": max(shares, default=Fraction(0)),
        "people_moved": sum(len(case.movers(row)) for row in case.moves),
        "lateness": sum(case.minutes(case.movers(row)) * (number[row["wave"]] - 1) for row in case.moves),
        "distance": sum(_metres(case, row["to_contract_id"], case.movers(row)) for row in case.moves),
        "cost": _weekly_pence(case),
    }


def _shortfall(case: Case) -> int:
    total = 0
    for area_id, contract_id in case.targets.items():
        end = max([*case.calendar, case.record(contract_id).starts or case.as_of])
        last = case.under(contract_id, end)
        come = come_to(case, area_id, last, end)
        total += max(0, mark(case, area_id, contract_id) - running(case, contract_id) - come)
    return total


def _metres(case: Case, contract_id: str, packages: list[int]) -> int:
    """From the middle of the people's places to the nearest office of the contract's provider, half up.

    The check measures with its own arithmetic on purpose: a mistake in the shared one would not be found by itself.
    """
    people = [case.county.packages[package] for package in packages]
    places = to_grid([p.latitude for p in people], [p.longitude for p in people])
    provider_id = case.county.contracts[case.county.contract_index[contract_id]].provider_id
    offices = [o for o in case.county.snapshot.offices if o.provider_id == provider_id]
    bases = to_grid([o.latitude for o in offices], [o.longitude for o in offices])
    middle = places.mean(axis=0)
    return int(np.floor(np.hypot(*(bases - middle).T).min() + 0.5))


def _rates(case: Case, contract: int, day: dt.date) -> tuple[int, int, int]:
    """A contract's prices on a day: of its dated ones that have begun the latest, else its own."""
    record = case.county.contracts[contract]
    begun = {
        r.starts: r.rates_pence for r in case.county.snapshot.rates if r.contract_id == record.contract_id and r.starts <= day
    }
    return begun[max(begun)] if begun else record.rates_pence


def _weekly_pence(case: Case) -> int:
    """The council's weekly cost at the end of the horizon: each contract's care, or its guarantee if that is more.

    What moves is priced on its own day, what stays today; care counts for the contract that it is under in the end.
    """
    first = min(dt.date.fromisoformat(row["date"]) for row in case.waves)
    day = after_months(first, case.policy.horizon_months)
    goes = {package: (row["to_contract_id"], case.day(row)) for row in case.moves for package in case.movers(row)}
    paid: dict[int, int] = defaultdict(int)
    for index, package in enumerate(case.county.packages):
        if package.contract_id:
            contract_id, priced_on = goes.get(index, (package.contract_id, case.as_of))
            rate = _rates(case, case.county.contract_index[contract_id], priced_on)[int(case.county.band[index]) - 1]
            at_the_end = case.county.contract_index[case.under(contract_id, day)]
            paid[at_the_end] += int(Fraction(package.minutes_per_week * rate, 60) + Fraction(1, 2))
    total = 0
    for contract, record in enumerate(case.county.contracts):
        value = Fraction(0)
        if record.max_hours_4w is not None and record.in_force(day):
            value = record.guarantee * record.max_hours_4w / 4 * _rates(case, contract, day)[0]
        total += max(paid[contract], int(value + Fraction(1, 2)))
    return total
