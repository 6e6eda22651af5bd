"""Who of the cascade was passed, and why: for each placement proposed, whoever would be asked before the provider chosen.

A rule that may tell something of the person is not named, as everywhere where its reader need not know it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from optimiser.explaining.reasons import passed_with_room
from optimiser.nightly.numbering import Numbering
from optimiser.reoptimising.headroom import Change
from optimiser.reoptimising.story import Reoptimisation
from optimiser.rules.base import A_PRIVATE_RULE

PRIVATE = f"{A_PRIVATE_RULE.capitalize()}."


def passed_rows(made: Reoptimisation, numbering: Numbering) -> list[dict[str, Any]]:
    """A row per placement, in the order of the steps: its ``place`` in the cascade from 1 on, and who is ``passed`` before it."""
    return [
        {"step": number, **_row(made, change, numbering)}
        for number, step in enumerate(made.steps.steps, start=1)
        for change in step.placements
    ]


def _row(made: Reoptimisation, change: Change, numbering: Numbering) -> dict[str, Any]:
    county = made.allocation.county
    package, after = county.packages[change.package], county.contracts[change.after]
    asked = made.allocation.explain(change.package)["contracts"]
    place = next(at for at, each in enumerate(asked) if each["contract_id"] == after.contract_id)
    private = made.allocation.rules.private_names
    return {
        **numbering.named(package.package_id),
        "priority": package.priority,
        "area_id": package.area_id,
        "to": county.provider(change.after).name,
        "to_contract_id": after.contract_id,
        "place": place + 1,
        "passed": [
            {
                "provider": each["provider"],
                "contract_id": each["contract_id"],
                "tier": each["tier"],
                "why": _why(made, each, private),
            }
            for each in asked[:place]
        ],
    }


def _why(made: Reoptimisation, candidate: dict[str, Any], private: Collection[str]) -> list[str]:
    """The words of each rule that it fails; of one that has room, which level would be the worse for it."""
    failed = [(rule, sentence) for rule, passed, *_, sentence in candidate["findings"] if not passed]
    told = dict.fromkeys(PRIVATE if rule in private else sentence for rule, sentence in failed)
    if told:
        return list(told)
    allocation = made.allocation
    return [passed_with_room(allocation.county, allocation.rules, allocation.verified.levels, candidate.get("instead", {}))]
