"""First visits are listed, confirmed by who at the provider says so, and agreed for later where the handover is later."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson

from api.acts.act import Caller, act, only
from api.first_visits.expecting import confirm_inside, not_confirmed
from api.first_visits.schemas import Agreed, Confirmation, FirstVisit, FirstVisitsQuery
from api.http.errors import Problem
from api.http.paging import Page
from api.http.responses import Shown, shown
from api.offers.alerts import look_at_all
from api.offers.lapsing import sweep
from api.offers.problems import NOT_IN_THIS_STATE, package_index
from api.security.roles import ADMIN, PLANNER, SOCIAL_WORK, TRANSITION
from api.state.state import State
from api.state.stored_records import FIRST_VISITS, Body, as_before
from optimiser.domain.dates import days_after, instant_of, wall_clock
from optimiser.judging.first_visits import FIRST_VISIT_NOT_CONFIRMED, MOVED, confirm_by
from optimiser.judging.first_visits import FirstVisit as Waited

WHO_CONFIRMS = only(PLANNER, TRANSITION, ADMIN)


@act("first_visits.list", only(PLANNER, TRANSITION, SOCIAL_WORK, ADMIN), writes=("first_visits.list",))
def list_not_confirmed(by: Caller, query: FirstVisitsQuery) -> Page[bytes]:
    """First visits that nobody has said took place, the longest due first."""
    before, now = by.store.state(), by.settings.clock.moment()
    county = before.county
    here = (
        each
        for each in not_confirmed(before)
        if query.area_id in (None, county.packages[county.package_index[each.package_id]].area_id)
        and query.package_id in (None, each.package_id)
        and (each.is_late(now) or not query.late)
    )
    page = by.page(here, lambda each: (each.due_at.isoformat(), each.package_id), query.limit, query.cursor)
    ids = [each.package_id for each in page.items]
    state = by.read("first_visits.list", "packages", details={"package_ids": ids})
    still = {each.package_id: each for each in not_confirmed(state)}
    return Page([orjson.dumps(_line(state, still[each], now)) for each in ids if each in still], page.next_cursor)


@act("first_visits.confirm", WHO_CONFIRMS, writes=("first_visit.confirm", "alert.acknowledge"), changes=True)
def confirm(by: Caller, package_id: str, given: Confirmation) -> Shown:
    """The provider has said that the first visit took place: when, who said so, and how."""
    with by.change() as change:
        sweep(change, by.settings)
        body = confirm_inside(change, by.settings, package_id, given.first_visit_at, given.said_by, given.how)
        return shown(_json(sweep(change, by.settings, change.as_if()), body))


@act("first_visits.agree", WHO_CONFIRMS, writes=("first_visit.agree", "alert.acknowledge"), changes=True)
def agree(by: Caller, package_id: str, given: Agreed) -> Shown:
    """The first visit is agreed for another moment, as the handover is; until then the provider before it comes.

    Where none does, it is agreed for tomorrow at most, as a rule, and who was alerted that nobody came stays so.
    """
    with by.change() as change:
        state = sweep(change, by.settings)
        package_index(state, package_id)
        if package_id not in {each.package_id for each in not_confirmed(state)}:
            raise Problem(NOT_IN_THIS_STATE, "No first visit of this person is waited for.")
        body = state.stock[FIRST_VISITS][package_id].body
        _refuse(by, state, dt.datetime.fromisoformat(given.due_at), body["why"])
        due_at = instant_of(dt.datetime.fromisoformat(given.due_at))
        after = {"due_at": due_at.isoformat(), "agreed": {"by": by.actor.name, "reason": given.reason}}
        change.put(FIRST_VISITS, package_id, body | after)
        change.remember("first_visit.agree", "packages", package_id, {"before": as_before(body, after), "after": after})
        if body["why"] == MOVED:
            look_at_all(change, package_id, (FIRST_VISIT_NOT_CONFIRMED,))
        return shown(_json(change.as_if(), body | after))


def _refuse(by: Caller, state: State, due: dt.datetime, why: str) -> None:
    """Raise a ``Problem`` where a first visit may not be agreed for a moment that is so late."""
    now, settings = by.settings.clock.now(), state.snapshot.meanwhile_settings
    name = "first_visit_agreed_days" if why == MOVED else "first_visit_agreed_days_alone"
    most = int(getattr(settings, name))
    if not now < due < dt.datetime.combine(days_after(now.date(), most + 1), dt.time()):
        told = f"due_at: a moment after now, and at most {most} day(s) ahead ({name})"
        nobody = "." if why == MOVED else ": no provider before it comes until then; a stay in hospital is recorded as one."
        raise Problem("refused", "1 fault(s); nothing was written.", faults=[told + nobody])


def _line(state: State, each: Waited, now: dt.datetime) -> dict[str, Any]:
    """A line of the list."""
    person = state.county.packages[state.county.package_index[each.package_id]]
    return {
        "package_id": each.package_id,
        "area_id": person.area_id,
        "priority": person.priority,
        "provider_id": each.provider_id,
        "why": each.why,
        "due_at": wall_clock(each.due_at).isoformat(),
        "confirm_by": wall_clock(each.confirm_by).isoformat(),
        "late": each.is_late(now),
    }


def _json(state: State, body: Body) -> dict[str, Any]:
    due = None if body["due_at"] is None else dt.datetime.fromisoformat(body["due_at"])
    hours = state.snapshot.meanwhile_settings.first_visit_hours
    moments = (None, None) if due is None else (due, confirm_by(due, hours))
    due_at, by = (None if each is None else wall_clock(each).isoformat() for each in moments)
    agreed = None if body["agreed"] is None else body["agreed"]["reason"]
    told = {name: body[name] for name in FirstVisit.model_fields if name in body}
    return told | {"due_at": due_at, "confirm_by": by, "agreed": agreed}
