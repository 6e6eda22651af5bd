"""Hours that a provider keeps for somebody in hospital, and until when: what ends soon, or has ended with nobody deciding."""

from __future__ import annotations

from typing import Any

from optimiser.county import NOWHERE, County
from optimiser.domain.records import Package
from optimiser.domain.words import hours
from optimiser.nightly.numbering import Numbering


def hold_rows(county: County, holds_days: int, numbering: Numbering) -> list[dict[str, Any]]:
    """A row for each hold whose day is past, today or within so many days, the earliest first: resume, restart, hold on or end.

    Care on hold runs still, with whoever keeps its hours, until it is asked for anew: then its provider before does. Told of
    nobody whom a provider has accepted since, or whose earlier provider has declined: no hours are kept then.
    ``until``: the first day on which they are no longer kept.
    """
    rows = []
    due = ((each.held_until, each) for each in county.packages if each.held_until is not None)
    for until, package in sorted(due, key=lambda each: (each[0], each[1].package_id)):
        in_days, index = (until - county.as_of).days, _kept_on(county, package)
        if index is None or in_days > holds_days:
            continue
        rows.append(
            {
                **numbering.named(package.package_id),
                "until": str(until),
                "in_days": in_days,
                "provider": county.provider(index).name,
                "contract_id": county.contracts[index].contract_id,
                "area_id": package.area_id,
                "hours_per_week": hours(package.minutes_per_week),
            }
        )
    return rows


def _kept_on(county: County, package: Package) -> int | None:
    """The contract that somebody's hours are kept on; None: no hours are kept for them."""
    running_on = int(county.running_on[county.package_index[package.package_id]])
    if running_on != NOWHERE:
        return running_on
    standing = county.offers_in_force
    index = county.contract_index.get(county.succession.contract_on(package.previous_contract_id, county.as_of))
    if index is None or package.package_id in standing.accepted:
        return None
    answers = standing.declines.get((package.package_id, county.provider(index).provider_id), ())
    return None if any(answer.response == "declined" for answer in answers) else index
