"""Each area's share with its principal, today and once the list has been worked through, and what room is left."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from optimiser.allocating.story import Allocation
from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.policy import Policy
from optimiser.domain.words import share_of
from optimiser.explaining.area_figures import bars_new_work, room_in_words
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.levels.shares import minutes_on

FRAMEWORK_PROVIDERS = 3
"""A framework is meant to have at least so many."""


def area_rows(allocation: Allocation) -> list[dict[str, Any]]:
    """A row per area, by id. Shares are parts of the area's hours; None: no demand, or the area has no live principal."""
    county = allocation.county
    entry = entry_plan(county)
    rows = []
    for figure in allocation.areas():
        principal = figure["principal"]
        own = None if principal is None else next(c for c in figure["contracts"] if c["contract_id"] == principal["contract_id"])
        index = None if own is None else county.contract_index[own["contract_id"]]
        held = _minutes(county, entry, index)
        planned = _minutes(county, allocation.verified.plan, index)
        demand = int(county.demand_minutes[county.area_of[figure["area_id"]]])
        share = None if principal is None else principal["share"]
        framework = {
            contract.provider_id
            for contract in county.contracts
            if (contract.tier, contract.area_id) == ("framework", figure["area_id"]) and contract.in_force(county.as_of)
        }
        rows.append(
            {
                "area_id": figure["area_id"],
                "name": figure["name"],
                "live": figure["live"],
                "demand_hours_4w": figure["demand_hours_4w"],
                "principal": None if index is None else county.provider(index).name,
                "share_today": share_of(held, demand) if index is not None else None,
                "share_after": share,
                "band": None if share is None else where(county.policy, Fraction(planned, demand)),
                "room": None if index is None else _room(allocation, index, own),
                "headroom_hours_4w": None if own is None else own["headroom_hours_4w"],
                "headroom_set_by": None if own is None else own["headroom_set_by"],
                "unmet_people_after": figure["unmet_people"],
                "framework_providers": len(framework),
            }
        )
    return rows


def _room(allocation: Allocation, contract: int, own: Mapping[str, Any] | None) -> str:
    """The room on a contract in words: hours per four weeks, no limit, or none and why."""
    hours = None if own is None else own["headroom_hours_4w"]
    return room_in_words(hours, bars_new_work(allocation.county, allocation.rules, contract))


def restrictions_in_force(allocation: Allocation) -> list[dict[str, Any]]:
    """Who is given no new work or only so much today: by a restriction, a row each, or by a rating, a row per provider."""
    county = allocation.county
    name = {provider.provider_id: provider.name for provider in county.providers}
    rows = [
        {
            "provider_id": each.provider_id,
            "provider": name[each.provider_id],
            "what": "no new work"
            if each.new_hours_4w is None
            else f"new work up to {float(each.new_hours_4w):g} hours in four weeks",
            "area_id": each.area_id,
            "since": str(each.starts or ""),
            "until": str(each.ends or ""),
            "restriction_id": each.restriction_id,
        }
        for each in county.restrictions
    ]
    told = {(row["provider_id"], row["area_id"]) for row in rows}
    for index, contract in enumerate(county.contracts):
        said = bars_new_work(county, allocation.rules, index)
        if said and not told & {(contract.provider_id, ""), (contract.provider_id, contract.area_id)}:
            told.add((contract.provider_id, ""))
            rows.append({"provider_id": contract.provider_id, "provider": name[contract.provider_id], "what": said}
                        | dict.fromkeys(("area_id", "since", "until", "restriction_id"), ""))  # fmt: skip
    return sorted(rows, key=lambda row: (row["provider_id"], row["area_id"], row["restriction_id"]))


def thin_frameworks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The live areas whose framework has fewer providers than it is meant to."""
    names = ("area_id", "name", "framework_providers")
    return [
        {name: row[name] for name in names} for row in rows if row["live"] and row["framework_providers"] < FRAMEWORK_PROVIDERS
    ]


def where(policy: Policy, share: Fraction) -> str:
    """Where a share stands to the band around the target, edges included: judged exactly, never as it is rounded to be shown."""
    if share < policy.share_low:
        return "below"
    return "above" if share > policy.share_high else "within"


def _minutes(county: County, plan: Plan, contract: int | None) -> int:
    """The minutes a week that a plan has on a contract, and on those that count as one with it."""
    return 0 if contract is None else minutes_on(county, plan, contract)
