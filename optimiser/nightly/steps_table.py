"""The changes worth making, a row each, in the order in which they go ahead."""

from __future__ import annotations

from typing import Any

from optimiser.domain.words import hours
from optimiser.reoptimising.story import Reoptimisation
from optimiser.rules.levels.waiting import UnmetLevel


def steps_rows(made: Reoptimisation, *, ids: bool) -> list[dict[str, Any]]:
    """A row per change; ``unmet_after``: unmet need once its whole step has gone ahead. ``ids``: name the packages."""
    county = made.allocation.county
    unmet = [rule.name for rule in made.allocation.rules.levels if isinstance(rule, UnmetLevel)]
    rows = []
    for number, step in enumerate(made.steps.steps, start=1):
        for change in step.changes:
            package = county.packages[change.package]
            after = county.contracts[change.after]
            rows.append(
                {
                    "step": number,
                    **({"package_id": package.package_id} if ids else {}),
                    "kind": "move" if change.is_move else "place",
                    "priority": package.priority,
                    "area_id": package.area_id,
                    "hours_per_week": hours(package.minutes_per_week),
                    "from": "" if change.before is None else county.provider(change.before).name,
                    "to": county.provider(change.after).name,
                    "to_contract_id": after.contract_id,
                    "tier": after.tier,
                    "unmet_after": {name: made.values[number][name] for name in unmet},
                    "reason": made.reason(number, change),
                }
            )
    return rows
