"""Every use of the reserve: where it is open and why, and whose care is with providers of last resort, area by area."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from optimiser.county import NOWHERE, County
from optimiser.domain.records import Contract
from optimiser.domain.words import hours
from optimiser.judging.limit_use import entry_plan

TIER = "reserve"


@dataclass(frozen=True)
class Opening:
    """The reserve is open in an area. What a snapshot's folder does not tell is empty: it holds the areas alone."""

    area_id: str
    opened_on: dt.date | None = None
    opened_by: str = ""
    reason: str = field(default="", repr=False)
    review_on: dt.date | None = None

    def days_past_review(self, today: dt.date) -> int:
        """0: it is not past it, or no day is set."""
        return max((today - self.review_on).days, 0) if self.review_on else 0


@dataclass(frozen=True)
class Use:
    """Whose care is on reserve contracts, in one area. ``minutes``: a week. Whose care is divided is one person in each count."""

    running_people: int
    running_minutes: int
    accepted_people: int
    accepted_minutes: int
    asked_people: int


NONE = Use(0, 0, 0, 0, 0)


def use_of(county: County, area_id: str) -> Use:
    """Who is on reserve contracts in an area: whose care runs, whose offer was accepted, for whom an answer is waited for."""
    entry = entry_plan(county).contracts
    people: dict[str, set[str]] = defaultdict(set)
    minutes: Counter[str] = Counter()
    for index, package in enumerate(county.packages):
        if package.area_id != area_id:
            continue
        on, person = entry[index], package.part_of or package.package_id
        if on is not None and county.contracts[on].tier == TIER:
            part = "accepted" if county.running_on[index] == NOWHERE else "running"
            people[part].add(person)
            minutes[part] += package.minutes_per_week
        if any(county.contracts[each].tier == TIER for each in county.offers_in_force.pending.get(package.package_id, ())):
            people["asked"].add(person)
    return Use(
        running_people=len(people["running"]),
        running_minutes=minutes["running"],
        accepted_people=len(people["accepted"]),
        accepted_minutes=minutes["accepted"],
        asked_people=len(people["asked"]),
    )


def contracts_for(county: County, area_id: str) -> list[Contract]:
    """The reserve contracts in force today that an area's people may be asked for."""
    return [
        contract
        for contract in county.contracts
        if contract.tier == TIER and contract.area_id in ("", area_id) and contract.in_force(county.as_of)
    ]


def reserve_rows(county: County, openings: Collection[Opening]) -> list[dict[str, Any]]:
    """A row for each area where the reserve is open or has somebody's care, by id. ``openings``: what else is known."""
    known = {opening.area_id: opening for opening in openings}
    rows = []
    for area in county.snapshot.areas:
        is_open, use = area.area_id in county.snapshot.reserve_areas, use_of(county, area.area_id)
        if not is_open and use == NONE:
            continue
        opening = known.get(area.area_id, Opening(area.area_id)) if is_open else Opening(area.area_id)
        rows.append(
            {
                "area_id": area.area_id,
                "name": area.name,
                "open": is_open,
                "opened_on": str(opening.opened_on) if opening.opened_on else None,
                "opened_by": opening.opened_by,
                "reason": opening.reason,
                "review_on": str(opening.review_on) if opening.review_on else None,
                "days_past_review": opening.days_past_review(county.as_of),
                "contracts": len(contracts_for(county, area.area_id)),
                "running_people": use.running_people,
                "running_hours_per_week": hours(use.running_minutes),
                "accepted_people": use.accepted_people,
                "accepted_hours_per_week": hours(use.accepted_minutes),
                "asked_people": use.asked_people,
            }
        )
    return rows
