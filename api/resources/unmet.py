"""Who is waiting, in the order in which it matters, and what would clear each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import orjson

from api.paging import Key
from api.schemas.conversion import json_of
from api.state import State
from optimiser.domain.records import PRIORITIES, Package
from optimiser.explaining.packages import Explainer

FIRST = ("urgent", "discharge")
"""Priorities that come before all others once their start is past."""


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
    start = (package.start_by or dt.date.max).isoformat()
    return 0 if late else 1, PRIORITIES.index(package.priority), start, package.package_id


def unmet_bodies(state: State, packages: list[Package]) -> list[bytes]:
    """What is said of each. Worked out once for a version of the county: what would clear a package takes a while."""
    found = [state.bodies.get(("unmet", package.package_id)) for package in packages]
    if None in found:
        offers = Counter(offer.package_id for offer in state.snapshot.offers)
        explainer = Explainer(state.county, state.rules, state.standing_plan, lambda *_: None)
        for index, package in enumerate(packages):
            if found[index] is None:
                body = orjson.dumps(_unmet(state, explainer, package, offers[package.package_id]))
                found[index] = state.bodies["unmet", package.package_id] = body
    return [body for body in found if body is not None]


def _unmet(state: State, explainer: Explainer, package: Package, times_offered: int) -> dict[str, Any]:
    explained = explainer.explain(state.county.package_index[package.package_id])
    asked = package.requested_at.date() if package.requested_at else None
    cells = state.stock["packages"][package.package_id].body
    names = ("package_id", "area_id", "priority", "source", "hours_per_week", "requested_at", "start_by")
    late = is_overdue(package, state.as_of)
    return {
        **{name: json_of(name, cells[name]) for name in names},
        "age_days": None if asked is None else max((state.as_of - asked).days, 0),
        "overdue": late,
        "overdue_first": late and package.priority in FIRST,
        "times_offered": times_offered,
        "contracts_with_room": sum(step["verdict"] == "has room" for step in explained["contracts"]),
        "changes": [each | {"amount": float(each["amount"])} for each in explained["remedies"] or ()],
    }
