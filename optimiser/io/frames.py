"""Results as pandas tables, a column per fact with its unit in the name. pandas is loaded only when one is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from optimiser.county import NOWHERE

if TYPE_CHECKING:
    from pandas import DataFrame

    from optimiser.allocating.story import Allocation
    from optimiser.reoptimising.story import Reoptimisation

WHOLE = "Int64"
"""Whole numbers of which some may not be given."""


def allocation_frame(allocation: Allocation, *, reasons: bool) -> DataFrame:
    """A row per package. Money stays whole pence, so that sums are exact."""
    county = allocation.county
    rows = []
    for package, person in enumerate(county.packages):
        contract = allocation.verified.plan.contracts[package]
        held = None if contract is None else county.contracts[contract]
        row = {
            "package_id": person.package_id,
            "outcome": allocation.outcome(package),
            "status": person.status,
            "area_id": person.area_id,
            "priority": person.priority,
            "minutes_per_week": person.minutes_per_week,
            "band": int(county.band[package]),
            "contract_id": held.contract_id if held else "",
            "provider_id": held.provider_id if held else "",
            "tier": held.tier if held else "",
            "moved": _moved(allocation, package),
            "weekly_cost_pence": None if contract is None else county.price_pence(package, contract),
        }
        rows.append(row | ({"reason": allocation.explain(package)["reason"]} if reasons else {}))
    return frame(rows, weekly_cost_pence=WHOLE)


def _moved(allocation: Allocation, package: int) -> bool:
    """Whether running care is with another provider than before."""
    county = allocation.county
    before, after = int(county.running_on[package]), allocation.verified.plan.contracts[package]
    return before != NOWHERE and after is not None and bool(county.provider_of[before] != county.provider_of[after])


def changes_frame(made: Reoptimisation) -> DataFrame:
    """A row per change, those of a step together, in the order of ``changes.csv``."""
    county = made.allocation.county
    rows = [
        {
            "step": number,
            "package_id": county.packages[change.package].package_id,
            "kind": "move" if change.is_move else "place",
            "from_contract_id": "" if change.before is None else county.contracts[change.before].contract_id,
            "to_contract_id": county.contracts[change.after].contract_id,
            "reason": made.reason(number, change),
        }
        for number, step in enumerate(made.steps.steps, start=1)
        for change in step.changes
    ]
    return frame(rows, columns=("step", "package_id", "kind", "from_contract_id", "to_contract_id", "reason"))


def frame(rows: Iterable[Mapping[str, Any]], columns: Iterable[str] | None = None, **kinds: str) -> DataFrame:
    """The rows as a table. ``columns``: where there may be no rows. ``kinds``: of columns, where pandas would guess another."""
    import pandas

    made = pandas.DataFrame(list(rows), columns=None if columns is None else list(columns))
    return made.astype({name: kind for name, kind in kinds.items() if name in made})
