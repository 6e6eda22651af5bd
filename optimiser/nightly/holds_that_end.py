"""Hours that a provider keeps for somebody in hospital, and until when: what ends soon, or has ended with nobody deciding."""

from __future__ import annotations

from typing import Any

from optimiser.county import County
from optimiser.domain.words import hours
from optimiser.nightly.numbering import Numbering


def hold_rows(county: County, holds_days: int, numbering: Numbering) -> list[dict[str, Any]]:
    """A row for each hold whose day is past, today or within so many days, the earliest first: resume, restart, hold on or end.

    Told of nobody whom a provider has accepted since, or whose earlier provider has declined: no hours are kept then.
    ``until``: the first day on which they are no longer kept.
    """
    standing, rows = county.offers_in_force, []
    due = (each for each in county.packages if each.status == "new" and each.held_until is not None)
    for package in sorted(due, key=lambda each: (each.held_until, each.package_id)):
        assert package.held_until is not None
        in_days = (package.held_until - county.as_of).days
        keeper = county.succession.contract_on(package.previous_contract_id, county.as_of)
        index = county.contract_index.get(keeper)
        if index is None or in_days > holds_days or package.package_id in standing.accepted:
            continue
        provider = county.provider(index)
        answers = standing.declines.get((package.package_id, provider.provider_id), ())
        if any(answer.response == "declined" for answer in answers):
            continue
        rows.append(
            {
                **numbering.named(package.package_id),
                "until": str(package.held_until),
                "in_days": in_days,
                "provider": provider.name,
                "contract_id": keeper,
                "area_id": package.area_id,
                "hours_per_week": hours(package.minutes_per_week),
            }
        )
    return rows
