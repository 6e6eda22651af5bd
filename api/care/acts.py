"""Care begins, is held during a stay in hospital, begins again, and ends: each the recorded act of a named person. And alerts,
and how both are answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from api.acts.act import Caller, Size, act, only
from api.answers.before_care import refuse_without_a_yes
from api.care.ending import end_care
from api.care.schemas import Alert, Alerts, End, Ended, Situation, Start
from api.first_visits.expecting import confirm_inside, expect, nobody_comes_since, starts_of
from api.http.errors import Problem
from api.http.responses import refuse_changed
from api.meanwhile.alerting import look_at_answered
from api.offers import alerts
from api.offers.alerts import HOLD_RAN_OUT, OF_CARE, OF_RUNNING_CARE, SENTENCES, look_at_all, turn_of
from api.offers.lapsing import past_holds, sweep
from api.offers.problems import NOT_IN_THIS_STATE, package_index
from api.packages.answers import tag_of
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.state.state import State
from api.state.store import Change
from optimiser.judging.first_visits import RESUMED, STARTED

SUPERSEDED = "before a restart"
SOURCING = only(PLANNER, ADMIN)


@act("care.start", SOURCING, writes=("package.start", "first_visit.confirm", "alert.acknowledge"), changes=True)
def start(by: Caller, package_id: str, given: Start, if_match: str | None = None) -> Situation:
    """Care has begun under the accepted contract; without a day: today. With its first visit, where the provider has said so."""
    on = given.care_started or by.settings.clock.today()

    def does(change: Change, state: State) -> bool:
        changed = _start(change, state, package_id, on)
        if given.first_visit_at is not None and given.said_by is not None:
            confirm_inside(change, by.settings, package_id, given.first_visit_at, given.said_by, given.how)
        return changed

    return _done(by, package_id, does, if_match)


@act("care.hold", SOURCING, writes=("package.hold", "alert.acknowledge"), changes=True)
def hold(by: Caller, package_id: str, held_until: dt.date, if_match: str | None = None) -> Situation:
    """A stay in hospital: contract and hours are kept until a date."""
    return _done(by, package_id, lambda change, state: _hold(change, state, package_id, held_until), if_match)


@act(
    "care.restart",
    SOURCING,
    writes=("package.resume", "package.restart", "offer.withdrawn", "alert.acknowledge"),
    changes=True,
)
def restart(by: Caller, package_id: str, start_by: dt.date | None, *, resumes: bool, if_match: str | None = None) -> Situation:
    """Care on hold goes on as it was, or is asked for anew; without a day: from today."""
    day = start_by or by.settings.clock.today()
    if resumes:
        return _done(by, package_id, lambda change, state: _resume(change, state, package_id), if_match)
    return _done(by, package_id, lambda change, state: _ask_again(change, state, package_id, day), if_match)


@act(
    "care.end",
    SOURCING,
    writes=("package.end", "package.add", "package.change", "alert.acknowledge"),
    changes=True,
    takes=Size.LIST,
)
def end(by: Caller, package_id: str, given: End, if_match: str | None = None) -> Ended:
    """Care ends, or is no longer asked for: the records leave the county, the audit trail keeps them.

    Where the need remains, it is asked for anew at once.
    """
    with by.change() as change:
        if change.state.get("packages", package_id) is not None:  # to end twice what has ended changes nothing
            refuse_changed(if_match, tag_of(change.state, package_id))
        new_package_id = end_care(change, sweep(change, by.settings), package_id, given)
        look_at_all(change, package_id, OF_CARE)
        after = change.as_if()
    return Ended(**situation(after, package_id).model_dump(), new_package_id=new_package_id)


@act("alerts.list", only(PLANNER, TRANSITION, ADMIN), writes=("alerts.list",))
def list_alerts(
    by: Caller, cursor: str | None, limit: int | None, *, acknowledged: bool, package_id: str | None = None
) -> Alerts:
    """What somebody has to look at, or has looked at: first whoever may not be safe until care begins."""
    bodies = [stored.body for stored in by.store.state().stock["alerts"].values()]
    wanted = (
        body for body in bodies if bool(body["acknowledged_by"]) == acknowledged and package_id in (None, body["package_id"])
    )
    page = by.page(wanted, lambda body: (turn_of(body["kind"]), body["at"], body["alert_id"]), limit, cursor)
    state = by.read("alerts.list", "alerts", details={"package_ids": sorted({body["package_id"] for body in page.items} - {""})})
    found = (state.get("alerts", body["alert_id"]) for body in page.items)
    return Alerts(items=[alert_of(stored.body) for stored in found if stored is not None], next_cursor=page.next_cursor)


@act("alerts.acknowledge", SOURCING, writes=("alert.acknowledge",), changes=True)
def acknowledge(by: Caller, alert_id: str) -> Alert:
    """Somebody has looked at an alert; the first who says so is recorded."""
    with by.change() as change:
        stored = change.state.get("alerts", alert_id)
        if stored is None:
            raise Problem("not_found", "There is no alert of this id.")
        body = alerts.acknowledge(change, alert_id, stored.body)
    return alert_of(body)


def _done(by: Caller, package_id: str, does: Callable[[Change, State], bool], if_match: str | None) -> Situation:
    """Do something to a package; the same again changes nothing. ``if_match``: the tag of the package as it was read, if told."""
    with by.change() as change:
        before = change.state
        if does(change, sweep(change, by.settings)):
            refuse_changed(if_match, tag_of(before, package_id))  # nothing is written where it raises
        look_at_answered(change, package_id)
        _look_at_hold(change, package_id)
        after = change.as_if()
    return situation(after, package_id)


def _look_at_hold(change: Change, package_id: str) -> None:
    """A deed after which no day is past up to which hours are kept has answered the alert that one was."""
    state = change.as_if()
    if package_id not in {each.package_id for each in past_holds(state)}:
        look_at_all(change, package_id, (HOLD_RAN_OUT,))


def _start(change: Change, state: State, package_id: str, on: dt.date) -> bool:
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
    refuse_without_a_yes(state, person, state.county.provider(contract).provider_id)
    contract_id = state.county.contracts[contract].contract_id
    begun = {
        "status": "active",
        "contract_id": contract_id,
        "care_started": on.isoformat(),
        "previous_contract_id": "",
        "held_until": "",
    }
    _write(change, state, package_id, begun | _no_first_visit(state, package_id), "package.start")
    expect(change, state, package_id, contract_id, STARTED, starts_of(on))
    return True


def _no_first_visit(state: State, package_id: str) -> dict[str, str]:
    """What is recorded of a first visit was of care before."""
    return {"first_visit_at": ""} if state.stock["packages"][package_id].body.get("first_visit_at") else {}


def _hold(change: Change, state: State, package_id: str, until: dt.date) -> bool:
    """A stay in hospital: contract and hours are kept until a date; False when that is recorded already."""
    person = state.county.packages[package_index(state, package_id)]
    if person.status != "active":
        raise Problem(NOT_IN_THIS_STATE, "Only running care can be held.")
    if person.held_until == until:
        return False
    if until <= state.as_of:
        raise Problem(NOT_IN_THIS_STATE, "A hold ends after today.")
    if person.held_until is None:
        nobody_comes_since(change, state, package_id, state.as_of)
    _write(change, state, package_id, {"held_until": until.isoformat()}, "package.hold")
    return True


def _resume(change: Change, state: State, package_id: str) -> bool:
    """The provider who kept the hours goes on with the care as it was; False when it runs already."""
    person = state.county.packages[package_index(state, package_id)]
    if person.status != "active":
        raise Problem(NOT_IN_THIS_STATE, "Its care is not running: ask its previous provider by an offer.")
    if person.held_until is None:
        return False
    _write(change, state, package_id, {"held_until": ""}, "package.resume")
    expect(change, state, package_id, person.contract_id, RESUMED, change.clock.moment())
    return True


def _ask_again(change: Change, state: State, package_id: str, start_by: dt.date) -> bool:
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
    _write(change, state, package_id, asked_again | _no_first_visit(state, package_id), "package.restart")
    look_at_all(change, package_id, OF_RUNNING_CARE)
    return True


def _latest(change: Change, offered_at: dt.datetime) -> str:
    return max(change.clock.now(), offered_at).isoformat()


def _write(change: Change, state: State, package_id: str, cells: dict[str, str], action: str) -> None:
    body = state.stock["packages"][package_id].body
    before = {name: body.get(name, "") for name in cells}
    change.put("packages", package_id, body | cells)
    change.remember(action, "packages", package_id, {"before": before, "after": cells})


def situation(state: State, package_id: str) -> Situation:
    """Where a package stands; ended where it is no more."""
    stored = state.get("packages", package_id)
    if stored is None:
        return Situation(package_id=package_id, situation="ended", contract_id=None, care_started=None, held_until=None)
    package = state.county.package_index[package_id]
    now_on = state.entry.contracts[package]
    return Situation(
        package_id=package_id,
        situation=state.situation_of(package),  # type: ignore[arg-type]
        contract_id=None if now_on is None else state.county.contracts[now_on].contract_id,
        care_started=stored.record.care_started,
        held_until=stored.record.held_until,
    )


def alert_of(body: dict[str, Any]) -> Alert:
    moments = {name: body[name] and dt.datetime.fromisoformat(body[name]) for name in ("at", "acknowledged_at")}
    return Alert(**{**body, **moments, "sentence": SENTENCES[body["kind"]]})
