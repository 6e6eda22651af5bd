"""Packages as they are answered; and who is waiting, in the order in which it matters, with what would clear each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson

from api.http.conversion import json_of, record_json
from api.http.paging import Key
from api.http.responses import tag
from api.meanwhile.alerting import all_standings
from api.meanwhile.answers import safety_json
from api.settings import Settings
from api.state.state import State
from api.state.stored_records import CALL_OFF_ID
from optimiser.domain.records import PRIORITIES, Package
from optimiser.explaining.packages import Explainer
from optimiser.explaining.priority_reviews import look_again, priority_set_on
from optimiser.io.likely_typos import date_sentences, skill_sentences

FIRST = ("urgent", "discharge")
"""Priorities that come before all others once their start is past."""


def package_json(state: State, package_id: str) -> dict[str, Any]:
    """A package with its visits."""
    found = record_json("packages", state.stock["packages"][package_id].body)
    found |= standing_json(state, package_id)
    visits = [record_json("visits", state.stock["visits"][each].body) for each in visits_of(state, package_id)]
    return found | {"visits": [{name: visit[name] for name in visit if name != "package_id"} for visit in visits]}


def standing_json(state: State, package_id: str) -> dict[str, Any]:
    """Where a package stands: a new one may be pending, or accepted under a contract that the format writes once care begins."""
    contract = state.county.offers_in_force.accepted.get(package_id)
    return {
        "call_off_id": state.stock["packages"][package_id].body.get(CALL_OFF_ID) or None,
        "situation": state.situation_of(state.county.package_index[package_id]),
        "accepted_contract_id": None if contract is None else state.county.contracts[contract].contract_id,
    }


def tag_of(state: State, package_id: str) -> str:
    """The tag of a package: it changes with the record, and with what the offers make of it."""
    standing = standing_json(state, package_id)
    told = [standing["situation"]] if standing["situation"] in ("pending", "accepted") else []
    return tag(state.stock["packages"][package_id].version, *told)


def written_json(state: State, package_id: str) -> dict[str, Any]:
    """A package that has just been written, with what in it is probably mistyped."""
    return package_json(state, package_id) | {"notes": written_notes(state, state.stock["packages"][package_id].record)}


def written_notes(state: State, package: Package) -> list[str]:
    return [*skill_sentences(package, state.snapshot), *date_sentences(package, state.as_of)]


def visits_of(state: State, package_id: str) -> list[str]:
    """The ids of its visits, in their order."""
    return [each.visit_id for each in state.visits_of.get(package_id, ())]


def waiting(state: State) -> list[Package]:
    """Everybody who is neither placed nor being asked for."""
    standing = state.county.offers_in_force
    return [
        package
        for package in state.county.packages
        if package.status == "new" and package.package_id not in standing.accepted and package.package_id not in standing.pending
    ]


def is_overdue(package: Package, today: dt.date) -> bool:
    return package.start_by is not None and package.start_by < today


def key_of(package: Package, today: dt.date) -> Key:
    """Urgent or discharge past the start first; then by priority, start and id."""
    late = package.priority in FIRST and is_overdue(package, today)
    return 0 if late else 1, *turn_of(package)


def turn_of(package: Package) -> Key:
    """By priority, start and id."""
    return PRIORITIES.index(package.priority), (package.start_by or dt.date.max).isoformat(), package.package_id


def unmet_bodies(state: State, settings: Settings, packages: list[Package]) -> list[bytes]:
    """What is said of each. Worked out once for a version of the county: what would clear a package takes a while."""
    found = [state.bodies.get(("unmet", package.package_id)) for package in packages]
    if None in found:
        explainer = Explainer(state.county, state.rules, state.standing_levels, lambda *_: None)
        safe = all_standings(state)
        for index, package in enumerate(packages):
            if found[index] is None:
                told = _unmet(state, explainer, package)
                body = orjson.dumps(told | {"meanwhile": safety_json(state, settings, safe.get(package.package_id))})
                found[index] = state.bodies["unmet", package.package_id] = body
    return [body for body in found if body is not None]


def _unmet(state: State, explainer: Explainer, package: Package) -> dict[str, Any]:
    explained = explainer.explain(state.county.package_index[package.package_id])
    cells = state.stock["packages"][package.package_id].body
    names = ("package_id", "area_id", "priority", "source", "hours_per_week", "requested_at", "start_by")
    late = is_overdue(package, state.as_of)
    return {
        **{name: json_of(name, cells[name]) for name in names},
        "priority_set_on": None if (since := priority_set_on(package)) is None else since.isoformat(),
        "look_again": look_again(package, state.as_of, state.snapshot.policy),
        "age_days": state.days_since_request(package),
        "overdue": late,
        "overdue_first": late and package.priority in FIRST,
        "times_offered": len(state.offers_of.get(package.package_id, ())),
        "contracts_with_room": sum(step["verdict"] == "has room" for step in explained["contracts"]),
        "changes": [each | {"amount": float(each["amount"])} for each in explained["remedies"] or ()],
    }
