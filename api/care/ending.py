"""Care ends, or is no longer asked for; where the need remains it is asked for anew in the same act."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from itertools import count
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from api.care.schemas import End
from api.http.errors import Problem
from api.offers.problems import NOT_IN_THIS_STATE
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Body
from api.storage import table_schema
from optimiser.domain.records import made_of
from optimiser.io.schema import OF_PEOPLE

OF_RUNNING_CARE = (
    "contract_id", "round_id", "care_started", "first_visit_at", "previous_contract_id", "held_until", "transfer_decision",
    "bundle_id",
)  # fmt: skip
"""What belonged to the care that ended, and not to the person's needs; a decision on a move of that care decides nothing more."""


def end_care(change: Change, state: State, package_id: str, given: End) -> str | None:
    """The records leave the county, the audit trail keeps them. The id of the new request, where the need remains."""
    stored = state.get("packages", package_id)
    if stored is None:
        if change.was_ever("packages", package_id):
            return _asked_for_anew_as(change, package_id)
        raise Problem("not_found", "There is no package of this id.")
    if given.need_remains and stored.record.status != "active":
        raise Problem(NOT_IN_THIS_STATE, "Its care has not begun: where the need remains, leave the request as it is.")
    gone: dict[str, list[Any]] = {kind: [] for kind in OF_PEOPLE if kind != "packages"}
    for kind, bodies in gone.items():
        for record_id, other in state.stock[kind].items():
            if other.record.package_id == package_id:
                bodies.append(other.body)
                change.remove(kind, record_id)
    change.remove("packages", package_id)
    start_by, instead = (given.start_by or change.clock.today()).isoformat(), {"instead_of": package_id}
    new_id = open_anew(change, stored.body, gone["visits"], start_by, told=instead) if given.need_remains else None
    told = {"reason": given.reason, "ended_by": given.ended_by, "need_remains": given.need_remains, "new_package_id": new_id}
    said = {name: each for name, each in told.items() if each is not None}
    change.remember("package.end", "packages", package_id, {**said, "package": stored.body, **gone})
    _parts_go_on(change, state, package_id, new_id or "")
    return new_id


def bodies_anew(
    package: Body, visits: Iterable[Body], new_id: str, start_by: str, without: Collection[str] = ()
) -> dict[tuple[str, str], dict[str, Any]]:
    """The bodies of a request for the same care at the same place. ``without``: what else belonged to the care before."""
    body = {**package, **{name: "" for name in (*OF_RUNNING_CARE, *without) if name in package}}
    body |= {"package_id": new_id, "status": "new", "start_by": start_by}
    written: dict[tuple[str, str], dict[str, Any]] = {("packages", new_id): body}
    for number, visit in enumerate(visits, start=1):
        visit_id = made_of(new_id, f"-V{number}")
        written["visits", visit_id] = {**visit, "visit_id": visit_id, "package_id": new_id}
    return written


def open_anew(
    change: Change,
    package: Body,
    visits: Iterable[Body],
    start_by: str,
    without: Collection[str] = (),
    told: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Such a request is opened inside a change, as of now; its id. ``told``: what its entry in the trail says beside."""
    package_id = package["package_id"]
    new_id = next(name for number in count(2) if not change.was_ever("packages", name := made_of(package_id, f"-{number}")))
    written = bodies_anew(package, visits, new_id, start_by, without)
    body = written["packages", new_id]
    body["requested_at"] = change.clock.now().isoformat()
    put_checked(change, written)
    change.remember("package.add", "packages", new_id, {"priority": body["priority"], "area_id": body["area_id"], **told})
    return new_id


def _parts_go_on(change: Change, state: State, package_id: str, heir: str) -> None:
    """What was divided off a package that ends goes on, as parts of the heir; without one the first stands for the person."""
    for part_id in sorted(each.package_id for each in state.snapshot.packages if each.part_of == package_id):
        before = state.stock["packages"][part_id].body
        change.put("packages", part_id, before | {"part_of": heir})
        told = {"before": {"part_of": package_id}, "after": {"part_of": heir}}
        change.remember("package.change", "packages", part_id, told)
        heir = heir or part_id


def _asked_for_anew_as(change: Change, package_id: str) -> str | None:
    """The request that was opened when a package's care ended, as the trail has it."""
    trail = table_schema.audit.c
    mine = (trail.subject == package_id) & (trail.subject_kind == "packages") & (trail.action == "package.end")
    details = change.connection.execute(select(trail.details).where(mine).order_by(trail.seq.desc())).scalar()
    found = json.loads(details).get("new_package_id") if details else None
    return None if found is None else str(found)
