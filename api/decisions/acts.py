"""A social worker decides about one kind of move of one person; and what has been decided is read."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import orjson

from api.acts.act import Caller, act, only
from api.decisions.schemas import NewDecision
from api.http.conversion import record_json
from api.http.errors import ALREADY_THERE, Problem
from api.http.responses import Shown, shown
from api.offers.lapsing import OF_SWEEPS, sweep
from api.offers.problems import NOT_IN_THIS_STATE, package_index
from api.security.roles import ADMIN, PLANNER, SOCIAL_WORK, TRANSITION
from api.state.accepting import put_checked
from api.state.state import State
from api.state.stored_records import Stored
from optimiser.domain.dates import days_after


@act("decisions.record", only(SOCIAL_WORK), writes=("decision.record", *OF_SWEEPS), changes=True)
def record(by: Caller, package_id: str, given: NewDecision) -> Shown:
    """A social worker decides about one kind of move: whether it is right for the person, to whom, why and until when."""
    with by.change() as change:
        state = change.state
        person = state.county.packages[package_index(state, package_id)]
        if (known := state.get("decisions", given.decision_id or "")) is not None:
            return shown(_the_same(state, known, package_id, given))
        if person.status != "active":
            raise Problem(NOT_IN_THIS_STATE, "Its care has not begun, so there is nothing to move: record the person's answer.")
        decided_on, valid_to = _days(given, state.as_of, state.snapshot.policy.decision_valid_weeks)
        decision_id = given.decision_id or f"D-{secrets.token_hex(8)}"
        body = {
            "decision_id": decision_id,
            "package_id": package_id,
            "move": given.move,
            "to_provider_id": given.to_provider_id or "",
            "decision": given.decision,
            "why": given.why,
            "decided_by": by.actor.name,
            "decided_on": decided_on.isoformat(),
            "valid_to": valid_to.isoformat(),
        }
        put_checked(change, {("decisions", decision_id): body})
        change.remember("decision.record", "packages", package_id, {"after": body})
        after = sweep(change, by.settings, change.as_if())  # offers of a move that is not right are waited for no more
        return shown(_json(after, decision_id))


@act("decisions.of_package", only(PLANNER, TRANSITION, SOCIAL_WORK, ADMIN), writes=("decisions.read",))
def read_of_package(by: Caller, package_id: str) -> Shown:
    """What social work has decided about moves of one person, the earliest first, and which of it counts today."""
    state = by.read("decisions.read", "packages", package_id)
    package_index(state, package_id)
    mine = [stored.record for stored in state.stock["decisions"].values() if stored.record.package_id == package_id]
    mine.sort(key=lambda each: (each.decided_on, each.decision_id))
    return Shown(orjson.dumps({"items": [_json(state, each.decision_id) for each in mine]}))


def _days(given: NewDecision, today: dt.date, weeks: int) -> tuple[dt.date, dt.date]:
    """The first day and the end. Raises the problem ``refused`` with every fault."""
    decided_on = dt.date.fromisoformat(given.decided_on) if given.decided_on else today
    latest = days_after(decided_on, 7 * weeks)
    valid_to = dt.date.fromisoformat(given.valid_to) if given.valid_to else latest
    faults = []
    if decided_on > today:
        faults.append(f"decided_on: a day up to today, {today}; it is {decided_on}.")
    if valid_to <= today:
        faults.append(f"valid_to: a day after today, {today}, or the decision never counts; it is {valid_to}.")
    if valid_to > latest:
        faults.append(f"valid_to: {latest} at the latest, {weeks} weeks after decided_on (a setting); it is {valid_to}.")
    if faults:
        raise Problem("refused", f"{len(faults)} fault(s); nothing was written.", faults=faults)
    return decided_on, valid_to


def _the_same(state: State, known: Stored, package_id: str, given: NewDecision) -> dict[str, Any]:
    """A decision that is recorded already. Raises the problem ``already_there`` where its id is that of another."""
    said = package_id, given.move, given.to_provider_id or "", given.decision
    if said != tuple(known.body[name] for name in ("package_id", "move", "to_provider_id", "decision")):
        raise Problem(ALREADY_THERE, "Another decision has this decision_id: give each an id of its own.")
    return _json(state, known.body["decision_id"])


def _json(state: State, decision_id: str) -> dict[str, Any]:
    stored = state.stock["decisions"][decision_id]
    told = record_json("decisions", stored.body)
    del told["extra"]
    return told | {"counts_today": stored.record.decided_on <= state.as_of < stored.record.valid_to}
