"""What a person asks about their data is recorded, and closed with what was done: nothing is lost on somebody's desk.

An objection changes nothing by itself, neither who is asked nor anybody's care: it is told to whoever plans for the person, and a
named person decides.
"""

from __future__ import annotations

import secrets

import orjson

from api.acts.act import Caller, act, only
from api.http.errors import Problem, declare
from api.http.responses import Shown, shown
from api.offers.alerts import CORRECTION_ASKED, PERSON_OBJECTED, Occasion, acknowledge, alert
from api.offers.problems import NOT_IN_THIS_STATE
from api.rights.open_requests import requests_of
from api.rights.schemas import CORRECTION, OUTCOMES, Closing, NewRequest, RightsRequest
from api.security.roles import ADMIN, PLANNER, SOCIAL_WORK, TRANSITION
from api.state.known_people import was_known
from api.state.store import Change
from api.state.stored_records import RIGHTS, Body
from optimiser.domain.dates import days_after

ANOTHER_OUTCOME = declare("another_outcome", 422, "This is no outcome of such a request")
WHO = only(PLANNER, SOCIAL_WORK, TRANSITION, ADMIN)
NOT_YET = dict.fromkeys(("outcome", "done", "closed_by", "closed_at"))


@act("rights.record", WHO, writes=("rights.record",), changes=True)
def record(by: Caller, package_id: str, given: NewRequest) -> Shown:
    """A person says that something held of them is wrong, or objects to its use: recorded, and a named person is asked."""
    with by.change() as change:
        _refuse_unknown(change, package_id)
        request_id = f"Q-{secrets.token_hex(8)}"
        body: Body = {
            "request_id": request_id,
            "package_id": package_id,
            **given.model_dump(),
            "recorded_by": by.actor.name,
            "recorded_at": by.settings.clock.now().isoformat(),
            "answer_by": days_after(by.settings.clock.today(), by.settings.rights_answer_days).isoformat(),
            **NOT_YET,
        }
        change.put(RIGHTS, request_id, body)
        change.remember("rights.record", "packages", package_id, {"after": body})
        alert(change, Occasion(CORRECTION_ASKED if given.kind == CORRECTION else PERSON_OBJECTED, package_id, request_id))
    return shown(body)


@act("rights.close", WHO, writes=("rights.close", "alert.acknowledge"), changes=True)
def close(by: Caller, package_id: str, request_id: str, given: Closing) -> Shown:
    """A request of a person's is closed: what came of it, what was done or why nothing was, and by whom."""
    with by.change() as change:
        stored = change.state.get(RIGHTS, request_id)
        if stored is None or stored.body["package_id"] != package_id:
            raise Problem("not_found", "This person has no request of this id.")
        if stored.body["outcome"] is not None:
            raise Problem(NOT_IN_THIS_STATE, "It is closed already: record what is asked now as a request of its own.")
        possible = OUTCOMES[stored.body["kind"]]
        if given.outcome not in possible:
            raise Problem(ANOTHER_OUTCOME, f"The outcome of a {stored.body['kind']} is {' or '.join(possible)}.")
        after = {**given.model_dump(), "closed_by": by.actor.name, "closed_at": by.settings.clock.now().isoformat()}
        body = stored.body | after
        change.put(RIGHTS, request_id, body)
        change.remember("rights.close", "packages", package_id, {"request_id": request_id, "after": after})
        _look_at(change, request_id)
    return shown(body)


@act("rights.of_package", WHO, writes=("rights.read",))
def read_of_package(by: Caller, package_id: str) -> Shown:
    """What one person has asked about their data, the earliest first, and what came of it."""
    before = by.store.state()
    if before.get("packages", package_id) is None and not requests_of(before, package_id):
        raise Problem("not_found", "There is no package of this id, or nobody has asked anything of the kind.")
    state = by.read("rights.read", "packages", package_id)
    items = [RightsRequest(**body).model_dump() for body in requests_of(state, package_id)]
    return Shown(orjson.dumps({"items": items}))


def _refuse_unknown(change: Change, package_id: str) -> None:
    """Whoever has care, waits, or had it has the right; of whoever is forgotten there is nothing left to put right."""
    if not was_known(change.connection, package_id):
        raise Problem("not_found", "There is no package of this id.")


def _look_at(change: Change, request_id: str) -> None:
    """Whatever was alerted about a request counts as looked at by whoever closes it."""
    for alert_id, stored in sorted(change.as_if().stock["alerts"].items()):
        if stored.body.get("about") == request_id:
            acknowledge(change, alert_id, stored.body)
