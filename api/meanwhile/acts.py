"""How whoever waits is safe until care begins: read, recorded, checked; and what is done where nobody can be asked, chosen by a
named person, with the price of a purchase approved by those who may. Nothing here asks a provider, and nothing ends care.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson

from api.acts.act import Caller, act, only
from api.http.conversion import columns_of
from api.http.errors import Problem, declare
from api.http.paging import Page
from api.http.responses import Shown, refuse_changed, require, shown, tag
from api.meanwhile.alerting import all_standings, look_at_answered
from api.meanwhile.answers import in_words, meanwhile_json, reserve_is_open, who_waits_json
from api.meanwhile.schemas import Approved, Checked, Choice, MeanwhileQuery, Plan
from api.offers.lapsing import sweep
from api.offers.problems import NOT_IN_THIS_STATE, package_index
from api.security.roles import ADMIN, PLANNER, SOCIAL_WORK, TRANSITION
from api.settings import MAY_APPROVE
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored, as_before, with_given
from optimiser.domain.dates import days_after
from optimiser.domain.records import Package
from optimiser.domain.words import pounds
from optimiser.judging.safe_meanwhile import Standing, most_harm_first

NO_RECORD_YET = declare("no_record_yet", 409, "Nothing is recorded yet of how this person is safe until care begins")
NOT_APPROVED = declare("not_approved", 409, "The price of a purchase has to be approved first")
RESERVE_NOT_OPEN = declare("reserve_not_open", 409, "The reserve is not open in this person's area")
WISH_NEEDED = declare("wish_needed", 422, "A direct payment needs what the person said: it is theirs to want")

READERS = only(PLANNER, SOCIAL_WORK, TRANSITION, ADMIN)
RECORDERS = only(PLANNER, SOCIAL_WORK, ADMIN)
WHERE_NAMED = "where the service's settings name the role"
OF_A_CHOICE = ("choice", "choice_until", "chosen_by", "choice_reason", "approved_by")


@act("meanwhile.list", READERS, writes=("meanwhile.list",))
def list_waiting(by: Caller, query: MeanwhileQuery) -> Page[bytes]:
    """Who waits and is to be looked at, most harm first."""
    before = by.store.state()
    listed = (each for each in all_standings(before).values() if _is_listed(before, each, query))
    page = by.page(listed, most_harm_first, query.limit, query.cursor)
    ids = [each.package_id for each in page.items]
    state = by.read("meanwhile.list", "packages", details={"package_ids": ids})
    still = all_standings(state)
    told = (who_waits_json(state, by.settings, still[each]) for each in ids if each in still)
    return Page([orjson.dumps(each) for each in told], page.next_cursor)


@act("meanwhile.read", READERS, writes=("meanwhile.read",))
def read(by: Caller, package_id: str) -> Shown:
    """How one person is safe until care begins, what is wrong with it, and what may be chosen."""
    package_index(by.store.state(), package_id)
    state = by.read("meanwhile.read", "packages", package_id)
    package_index(state, package_id)
    return _shown(by, state, package_id)


@act("meanwhile.record", RECORDERS, writes=("meanwhile.record", "alert.acknowledge"), changes=True)
def record(by: Caller, package_id: str, plan: Plan, if_match: str | None) -> Shown:
    """Where a person is, what holds until care begins and up to which day, who checks and when, and how the unpaid carer is."""
    with by.change() as change:
        person, stored = _waiting(change.state, package_id)
        (refuse_changed if stored is None else require)(if_match, _etag(stored))
        latest = _next_check(change.state, person)
        given = plan.cells()
        given["next_check"] = given.get("next_check") or latest.isoformat()
        faults = [*_not_after_today(change.state, "holds_until", given["holds_until"])]
        if not change.state.as_of <= dt.date.fromisoformat(given["next_check"]) <= latest:
            days = f"from today, {change.state.as_of}, to {latest}"
            faults.append(f"next_check: {days}, as the priority {person.priority} asks for.")
        _refuse(faults)
        given["recorded_at"] = change.clock.now().isoformat()
        _write(change, package_id, stored, given, "meanwhile.record")
        return _answered(by, change, package_id)


@act("meanwhile.check", RECORDERS, writes=("meanwhile.check", "alert.acknowledge"), changes=True)
def check(by: Caller, package_id: str, given: Checked, if_match: str | None) -> Shown:
    """Somebody has looked after a person who waits; the next check is due as the priority asks for."""
    with by.change() as change:
        person, stored = _waiting(change.state, package_id)
        stored = _recorded(stored)
        refuse_changed(if_match, _etag(stored))
        after = {"next_check": _next_check(change.state, person).isoformat()} | ({"carer": given.carer} if given.carer else {})
        _write(change, package_id, stored, after, "meanwhile.check", {"found": given.found})
        return _answered(by, change, package_id)


@act("meanwhile.choose", RECORDERS, writes=("meanwhile.choose", "alert.acknowledge"), changes=True)
def choose(by: Caller, package_id: str, given: Choice, if_match: str | None) -> Shown:
    """What is done where nobody can be asked is chosen, by whoever signs in, with the reason."""
    with by.change() as change:
        person, stored = _waiting(change.state, package_id)
        stored = _recorded(stored)
        require(if_match, _etag(stored))
        _refuse_choice(by, change.state, person, stored, given)
        after = dict.fromkeys(OF_A_CHOICE, "") | {"choice": given.choice, "choice_until": given.choice_until or ""}
        after |= {"chosen_by": by.actor.name, "choice_reason": given.reason, "wish": given.wish or ""}
        if given.choice == "purchase":
            after["approved_by"] = stored.body["approved_by"]
        else:
            after["approved_weekly_gbp"] = ""
        _write(change, package_id, stored, after, "meanwhile.choose")
        return _answered(by, change, package_id)


@act(
    "meanwhile.approve_price",
    dict.fromkeys(MAY_APPROVE, WHERE_NAMED),
    writes=("meanwhile.approve_price",),
    changes=True,
)
def approve_price(by: Caller, package_id: str, given: Approved) -> Shown:
    """The price of a purchase outside the frameworks is approved for a person; whoever approves learns nothing else of them."""
    may = [role for role in by.settings.purchase_approved_by if role in by.actor.roles]
    if not may:
        named = in_words(by.settings.purchase_approved_by)
        raise Problem("forbidden", f"The price of a purchase is approved by {named}; you have {', '.join(by.actor.roles)}.")
    price = pounds(int(given.weekly_cost_gbp * 100))
    with by.change() as change:
        _, stored = _waiting(change.state, package_id)
        after = {"approved_by": by.actor.name, "approved_weekly_gbp": price}
        actor = by.actor.using(may[0])
        body = with_given(_recorded(stored).body, after)
        put_checked(change, {("meanwhile", package_id): body})
        told = {"before": as_before(_recorded(stored).body, after), "after": after, "reason": given.reason}
        change.remember("meanwhile.approve_price", "packages", package_id, told, actor=actor)
    return shown({"package_id": package_id, "weekly_cost_gbp": price, "approved_by": by.actor.name})


def _is_listed(state: State, each: Standing, query: MeanwhileQuery) -> bool:
    here = query.area_id in (None, state.county.packages[state.county.package_index[each.package_id]].area_id)
    return here and (query.everybody or bool(each.wrong or each.clock or each.nobody_since))


def _waiting(state: State, package_id: str) -> tuple[Package, Stored | None]:
    """A person who waits, and what is recorded. Raises the problems ``not_found`` and ``not_in_this_state``."""
    person = state.county.packages[package_index(state, package_id)]
    if person.status != "new":
        raise Problem(NOT_IN_THIS_STATE, "Care has begun: nobody waits for it.")
    return person, state.get("meanwhile", package_id)


def _recorded(stored: Stored | None) -> Stored:
    if stored is None:
        raise Problem(NO_RECORD_YET, "Record first where the person is and what holds until care begins.")
    return stored


def _next_check(state: State, person: Package) -> dt.date:
    return days_after(state.as_of, state.snapshot.meanwhile_settings.check_days(person.priority))


def _not_after_today(state: State, name: str, cell: str | None) -> list[str]:
    if not cell or dt.date.fromisoformat(cell) > state.as_of:
        return []
    return [f"{name}: a day after today, {state.as_of}: the first one on which it no longer holds."]


def _refuse(faults: list[str]) -> None:
    if faults:
        raise Problem("refused", f"{len(faults)} fault(s); nothing was written.", faults=faults)


def _refuse_choice(by: Caller, state: State, person: Package, stored: Stored, given: Choice) -> None:
    """What the format cannot say of a choice: a day to come, an open reserve, an approved price, a person's own wish."""
    _refuse(_not_after_today(state, "choice_until", given.choice_until))
    if given.choice == "reserve" and not reserve_is_open(state, person.area_id):
        raise Problem(RESERVE_NOT_OPEN, f"The reserve is not open in {person.area_id}, or no reserve contract is in force there.")
    if given.choice == "purchase" and not stored.body.get("approved_by"):
        named = in_words(by.settings.purchase_approved_by)
        raise Problem(NOT_APPROVED, f"Its price is approved first, by {named}: POST …/meanwhile/price.")
    if given.choice == "direct_payment" and not given.wish:
        raise Problem(WISH_NEEDED, "Say under `wish` what the person said: a direct payment is for whoever wants it.")


def _write(
    change: Change, package_id: str, stored: Stored | None, after: dict[str, Any], action: str, more: dict[str, Any] | None = None
) -> None:
    """Write the record with its entry in the trail."""
    body = dict.fromkeys(columns_of("meanwhile"), "") if stored is None else stored.body
    put_checked(change, {("meanwhile", package_id): with_given(body, {"package_id": package_id, **after})})
    told = {"before": as_before(body, after), "after": after, **(more or {})}
    change.remember(action, "packages", package_id, told)


def _answered(by: Caller, change: Change, package_id: str) -> Shown:
    """How it stands now: the alerts that the deed has answered are looked at with it, and what is still wrong is alerted."""
    look_at_answered(change, package_id)
    return _shown(by, sweep(change, by.settings, change.as_if()), package_id)


def _etag(stored: Stored | None) -> str:
    return tag(0 if stored is None else stored.version)


def _shown(by: Caller, state: State, package_id: str) -> Shown:
    return shown(meanwhile_json(state, by.settings, package_id), _etag(state.get("meanwhile", package_id)))
