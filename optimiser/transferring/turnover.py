"""What new care and turnover alone would bring a principal, month by month: an estimate from what is known of care that runs.

The care that began in the last months and still runs says how much begins a month in an area; in a steady state as much ends, of
every provider's care alike. What began and has ended again is not in a snapshot, so that more may begin than is told here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.dates import months_after
from optimiser.domain.policy import TransferPolicy
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.book import standard_rules
from optimiser.transferring.targets import carries_to, principal_on, running_under
from optimiser.transferring.who_may_move import is_capped


@dataclass(frozen=True)
class Turnover:
    """Of one area's home care; minutes a week."""

    told_by: str
    """``care_started``, ``setting``, or empty: not known, and then nothing begins or ends."""
    running: int
    """Home care that runs in the area."""
    share: Fraction
    """The part of it that ends in a month; as much begins."""
    judged_by: tuple[int, ...]
    """The packages that stand for new care: those that began lately, or else all that run."""

    @property
    def begins(self) -> Fraction:
        """Minutes a week of care that begins in a month."""
        return self.share * self.running


@dataclass(frozen=True)
class Month:
    """Where an area's principal stands on a day; minutes a week."""

    day: dt.date
    alone: Fraction
    """By new care and turnover alone."""
    with_moves: Fraction
    """With what the plan moves by then as well."""


Moves = Sequence[tuple[dt.date, int, int]]
"""The day, the contract and the minutes of each round that moves."""


def turnover_of(county: County, area_id: str, policy: TransferPolicy) -> Turnover:
    """How much home care begins and ends in an area in a month."""
    runs = [
        index
        for index, package in enumerate(county.packages)
        if package.contract_id and package.area_id == area_id and not package.service
    ]
    since = months_after(county.as_of, -policy.turnover_months)
    started = {index: day for index in runs if (day := county.packages[index].care_started) is not None}
    lately = tuple(index for index, day in started.items() if since < day <= county.as_of)
    running = sum(int(county.minutes[index]) for index in runs)
    judged_by = lately or tuple(runs)
    if policy.turnover_share_per_month is not None:
        return Turnover("setting", running, policy.turnover_share_per_month, judged_by)
    if not started:
        return Turnover("", running, Fraction(0), judged_by)
    begun = sum(int(county.minutes[index]) for index in lately)
    return Turnover("care_started", running, Fraction(begun, running * policy.turnover_months), judged_by)


def month_by_month(
    county: County,
    area_id: str,
    mark: int,
    turnover: Turnover,
    days: Sequence[dt.date],
    taken: Mapping[dt.date, Fraction],
    moves: Moves,
) -> tuple[Month, ...]:
    """The principal's minutes on each of the days (a month apart, today the first), up to its mark.

    ``taken``: per day the part of new care that it may be asked for then, by ``part_taken``.
    """
    contract, most = principal_on(county, area_id, days[0]), Most(county, mark)
    today = Fraction(0 if contract is None else running_under(county, contract, days[0]))
    months = [Month(days[0], today, today)]
    for before, day in pairwise(days):
        now = principal_on(county, area_id, day)
        alone, with_moves = months[-1].alone, months[-1].with_moves
        if now is not None and (contract is None or not carries_to(county, contract, now, day)):
            alone = with_moves = Fraction(running_under(county, now, day))
        contract = contract if now is None else now
        here = [] if contract is None else [move for move in moves if carries_to(county, move[1], contract, max(day, move[0]))]
        arrived = sum(minutes for moved_on, _, minutes in here if before < moved_on <= day)
        moved = sum(minutes for moved_on, _, minutes in here if moved_on <= day)
        begins, room = turnover.begins * taken[before], most.on(contract)
        months.append(
            Month(
                day,
                _after_a_month(alone, turnover.share, begins, room),
                _after_a_month(with_moves, turnover.share, begins, min(mark, room + moved), arrived),
            )
        )
    return tuple(months)


def _after_a_month(minutes: Fraction, share: Fraction, begins: Fraction, most: int, arrived: int = 0) -> Fraction:
    """What a principal has after a month: less what ends, with what moves to it, and new care as far as there is room."""
    left = minutes * (1 - share) + arrived
    return left + min(begins, max(Fraction(0), most - left))


class Most:
    """How far new care alone may take a principal: its mark, or what its provider's own limit leaves with what it has today."""

    def __init__(self, county: County, mark: int) -> None:
        self.county, self.mark = county, mark
        self._found: dict[int, int] = {}

    def on(self, contract: int | None) -> int:
        """Minutes a week."""
        if contract is None:
            return self.mark
        if contract not in self._found:
            self._found[contract] = self._on(contract)
        return self._found[contract]

    def _on(self, contract: int) -> int:
        own = [limit for rule in standard_rules().limits if rule.providers_own for limit in rule.limits(self.county)]
        today, running = entry_plan(self.county), running_under(self.county, contract, self.county.as_of)
        left = [limit.whole_minutes - used_minutes(self.county, limit, today) for limit in own if contract in limit.contracts]
        return min([self.mark, *(running + max(0, each) for each in left)])


def part_taken(
    county: County, judged_by: Mapping[str, tuple[int, ...]], days: Sequence[dt.date]
) -> dict[str, dict[dt.date, Fraction]]:
    """Per area and day: the part of its new care (by minutes) that its principal may be asked for by every rule then.

    A principal whose new work is capped on a day is taken to take none. ``judged_by``: per area the packages that stand for it.
    """
    packages: Ints = np.array(sorted(index for members in judged_by.values() for index in members), dtype=np.int64)
    row = {int(package): number for number, package in enumerate(packages)}
    rules = [rule for rule in standard_rules().eligibility if not rule.running_only]
    on_any_day = {rule.name: rule.passes(county, packages) for rule in rules if not rule.depends_on_date}
    found: dict[str, dict[dt.date, Fraction]] = {area_id: {} for area_id in judged_by}
    for day in days:
        in_force = tuple(each for each in county.snapshot.restrictions if each.in_force(day))
        that_day = replace(county, restrictions=in_force, moves_on=day)
        allowed = np.ones((len(packages), len(county.contracts)), dtype=np.bool_)
        for rule in rules:
            allowed &= on_any_day[rule.name] if rule.name in on_any_day else rule.passes(that_day, packages)
        for area_id, members in judged_by.items():
            contract = principal_on(county, area_id, day)
            asked = (
                []
                if contract is None or is_capped(that_day, contract, area_id)
                else [m for m in members if allowed[row[m], contract]]
            )
            whole = sum(int(county.minutes[member]) for member in members)
            found[area_id][day] = Fraction(sum(int(county.minutes[member]) for member in asked), max(1, whole))
    return found
