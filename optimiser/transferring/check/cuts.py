"""Whether each re-cut is a whole run, leaves a workable rest, and has time to be agreed and run as cut before it moves."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

from optimiser.domain.dates import days_after, is_holiday, working_day_up_to
from optimiser.geography.grid import to_grid
from optimiser.transferring.check.calendar import free_day_from
from optimiser.transferring.check.case import Case, Row, after_months

Spot = tuple[float, float]


def cut_faults(case: Case) -> list[str]:
    """What is wrong with the parts of rounds that move."""
    found = []
    parts = [row for row in case.transfers if row["recut_of"]]
    names = [row["recut_of"] for row in parts]
    found += [f"round {name} is cut twice" for name in sorted(set(names)) if names.count(name) > 1]
    for row in parts:
        found += [f"re-cut {row['round_id']}: {fault}" for fault in _one(case, row)]
    return found


def _one(case: Case, row: Row) -> list[str]:
    if row["decision"] != "transfer":
        return ["is listed, but does not move"]
    people = case.county.packages
    members = [index for index, package in enumerate(people) if package.round_id == row["recut_of"]]
    part = case.movers(row)
    rest = [member for member in members if member not in part]
    if not part or not set(part) <= set(members) or len(rest) < 2:
        return ["is no part of its round, or leaves fewer than two people"]
    return [*_runs(case, row, part, rest), *_places(case, part, rest), *_time(case, row)]


def _runs(case: Case, row: Row, part: list[int], rest: list[int]) -> list[str]:
    stated = {each.round_id: each.staff for each in case.county.snapshot.rounds}.get(row["recut_of"])
    total = case.minutes(part) + case.minutes(rest)
    staff = stated or max(1, round(Fraction(total, 60) / case.policy.recut_staff_hours))
    going = int(row["staff"])
    if not 0 < going < staff:
        return [f"{going} of {staff} staff go"]
    before = Fraction(total, staff)
    band = case.policy.recut_run_tolerance * before
    shares = {"go": Fraction(case.minutes(part), going), "stay": Fraction(case.minutes(rest), staff - going)}
    return [f"the staff who {who} have no whole run" for who, each in shares.items() if abs(each - before) > band]


def _places(case: Case, part: list[int], rest: list[int]) -> list[str]:
    people = case.county.packages
    everybody = [*part, *rest]
    grid = to_grid([people[m].latitude for m in everybody], [people[m].longitude for m in everybody])
    spot: dict[int, Spot] = {m: (float(x), float(y)) for m, (x, y) in zip(everybody, grid, strict=True)}
    near = case.policy.recut_group_metres
    found = []
    if _reach([spot[m] for m in part]) > near + 1e-6:
        found.append("its people live too far apart")
    if _reach([spot[m] for m in rest]) > max(near, _reach(list(spot.values()))) + 1e-6:
        found.append("those who stay live too far apart")
    for member in rest:
        now = min(math.dist(spot[member], spot[other]) for other in rest if other != member)
        before = min(math.dist(spot[member], spot[other]) for other in everybody if other != member)
        if now > max(case.policy.recut_gap_metres, before) + 1e-6:
            found.append("somebody who stays is left alone and far")
    return found


def _reach(spots: list[Spot]) -> float:
    """How far from their middle the furthest of them is, in metres."""
    middle = (sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots))
    return max(math.dist(spot, middle) for spot in spots)


def _time(case: Case, row: Row) -> list[str]:
    time_is_up = free_day_from(days_after(case.as_of, 7 * case.policy.recut_agreement_weeks), case.policy)
    opening = after_months(time_is_up, case.policy.lead_months)
    if case.day(row) < opening:
        return [f"moves on {row['date']}, before {opening}"]
    agreed = dt.date.fromisoformat(row["agreement_by"])
    if agreed < case.as_of or after_months(agreed, case.policy.lead_months) > case.day(row):
        return ["has no time to be run as cut through the lead time"]
    extra = case.policy.extra_holidays
    if is_holiday(agreed, extra) and working_day_up_to(agreed, extra) >= time_is_up:
        return [f"is to be agreed on a bank holiday, {agreed}"]
    return []
