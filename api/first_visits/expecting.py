"""Which first visits are due, and what is recorded once a provider says that somebody came. One record a package, kept here
alone: the newest start or change of provider replaces what was due before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from api.enhanced.support_clocks import look_at_support
from api.http.errors import Problem
from api.offers.alerts import Occasion, look_at_all
from api.offers.problems import NOT_IN_THIS_STATE, package_index
from api.settings import Settings
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import FIRST_VISITS, Body, as_before
from optimiser.county import NOWHERE
from optimiser.domain.dates import instant_of, wall_clock
from optimiser.domain.records import ENHANCED_HOME_SUPPORT, Package
from optimiser.judging.first_visits import FIRST_VISIT_NOT_CONFIRMED, MOVED, RESUMED, FirstVisit, confirm_by, first_due

AWAY_SINCE, NOT_BEFORE = "away_since", "not_before"
"""Kept with a first visit to judge it by: the day on which a stay in hospital was recorded, and the first on which a visit can be
the first after it."""
NOT_CONFIRMED: Body = dict.fromkeys(("first_visit_at", "said_by", "how", "confirmed_by", "confirmed_at"))


def expect(change: Change, state: State, package_id: str, contract_id: str, why: str, since: dt.datetime) -> None:
    """From a moment on (in UTC) somebody has to come, for the first time under this contract."""
    due_at = first_due(state.visits_of.get(package_id, ()), since, nobody_comes=why == RESUMED)
    provider_id = state.stock["contracts"][contract_id].record.provider_id
    body: Body = {"package_id": package_id, "provider_id": provider_id, "why": why, "due_at": due_at.isoformat(), "agreed": None}
    before = state.get(FIRST_VISITS, package_id)
    if why == RESUMED and before is not None and (away_since := before.body.get(AWAY_SINCE)):
        body[NOT_BEFORE] = away_since
    change.put(FIRST_VISITS, package_id, body | NOT_CONFIRMED)


def nobody_comes_since(change: Change, state: State, package_id: str, day: dt.date) -> None:
    """A stay in hospital is recorded, on a day: whoever came before it did not come for the first time after it."""
    stored = state.get(FIRST_VISITS, package_id)
    body = _not_awaited(state, package_id) if stored is None else stored.body
    change.put(FIRST_VISITS, package_id, body | {AWAY_SINCE: day.isoformat()})


def cells_of_a_move(body: Body, person: Package) -> dict[str, str]:
    """What becomes of a first visit that is recorded when the provider changes: it was another's.

    The clock of enhanced home support goes on as it was: nobody's 72 hours begin anew.
    """
    if person.service != ENHANCED_HOME_SUPPORT:
        return {"first_visit_at": ""} if body.get("first_visit_at") else {}
    if person.first_visit_at is None and person.care_started is not None:
        return {"first_visit_at": dt.datetime.combine(person.care_started, dt.time()).isoformat()}
    return {}


def confirm_inside(change: Change, settings: Settings, package_id: str, at: str, said_by: str, how: str | None) -> Body:
    """The provider has said that somebody came, at a moment on London's wall clock. Raises a ``Problem``."""
    state = change.as_if()
    person = state.county.packages[package_index(state, package_id)]
    if person.status != "active":
        raise Problem(NOT_IN_THIS_STATE, "Its care has not begun: record the start, with its first visit.")
    told = {"first_visit_at": at, "said_by": said_by, "how": how}
    stored = state.get(FIRST_VISITS, package_id)
    body = _not_awaited(state, package_id) if stored is None else stored.body
    if all(body[name] == value for name, value in told.items()):
        return body
    _refuse(settings, person, dt.datetime.fromisoformat(at), body.get(NOT_BEFORE))
    after = {**told, "confirmed_by": change.actor.name, "confirmed_at": settings.clock.now().isoformat()}
    change.put(FIRST_VISITS, package_id, body | after)
    if not (person.service == ENHANCED_HOME_SUPPORT and body["why"] in (MOVED, RESUMED)):  # its clock goes on
        put_checked(change, {("packages", package_id): state.stock["packages"][package_id].body | {"first_visit_at": at}})
        look_at_support(change, settings, package_id)  # its clock begins then, and not when it was thought to
    details = {"provider_id": body["provider_id"], "before": as_before(body, after), "after": after}
    change.remember("first_visit.confirm", "packages", package_id, details)
    look_at_all(change, package_id, (FIRST_VISIT_NOT_CONFIRMED,))
    return body | after


