"""Need anybody move? What new care and turnover alone would reach, beside what moving adds and how many people it concerns."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from optimiser.domain.dates import months_after
from optimiser.domain.words import date_in_words, decimals, people, percent, share
from optimiser.transferring import tables
from optimiser.transferring.letters import letter_of
from optimiser.transferring.targets import Target
from optimiser.transferring.transfer_plan import TransferPlan
from optimiser.transferring.turnover import Month, Most, Turnover, month_by_month, part_taken, turnover_of

ESTIMATE = (
    "An estimate. It takes as much care to begin in a month as began, and still runs, in a month of those before the snapshot,"
    " and as much to end, of every provider's care alike. It takes all new home care that the principal may be asked for to go to"
    " it, up to its mark and its provider's own limit. Who waits today is not counted, nor care that began and has ended again."
)


@dataclass(frozen=True)
class InArea:
    """One area of a plan; minutes a week."""

    target: Target
    turnover: Turnover
    taken: dict[dt.date, Fraction]
    months: tuple[Month, ...]
    moved_people: tuple[int, ...]
    """Per month how many people have moved by then."""
    most: int
    """What new care alone may take the principal to: its mark, or what its provider's own limit leaves."""
    written_to: int
    """How many people get a letter."""
    least: Fraction
    """Minutes a week that moving has to add for each of them."""

    @property
    def people_moved(self) -> int:
        return self.moved_people[-1]

    @cached_property
    def added(self) -> Fraction:
        """What moving adds to the mark by the end, beyond what new care and turnover would bring by then."""
        last = self.months[-1]
        return self.towards_mark(last.with_moves) - self.towards_mark(last.alone)

    def towards_mark(self, minutes: Fraction) -> Fraction:
        return min(minutes, Fraction(self.target.mark))

    def of_mark(self, minutes: Fraction) -> Fraction:
        return self.towards_mark(minutes) / max(1, self.target.mark)

    @property
    def added_per_letter(self) -> Fraction | None:
        """Minutes a week; None where nobody is written to."""
        return self.added / self.written_to if self.written_to else None

    @property
    def is_below(self) -> bool:
        """Whether moving adds less for each letter than the settings ask for."""
        return self.added_per_letter is not None and self.added_per_letter < self.least


def in_areas(plan: TransferPlan) -> tuple[InArea, ...]:
    """The areas of a plan, by their ids."""
    county, targets = plan.county, [plan.targets[index] for index in plan.areas]
    turnover = {target.area_id: turnover_of(county, target.area_id, plan.policy) for target in targets}
    days = _days(plan)
    taken = part_taken(county, {area_id: each.judged_by for area_id, each in turnover.items()}, days)
    written_to = _written_to(plan)
    found = []
    for target in targets:
        moving = [i for i in plan.moving if plan.targets[plan.candidates[i].target].area_id == target.area_id]
        moves = [
            (plan.waves[plan.choice[i]].date, plan.targets[plan.candidates[i].target].contract, plan.candidates[i].minutes)
            for i in moving
        ]
        by = [
            county.people(m for i in moving if plan.waves[plan.choice[i]].date <= day for m in plan.candidates[i].members)
            for day in days
        ]
        found.append(
            InArea(
                target=target,
                turnover=turnover[target.area_id],
                taken=taken[target.area_id],
                months=month_by_month(
                    county, target.area_id, target.mark, turnover[target.area_id], days, taken[target.area_id], moves
                ),
                moved_people=tuple(by),
                most=Most(county, target.mark).on(target.contract),
                written_to=written_to[target.area_id],
                least=plan.policy.least_hours_gained_per_letter * 60,
            )
        )
    return tuple(found)


def _days(plan: TransferPlan) -> list[dt.date]:
    """Today and each month on, to the end of the horizon; as far as the last wave, where that is later."""
    as_of, count = plan.county.as_of, plan.policy.lead_months + plan.policy.horizon_months
    while months_after(as_of, count) < plan.used_waves[-1].date:
        count += 1
    return sorted({months_after(as_of, number) for number in range(count + 1)})


def _written_to(plan: TransferPlan) -> Counter[str]:
    """Per area how many people get a letter."""
    county = plan.county
    who = {
        (package.area_id, package.part_of or package.package_id)
        for index in tables.listed(plan)
        for member in tables.persons(plan, index)
        if (package := county.packages[member]).contract_id and letter_of(plan, index, member) is not None
    }
    return Counter(area_id for area_id, _ in who)


