"""Who waits, how long, and what the list of changes proposes for them."""

from __future__ import annotations

from typing import Any

from optimiser.domain.words import hours
from optimiser.explaining.priority_reviews import look_again
from optimiser.explaining.remedies import in_figures
from optimiser.nightly.numbering import Numbering
from optimiser.reoptimising.story import Reoptimisation


def people_waiting(made: Reoptimisation) -> list[dict[str, Any]]:
    """A record per package whose care has not begun, the longest waiting first (unknown last): for ``told`` and ``people_in``.

    ``unmet``: nobody has said yes or is being asked, as things are today.
    """
    county = made.allocation.county
    steps = {change.package: number for number, step in enumerate(made.steps.steps, start=1) for change in step.placements}
    longer = {package: chain.moves for chain in made.longer for package in chain.packages}
    found: list[dict[str, Any]] = []
    for index, package in enumerate(county.packages):
        if package.status != "new":
            continue
        asked_on = package.requested_at.date() if package.requested_at else None
        late = (county.as_of - package.start_by).days if package.start_by else 0
        standing = county.offers_in_force
        state = (
            "accepted" if package.package_id in standing.accepted else "asked" if package.package_id in standing.pending else ""
        )
        found.append(
            {
                "priority": package.priority,
                "area_id": package.area_id,
                "hours_per_week": hours(package.minutes_per_week),
                "waiting_days": (county.as_of - asked_on).days if asked_on else None,
                "start_by": str(package.start_by) if package.start_by else None,
                "days_past_date": max(late, 0),
                "unmet": not state,
                "proposed_step": steps.get(index),
                "now": _now(state, steps.get(index), longer.get(index)) + _would_do(made, index),
                "look_again": look_again(package, county.as_of, county.policy),
                "_id": package.package_id,
                "_person": package.part_of or package.package_id,
            }
        )
    found.sort(key=lambda each: (each["waiting_days"] is None, -(each["waiting_days"] or 0), each["_id"]))
    return found


def told(waiting: list[dict[str, Any]], numbering: Numbering) -> list[dict[str, Any]]:
    """The records as the report has them: people by their numbers."""
    return [
        numbering.named(each["_id"]) | {key: value for key, value in each.items() if not key.startswith("_")} for each in waiting
    ]


def people_in(waiting: list[dict[str, Any]]) -> int:
    """How many people these records are of: whose care is divided into parts is counted once."""
    return len({each["_person"] for each in waiting})


def past_their_date(waiting: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of those, urgent care and discharges that should have begun before today: urgent first, then the longest past."""
    late = [each for each in waiting if each["priority"] in ("urgent", "discharge") and each["days_past_date"] > 0]
    return sorted(late, key=lambda each: (each["priority"] != "urgent", -each["days_past_date"]))


def _would_do(made: Reoptimisation, package: int) -> str:
    """The smallest change that would place somebody if others who wait go elsewhere, where the night was asked for it."""
    found = made.allocation.explainer.if_others_move(package)
    if not found:
        return ""
    remedy, at_least = found[0].remedy, found[0].at_least
    amount = in_figures(remedy.amount) if found[0].proven else f"{in_figures(at_least)} to {in_figures(remedy.amount)}"
    return f"; {remedy.change} of {remedy.subject} +{amount} would do if others who wait may go elsewhere"


def _now(state: str, step: int | None, longer: int | None) -> str:
    if state:
        return {"accepted": "a provider has accepted", "asked": "waiting for a provider's answer"}[state]
    if step is None and longer is not None:
        return f"no room found in a step: {longer} people would have to move at once"
    return "no room found" if step is None else f"can be placed: step {step}"
