"""Free hours are told for a provider, or by it; they are listed and withdrawn, and held against its answers for it to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from api.acts.act import Caller, Size, act, only
from api.capacity_returns.asking_providers import asked_last, told_last, untold
from api.capacity_returns.disagreeing import disagreements
from api.capacity_returns.schemas import DisagreementsQuery, Free, NewReturn, ReturnsQuery, ReturnTold, Withdrawal
from api.capacity_returns.sent_returns import read_returns
from api.capacity_returns.told_hours import FreeHours, has_lapsed, lines_of, return_json, returns, sentence, told_on
from api.capacity_returns.told_returns import BY_FILE, BY_ITSELF, BY_SOMEBODY, Told, faults_of, keep, refuse
from api.http.errors import Problem
from api.http.paging import Page
from api.http.responses import Shown, refuse_changed, shown, shown_whole
from api.http.strict import Query
from api.own.whose import OWN, own_name, own_provider
from api.security.roles import ADMIN, CONTRACTS, PLANNER, TRANSITION
from api.state.state import State
from api.state.stored_records import CAPACITY_RETURNS

WHO_TELLS = only(CONTRACTS, PLANNER, ADMIN)
TOLD = ("capacity.told",)


@act("capacity_returns.tell", WHO_TELLS, writes=TOLD, changes=True)
def tell(by: Caller, given: NewReturn, if_match: str | None = None) -> Shown:
    """A provider has told its free hours today, and a person writes them down; they replace what it told before.

    ``if_match``: the tag of what ``read`` has answered, where it need be so still.
    """
    said = {"said_by": given.said_by or "", "how": given.how or ""}

    def unchanged(state: State) -> None:
        refuse_changed(if_match, _last(state, given.provider_id).etag)

    return _tell(by, given.provider_id, BY_SOMEBODY, given.free, unchanged, **said)


@act("own.tell_capacity", OWN, writes=TOLD, changes=True)
def tell_own(by: Caller, given: ReturnTold, if_match: str | None = None) -> Shown:
    """Somebody at a provider tells its free hours themselves; they replace what it told before.

    ``if_match``: the tag of what ``read_own`` has answered, where it need be so still.
    """
    provider_id = own_provider(by, by.store.state()).provider_id

    def unchanged(state: State) -> None:
        refuse_changed(if_match, _own_last(state, provider_id).etag)

    return _tell(by, provider_id, BY_ITSELF, given.free, unchanged, said_by=own_name(by), how="portal")


@act("capacity_returns.take_file", WHO_TELLS, writes=TOLD, changes=True, takes=Size.LIST)
def take_file(by: Caller, folder: Path) -> Shown:
    """A file with the returns of many providers is taken, such as an export for the capacity tracker; whole, or not at all."""
    done: dict[str, list[str]] = {"taken": [], "same": [], "older": []}
    with by.change() as change:
        state = change.state
        for sent in read_returns(folder, state, by.settings.capacity_map):
            known = state.get(CAPACITY_RETURNS, sent.provider_id)
            if known is not None and known.body["told_on"] > sent.told_on:
                done["older"].append(sent.provider_id)
                continue
            told = Told(sent.provider_id, sent.told_on, BY_FILE, sent.lines, sent.said_by)
            done["taken" if keep(change, by.settings, told) else "same"].append(sent.provider_id)
    return shown(done)


@act("own.take_capacity_file", OWN, writes=TOLD, changes=True, takes=Size.LIST)
def take_own_file(by: Caller, folder: Path) -> Shown:
    """A provider sends its own free hours in a file, such as its export for the capacity tracker; of its own places alone."""
    provider_id = own_provider(by, by.store.state()).provider_id
    came = "told"
    with by.change() as change:
        state = change.state
        known = state.get(CAPACITY_RETURNS, provider_id)
        for sent in read_returns(folder, state, by.settings.capacity_map, provider_id):
            if known is not None and known.body["told_on"] > sent.told_on:
                came = "older"
                continue
            told = Told(provider_id, sent.told_on, BY_ITSELF, sent.lines, own_name(by), "portal")
            came = "told" if keep(change, by.settings, told) else "same"
        after = change.as_if()
    stored = after.get(CAPACITY_RETURNS, provider_id)
    last = None if stored is None else _own(return_json(after, stored.body))
    return shown({"came_of_it": came, "last": last})


@act("capacity_returns.list", only(CONTRACTS, PLANNER, TRANSITION, ADMIN))
def list_returns(by: Caller, query: ReturnsQuery) -> Page[bytes]:
    """What providers have told last, by provider, and whom to ask again. It tells of nobody who has care."""
    state = by.store.state()
    found = [
        body
        for body in returns(state)
        if query.provider_id in (None, body["provider_id"])
        and (query.area_id is None or any(each.area_id in ("", query.area_id) for each in lines_of(body)))
        and (has_lapsed(state, body) or not query.ask_again)
    ]
    page = by.page(found, lambda body: (body["provider_id"],), query.limit, query.cursor)
    return Page([orjson.dumps(return_json(state, each)) for each in page.items], page.next_cursor)


@act("capacity_returns.read", only(CONTRACTS, PLANNER, TRANSITION, ADMIN))
def read(by: Caller, provider_id: str) -> Shown:
    """What a provider has told last, or that it has told nothing."""
    state = by.store.state()
    if state.get("providers", provider_id) is None:
        raise Problem("not_found", "There is no provider of this id.")
    return _last(state, provider_id)


@act("capacity_returns.untold", only(CONTRACTS, PLANNER, ADMIN))
def list_untold(by: Caller, query: Query) -> Page[bytes]:
    """Providers with a contract in force that have told no free hours that count: what they told last, and when asked."""
    state = by.store.state()
    page = by.page(untold(state), lambda each: (each,), query.limit, query.cursor)
    return Page([orjson.dumps(_untold(state, each)) for each in page.items], page.next_cursor)


@act("capacity_returns.disagreements", only(CONTRACTS, ADMIN))
def list_disagreements(by: Caller, query: DisagreementsQuery) -> Page[bytes]:
    """Providers that told free hours and then declined for want of room: to be told to each of them first, and to nobody else."""
    state = by.store.state()
    found = [each for each in disagreements(state) if query.provider_id in (None, each)]
    page = by.page(found, lambda each: (each,), query.limit, query.cursor)
    return Page([orjson.dumps(_to_be_told(state, each)) for each in page.items], page.next_cursor)


@act("capacity_returns.withdraw", WHO_TELLS, writes=("capacity.withdrawn",), changes=True)
def withdraw(by: Caller, provider_id: str, given: Withdrawal) -> Shown:
    """A return counts no longer, for a reason: it was somebody else's, or nobody stands by it."""
    with by.change() as change:
        stored = change.state.get(CAPACITY_RETURNS, provider_id)
        if stored is None:
            raise Problem("not_found", "Nothing that this provider has told counts.")
        change.remove(CAPACITY_RETURNS, provider_id)
        told = {"before": stored.body, "reason": given.reason}
        change.remember("capacity.withdrawn", "providers", provider_id, told)
    return shown({"provider_id": provider_id})