def _not_awaited(state: State, package_id: str) -> Body:
    """Of somebody whose care had begun when the county was loaded: no visit was waited for."""
    provider = state.county.provider(int(state.county.running_on[state.county.package_index[package_id]]))
    body: Body = {"package_id": package_id, "provider_id": provider.provider_id, "why": None, "due_at": None, "agreed": None}
    return body | NOT_CONFIRMED


def _refuse(settings: Settings, person: Package, at: dt.datetime, not_before: str | None) -> None:
    faults = []
    if instant_of(at) > settings.clock.moment():
        faults.append("first_visit_at: a moment up to now: confirm it once somebody has come.")
    if person.care_started is not None and at.date() < person.care_started:
        faults.append(f"first_visit_at: a moment from {person.care_started} on, when care with this provider began.")
    if not_before is not None and at.date() < dt.date.fromisoformat(not_before):
        faults.append(f"first_visit_at: a moment from {not_before} on, when the stay in hospital was recorded.")
    if faults:
        raise Problem("refused", f"{len(faults)} fault(s); nothing was written.", faults=faults)


def not_confirmed(state: State) -> list[FirstVisit]:
    """The first visits that are due, or will be, and that nobody has said took place; the earliest first.

    Care that is on hold, has ended or has gone elsewhere since waits for none.
    """
    return state.once("first_visits", lambda: sorted(_not_confirmed(state), key=lambda each: (each.due_at, each.package_id)))


def _not_confirmed(state: State) -> Iterator[FirstVisit]:
    county, hours = state.county, state.snapshot.meanwhile_settings.first_visit_hours
    for package_id, stored in state.stock[FIRST_VISITS].items():
        body, package = stored.body, county.package_index.get(package_id)
        if package is None or body["due_at"] is None or body["first_visit_at"] is not None:
            continue
        contract = int(county.running_on[package])
        with_them = contract != NOWHERE and county.provider(contract).provider_id == body["provider_id"]
        if with_them and county.packages[package].held_until is None:
            due_at = dt.datetime.fromisoformat(body["due_at"])
            yield FirstVisit(package_id, body["provider_id"], body["why"], due_at, confirm_by(due_at, hours))


def late_first_visits(state: State, settings: Settings) -> Iterator[Occasion]:
    """Those that are to be alerted and have not been."""
    now = settings.clock.moment()
    for each in not_confirmed(state):
        occasion = Occasion(FIRST_VISIT_NOT_CONFIRMED, each.package_id, wall_clock(each.due_at).isoformat())
        if each.is_late(now) and occasion.alert_id not in state.stock["alerts"] and not _still_alerted(state, each.package_id):
            yield occasion


def _still_alerted(state: State, package_id: str) -> bool:
    """Whether the alert of the same first visit is open, from before another moment was agreed for it."""
    return state.stock[FIRST_VISITS][package_id].body["agreed"] is not None and any(
        stored.body["kind"] == FIRST_VISIT_NOT_CONFIRMED
        and stored.body.get("package_id") == package_id
        and not stored.body["acknowledged_by"]
        for stored in state.stock["alerts"].values()
    )


def starts_of(day: dt.date) -> dt.datetime:
    """The first moment of a day in London, in UTC."""
    return instant_of(dt.datetime.combine(day, dt.time()))
