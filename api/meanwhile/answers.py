"""How a person is safe meanwhile, as it is answered: what is recorded, what is wrong with it, and what may be chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from api.http.conversion import columns_of, json_of
from api.meanwhile.alerting import standing_of
from api.settings import Settings
from api.state.state import State
from optimiser.judging.safe_meanwhile import Standing, what_may_be_chosen
from optimiser.nightly.reserve_use import contracts_for


def meanwhile_json(state: State, settings: Settings, package_id: str) -> dict[str, Any]:
    """What is recorded of a person, nulls where nothing is, and how that stands today."""
    stored = state.get("meanwhile", package_id)
    cells = {} if stored is None else stored.body
    told = {name: json_of(name, cells.get(name) or "") for name in columns_of("meanwhile")} | {"package_id": package_id}
    each = standing_of(state, package_id)
    return told | safety_json(state, settings, each)


def safety_json(state: State, settings: Settings, each: Standing | None) -> dict[str, Any]:
    """What is wrong, and what may be chosen. None: the person does not wait."""
    if each is None:
        return {"wrong": [], "clock": None, "choosing": None}
    wrong = [{"kind": wrong.kind, "sentence": wrong.sentence} for wrong in each.wrong]
    return {"wrong": wrong, "clock": each.clock or None, "choosing": choosing_json(state, settings, each)}


def choosing_json(state: State, settings: Settings, each: Standing) -> dict[str, Any] | None:
    """By when a named person chooses, and among what; None where somebody can be asked, or something was chosen."""
    if each.nobody_since is None or each.choose_by is None:
        return None
    area_id = state.county.packages[state.county.package_index[each.package_id]].area_id
    choices = what_may_be_chosen(reserve_open=reserve_is_open(state, area_id), approvers=in_words(settings.purchase_approved_by))
    return {
        "nobody_since": each.nobody_since.isoformat(),
        "choose_by": each.choose_by.isoformat(),
        "overdue": each.choose_by < state.as_of,
        "choices": [{"choice": may.choice, "open": may.open, "needs": may.needs} for may in choices],
    }


def reserve_is_open(state: State, area_id: str) -> bool:
    """Whether reserve contracts may be asked in an area, and there is one."""
    return area_id in state.snapshot.reserve_areas and bool(contracts_for(state.county, area_id))


def in_words(roles: Iterable[str]) -> str:
    """Roles as a choice: "admin or contracts"."""
    return " or ".join(roles)


def who_waits_json(state: State, settings: Settings, each: Standing) -> dict[str, Any]:
    """A line of the list of those to look at."""
    package = state.county.package_index[each.package_id]
    plan = each.plan
    return {
        "package_id": each.package_id,
        "area_id": state.county.packages[package].area_id,
        "priority": each.priority,
        "start_by": _iso(each.start_by),
        "situation": state.situation_of(package),
        "where": None if plan is None else plan.where,
        "holds_until": None if plan is None else _iso(plan.holds_until),
        "next_check": None if plan is None else _iso(plan.next_check),
        **safety_json(state, settings, each),
    }


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
