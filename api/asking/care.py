"""Care begins, is held during a stay in hospital, begins again, and ends: each the recorded act of a named person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from api.asking.problems import NOT_IN_THIS_STATE, package_index
from api.errors import Problem
from api.state import State
from api.storage import tables
from api.storage.store import Change

SUPERSEDED = "before a restart"


def start(change: Change, state: State, package_id: str, on: dt.date) -> bool:
    """Care has begun under the accepted contract; False when that is recorded already."""
    person = state.county.packages[package_index(state, package_id)]
    if person.status == "active":
        if person.care_started == on:
            return False
        raise Problem(NOT_IN_THIS_STATE, f"Care began on {person.care_started}, as recorded.")
    contract = state.county.offers_in_force.accepted.get(package_id)
    if contract is None:
        raise Problem(NOT_IN_THIS_STATE, "No provider has accepted it yet.")
    if on > state.as_of:
        raise Problem(NOT_IN_THIS_STATE, "Record the start once care has begun: the date is after today.")
    contract_id = state.county.contracts[contract].contract_id
    begun = {
        "status": "active",
        "contract_id": contract_id,
        "care_started": on.isoformat(),
        "previous_contract_id": "",
        "held_until": "",
    }
    _write(change, state, package_id, begun, "package.start")
    return True


def hold(change: Change, state: State, package_id: str, until: dt.date) -> bool:
    """A stay in hospital: contract and hours are kept until a date; False when that is recorded already."""
    person = state.county.packages[package_index(state, package_id)]
    if person.status != "active":
        raise Problem(NOT_IN_THIS_STATE, "Only running care can be held.")
    if person.held_until == until:
        return False
    if until <= state.as_of:
        raise Problem(NOT_IN_THIS_STATE, "A hold ends after today.")
    _write(change, state, package_id, {"held_until": until.isoformat()}, "package.hold")
    return True


def resume(change: Change, state: State, package_id: str) -> bool:
    """The provider who kept the hours goes on with the care as it was; False when it runs already."""
    person = state.county.packages[package_index(state, package_id)]
    if person.status != "active":
        raise Problem(NOT_IN_THIS_STATE, "Its care is not running: ask its previous provider by an offer.")
    if person.held_until is None:
        return False
    _write(change, state, package_id, {"held_until": ""}, "package.resume")
    return True


def ask_again(change: Change, state: State, package_id: str, start_by: dt.date) -> bool:
    """The care has to be asked for anew; the provider who keeps its hours is asked first. False when that is under way."""
    person = state.county.packages[package_index(state, package_id)]
    if person.status == "new":
        if person.previous_contract_id:
            return False
        raise Problem(NOT_IN_THIS_STATE, "Its care has not begun yet.")
    if person.held_until is None:
        raise Problem(NOT_IN_THIS_STATE, "Its care is not on hold: there is nothing to restart.")
    for stored in state.stock["offers"].values():
        # What was agreed before the stay places nobody now: the trail keeps it.
        if stored.record.package_id == package_id and stored.record.response in ("", "accepted"):
            over = {"response": "withdrawn", "reason": SUPERSEDED, "responded_at": _latest(change, stored.record.offered_at)}
            change.put("offers", stored.record.offer_id, stored.body | over)
            told = {"offer_id": stored.record.offer_id, "before": stored.record.response, **over}
            change.remember("offer.withdrawn", "packages", package_id, told)
    asked_again = {
        "status": "new",
        "contract_id": "",
        "round_id": "",
        "care_started": "",
        "previous_contract_id": person.contract_id,
        "start_by": start_by.isoformat(),
        "requested_at": change.clock.now().isoformat(),
    }
    _write(change, state, package_id, asked_again, "package.restart")
    return True


def end(change: Change, state: State, package_id: str, reason: str) -> bool:
    """Care ends, or is no longer asked for: the records leave the snapshot, the audit trail keeps them. False: ended already."""
    stored = state.get("packages", package_id)
    if stored is None:
        if _was_there(change, package_id):
            return False
        raise Problem("not_found", "There is no package of this id.")
    gone: dict[str, list[Any]] = {"visits": [], "offers": []}
    for kind, bodies in gone.items():
        for record_id, other in state.stock[kind].items():
            if other.record.package_id == package_id:
                bodies.append(other.body)
                change.remove(kind, record_id)
    change.remove("packages", package_id)
    change.remember("package.end", "packages", package_id, {"reason": reason, "package": stored.body, **gone})
    return True


def _was_there(change: Change, package_id: str) -> bool:
    mine = (tables.records.c.kind == "packages") & (tables.records.c.id == package_id)
    return change.connection.execute(select(tables.records.c.id).where(mine)).first() is not None


def _latest(change: Change, offered_at: dt.datetime) -> str:
    return max(change.clock.now(), offered_at).isoformat()


def _write(change: Change, state: State, package_id: str, cells: dict[str, str], action: str) -> None:
    body = state.stock["packages"][package_id].body
    before = {name: body.get(name, "") for name in cells}
    change.put("packages", package_id, body | cells)
    change.remember(action, "packages", package_id, {"before": before, "after": cells})
