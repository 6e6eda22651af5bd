"""Every use of the reserve: where it is open and why, and whose care is with providers of last resort, area by area."""

from __future__ import annotations

import datetime as dt
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


@dataclass
class Use:
    """Whose care is on reserve contracts, in one area. ``minutes``: a week."""

    running_people: int = 0
    running_minutes: int = 0
    accepted_people: int = 0
    accepted_minutes: int = 0
    asked_people: int = 0


def use_of(county: County, area_id: str) -> Use:
    """Who is on reserve contracts in an area: whose care runs, whose offer was accepted, for whom an answer is waited for."""
    entry, found = entry_plan(county).contracts, Use()
    for index, package in enumerate(county.packages):
        if package.area_id != area_id:
            continue
        on = entry[index]
        if on is not None and county.contracts[on].tier == TIER:
            if county.running_on[index] == NOWHERE:
                found.accepted_people += 1
                found.accepted_minutes += package.minutes_per_week
            else:
                found.running_people += 1
                found.running_minutes += package.minutes_per_week
        asked = county.offers_in_force.pending.get(package.package_id, ())
        found.asked_people += any(county.contracts[contract].tier == TIER for contract in asked)
    return found


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
        if not is_open and use == Use():
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
