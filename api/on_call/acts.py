"""When somebody at a provider is on call: written down by the council, or declared by the provider and confirmed here."""

from __future__ import annotations

import orjson

from api.acts.act import Caller, act, only
from api.http.errors import Problem, declare
from api.http.paging import Page
from api.http.responses import Shown, refuse_changed, shown_whole
from api.on_call.declared_hours import (
    NOT_CONFIRMED,
    TO_CONFIRM,
    answered,
    body_of,
    declared_itself,
    in_force,
    keep,
    providers_to_confirm,
    refuse_unknown,
    told,
)
from api.on_call.schemas import Confirmed, NewOnCall, OnCallQuery, OwnHours
from api.own.whose import OWN, own_name, own_provider
from api.security.roles import ADMIN, CONTRACTS, PLANNER, TRANSITION
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import ON_CALL

NOTHING_WAITS = declare(
    "nothing_waits", 409, "The provider has declared nothing that waits to be confirmed, or has declared anew"
)
WHO_READS, WHO_WRITES = only(PLANNER, CONTRACTS, TRANSITION, ADMIN), only(PLANNER, CONTRACTS, ADMIN)


@act("on_call.read", WHO_READS)
def read(by: Caller, provider_id: str) -> Shown:
    """When somebody at a provider is on call, as it has declared."""
    return _shown(by.store.state(), provider_id)


@act("on_call.list", WHO_READS)
def list_declared(by: Caller, query: OnCallQuery) -> Page[bytes]:
    """Providers that have declared when they are on call, by id; or those alone whose own declaration waits for the council."""
    state = by.store.state()
    found = (
        providers_to_confirm(state) if query.to_confirm else sorted(state.stock[ON_CALL].keys() & state.stock["providers"].keys())
    )
    page = by.page(found, lambda each: (each,), query.limit, query.cursor)
    return Page([orjson.dumps(told(state, each)) for each in page.items], page.next_cursor)


@act("on_call.declare", WHO_WRITES, writes=("on_call.declare",), changes=True)
def declare_hours(by: Caller, provider_id: str, given: NewOnCall, if_match: str | None = None) -> Shown:
    """The hours in which a provider is on call are written down; offers made from then on never expire outside of them."""
    hours = [each.model_dump() for each in given.hours]
    with by.change() as change:
        refuse_changed(if_match, _shown(change.state, provider_id).etag)
        _count(change, provider_id, hours, given.declared_by, by.settings.clock.now().isoformat())
        return _shown(change.as_if(), provider_id)


@act("on_call.confirm", WHO_WRITES, writes=("on_call.confirm", "on_call.declare"), changes=True)
def confirm(by: Caller, provider_id: str, given: Confirmed) -> Shown:
    """What a provider has declared itself of its hours on call is confirmed, and counts from now on; or is not, for a reason."""
    with by.change() as change:
        state = change.state
        refuse_unknown(state, provider_id)
        asked = declared_itself(state, provider_id)
        if asked is None or asked["declared_at"] != given.declared_at:
            raise Problem(NOTHING_WAITS, "Read it again.")
        now = by.settings.clock.now().isoformat()
        said = {"declared_at": given.declared_at, "confirmed": given.confirmed, "reason": given.reason}
        change.remember("on_call.confirm", "providers", provider_id, said)
        if given.confirmed:
            _count(change, provider_id, asked["hours"], asked["declared_by"], now)
        else:
            why = {"hours": asked["hours"], "reason": given.reason, "answered_at": now}
            keep(change, provider_id, answered(body_of(state, provider_id)) | {NOT_CONFIRMED: why})
        return _shown(change.as_if(), provider_id)


@act("own.on_call", OWN)
def read_own(by: Caller) -> Shown:
    """When somebody at the provider is on call, as it stands with the council, and what of it waits to be confirmed."""
    state = by.store.state()
    return _shown(state, own_provider(by, state).provider_id)


@act("own.declare_on_call", OWN, writes=("own.declare_on_call", "on_call.declare"), changes=True)
def declare_own(by: Caller, given: OwnHours, if_match: str | None = None) -> Shown:
    """The provider declares when it is on call; where the council has set so, it counts once the council has confirmed it."""
    provider_id = own_provider(by, by.store.state()).provider_id
    hours, now = [each.model_dump() for each in given.hours], by.settings.clock.now().isoformat()
    with by.change() as change:
        refuse_changed(if_match, _shown(change.state, provider_id).etag)
        body = body_of(change.state, provider_id)
        if hours == body.get(TO_CONFIRM, body)["hours"] and NOT_CONFIRMED not in body:
            return _shown(change.state, provider_id)  # the same again is nothing
        waits = by.settings.on_call_confirmed and hours != body["hours"]
        said = {"before": body["hours"], "declared": hours, "declared_at": now, "waits": waits}
        change.remember("own.declare_on_call", "providers", provider_id, said)
        if not by.settings.on_call_confirmed:
            _count(change, provider_id, hours, own_name(by), now)
        elif waits:
            asked = {"hours": hours, "declared_by": own_name(by), "declared_at": now}
            keep(change, provider_id, answered(body) | {TO_CONFIRM: asked})
        else:  # what counts already: nothing else waits
            keep(change, provider_id, answered(body))
        return _shown(change.as_if(), provider_id)


def _count(change: Change, provider_id: str, hours: list[dict[str, str]], declared_by: str, now: str) -> None:
    """From now on these hours count for offers that are made."""
    body = body_of(change.state, provider_id)
    keep(change, provider_id, in_force(body, hours, declared_by, now))
    if hours or body["hours"]:
        said = {"before": body["hours"], "after": hours, "declared_by": declared_by}
        change.remember("on_call.declare", "providers", provider_id, said)


def _shown(state: State, provider_id: str) -> Shown:
    refuse_unknown(state, provider_id)
    return shown_whole(told(state, provider_id))