@act("own.capacity", OWN)
def read_own(by: Caller) -> Shown:
    """What somebody's own provider has told last, and which of its own answers disagree with it."""
    state = by.store.state()
    return _own_last(state, own_provider(by, state).provider_id)


def _last(state: State, provider_id: str) -> Shown:
    stored = state.get(CAPACITY_RETURNS, provider_id)
    is_known = state.get("providers", provider_id) is not None
    last = return_json(state, stored.body) if stored is not None and is_known else None
    return shown_whole({"provider_id": provider_id, "last": last})


def _own_last(state: State, provider_id: str) -> Shown:
    stored = state.get(CAPACITY_RETURNS, provider_id)
    declined = [asdict(each) for each in disagreements(state).get(provider_id, ())]
    last = None if stored is None else _own(return_json(state, stored.body))
    areas = [{"area_id": each.area_id, "name": each.name} for each in sorted(state.snapshot.areas, key=lambda each: each.name)]
    return shown_whole({"last": last, "declined": declined, "areas": areas})


def _untold(state: State, provider_id: str) -> dict[str, Any]:
    days = {"told_on": told_last(state, provider_id), "asked_on": asked_last(state, provider_id)}
    told = {name: None if day is None else day.isoformat() for name, day in days.items()}
    return {"provider_id": provider_id, "provider": state.stock["providers"][provider_id].record.name} | told


def _tell(
    by: Caller,
    provider_id: str,
    source: str,
    free: Sequence[Free],
    unchanged: Callable[[State], None],
    *,
    said_by: str,
    how: str,
) -> Shown:
    """``unchanged`` refuses where what the caller has seen is so no more."""
    lines = [_line(each) for each in free]
    with by.change() as change:
        state = change.state
        unchanged(state)
        refuse(faults_of(state, provider_id, lines))
        keep(change, by.settings, Told(provider_id, state.as_of.isoformat(), source, lines, said_by, how))
        after = change.as_if()
    told = return_json(after, after.stock[CAPACITY_RETURNS][provider_id].body)
    return shown(_own(told) if source == BY_ITSELF else told)


def _own(told: dict[str, Any]) -> dict[str, Any]:
    """As its provider reads it: who of the council wrote it down is not for others."""
    return told | {"recorded_by": None}


def _line(free: Free) -> FreeHours:
    free_from = "" if free.free_from is None else free.free_from.isoformat()
    return FreeHours(free.area_id or "", free.part_of_day or "", free_from, round(free.hours_per_week * 60))


def _to_be_told(state: State, provider_id: str) -> dict[str, Any]:
    body = state.stock[CAPACITY_RETURNS][provider_id].body
    return {
        "provider_id": provider_id,
        "provider": state.stock["providers"][provider_id].record.name,
        "told_on": told_on(body).isoformat(),
        "says": sentence(state, body, lines_of(body)),
        "declined": [asdict(each) for each in disagreements(state)[provider_id]],
    }
