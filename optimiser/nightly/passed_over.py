"""Who could have been placed, night after night, and was not: somebody named decides once that has gone on for long enough."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from optimiser.domain.words import hours
from optimiser.judging.placeable import placeable_alone
from optimiser.nightly.numbering import Numbering
from optimiser.reoptimising.story import Reoptimisation

Facts = dict[str, Any]
NIGHTS = "passed_over"
"""Where the facts of a report keep it: per package the nights."""
NOBODY: Mapping[str, int] = MappingProxyType({})


def passed_over_tonight(made: Reoptimisation) -> list[int]:
    """The packages that a contract had room for before anybody was placed, and that the plan leaves unmet."""
    found = made.allocation
    alone = placeable_alone(found.county, found.rules)
    return [package for package in sorted(alone) if found.outcome(package) == "unmet"]


def nights_passed_over(made: Reoptimisation, before: Facts | None) -> dict[str, int]:
    """Per package that still waits how many nights it was passed over, tonight's included; each date counts once."""
    county = made.allocation.county
    earlier: dict[str, int] = (before or {}).get(NIGHTS, {})
    waits = {package.package_id for package in county.packages if package.status == "new"}
    again = before is None or before["as_of"] < str(county.as_of)
    tonight = {county.packages[package].package_id for package in passed_over_tonight(made)}
    nights = {each: earlier.get(each, 0) + (each in tonight and (again or each not in earlier)) for each in waits}
    return {each: count for each, count in sorted(nights.items()) if count}


def to_decide(made: Reoptimisation, nights: Mapping[str, int], numbering: Numbering) -> list[dict[str, Any]]:
    """A record for each package passed over as often as the setting allows, or more: the most often first."""
    county = made.allocation.county
    asked = {*county.offers_in_force.accepted, *county.offers_in_force.pending}
    over = [each for each, count in nights.items() if count >= county.policy.passed_over_limit and each not in asked]
    found = []
    for package_id in sorted(over, key=lambda each: (-nights[each], each)):
        package = county.packages[county.package_index[package_id]]
        found.append(
            {
                **numbering.named(package_id),
                "priority": package.priority,
                "area_id": package.area_id,
                "hours_per_week": hours(package.minutes_per_week),
                "workers": package.workers,
                "nights_passed_over": nights[package_id],
            }
        )
    return found