def need_record(plan: TransferPlan) -> dict[str, Any]:
    """For ``result.json``, the page and the service: sentences to be read first, then every figure."""
    found = in_areas(plan)
    return {
        "estimate": ESTIMATE,
        "until": str(found[0].months[-1].day),
        "least_hours_gained_per_letter": float(plan.policy.least_hours_gained_per_letter),
        "people_moved": sum(each.people_moved for each in found),
        "people_written_to": sum(each.written_to for each in found),
        "below": [each.target.area_id for each in found if each.is_below],
        "read_first": list(sentences(found)),
        "areas": [_area(plan, each) for each in found],
    }


def sentences(found: tuple[InArea, ...]) -> Iterator[str]:
    """What is below the setting first, then what each area would reach."""
    yield from (_below(each) for each in found if each.is_below)
    yield from (_reached(each) for each in found)


def _below(area: InArea) -> str:
    assert area.added_per_letter is not None
    whom = f"the {people(area.written_to)} who are written to" if area.written_to > 1 else "the one person who is written to"
    return (
        f"Think first whether anybody in area {area.target.area_id} need move: moving adds {_hours(area.added_per_letter)} a week"
        f" for each of {whom}, less than the {_hours(area.least)} that the settings ask for (least_hours_gained_per_letter)."
    )


def _reached(area: InArea) -> str:
    today, last = area.months[0].alone, area.months[-1]
    adds = (
        f"moving {people(area.people_moved)} adds {percent(area.of_mark(last.with_moves) - area.of_mark(last.alone))} of the mark"
        f" ({_hours(area.added)} a week), and {people(area.written_to)} would get a letter."
        if area.people_moved
        else f"nobody is planned to move, and {people(area.written_to)} would get a letter."
    )
    if not area.turnover.told_by:
        return (
            f"Area {area.target.area_id}: how much care begins in a month is not known, since no running care says when it"
            f" started and turnover_share_per_month is not given. Beside care as it runs today, {adds}"
        )
    how = f"to {percent(area.of_mark(last.alone))}" if area.of_mark(last.alone) != area.of_mark(today) else "no further"
    if last.alone >= area.most < area.target.mark:
        how += ", as far as its provider's own limit goes,"
    return (
        f"Area {area.target.area_id}: new care and turnover alone would take the principal from {percent(area.of_mark(today))} of"
        f" its mark {how} by {date_in_words(last.day)}; {adds}"
    )


def _hours(minutes: Fraction) -> str:
    """Hours to the hundredth, in words."""
    figure = decimals(minutes / 60, 2, thousands=True).rstrip("0").rstrip(".")
    return f"{figure} {'hour' if figure == '1' else 'hours'}"


def _figure(minutes: Fraction) -> str:
    return decimals(minutes / 60, 2)


def _area(plan: TransferPlan, area: InArea) -> dict[str, Any]:
    county, last = plan.county, area.months[-1]
    return {
        "area_id": area.target.area_id,
        "name": county.snapshot.areas[county.area_of[area.target.area_id]].name,
        "mark_hours": _figure(Fraction(area.target.mark)),
        "share_of_mark_today": share(area.of_mark(area.months[0].alone)),
        "share_of_mark_alone": share(area.of_mark(last.alone)),
        "share_of_mark_with_moves": share(area.of_mark(last.with_moves)),
        "most_hours_alone": _figure(Fraction(area.most)),
        "moving_adds_hours": _figure(area.added),
        "people_moved": area.people_moved,
        "people_written_to": area.written_to,
        "hours_gained_per_letter": None if area.added_per_letter is None else _figure(area.added_per_letter),
        "below": area.is_below,
        "mark_reached_alone": _reached_on(area, [each.alone for each in area.months]),
        "mark_reached_with_moves": _reached_on(area, [each.with_moves for each in area.months]),
        "turnover": {
            "told_by": area.turnover.told_by or None,
            "running_hours": _figure(Fraction(area.turnover.running)),
            "share_per_month": share(area.turnover.share),
            "begins_hours_per_month": _figure(area.turnover.begins),
        },
        "months": [
            {
                "date": str(month.day),
                "may_be_asked_share": share(area.taken[month.day]),
                "hours_alone": _figure(month.alone),
                "hours_with_moves": _figure(month.with_moves),
                "people_moved": moved,
            }
            for month, moved in zip(area.months, area.moved_people, strict=True)
        ],
    }


def _reached_on(area: InArea, minutes: list[Fraction]) -> str | None:
    """The first of the days from which on the mark is reached for good; None where it is not."""
    found = None
    for month, each in zip(area.months, minutes, strict=True):
        found = (found or str(month.day)) if each >= area.target.mark else None
    return found
