"""The reserve is read, opened and closed. It holds at once: for the cascade, for offers, and for runs that begin from then on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

import orjson

from api.acts.act import Caller, act, only
from api.http.errors import Problem, declare
from api.http.responses import Shown, refuse_changed, require, tag
from api.offers.lapsing import OF_SWEEPS, sweep
from api.reserve.schemas import CloseReserve, OpenReserve
from api.security.roles import ADMIN, CONTRACTS, PLANNER, TRANSITION
from api.state.state import State
from api.state.stored_records import RESERVE, opening_body, openings_of
from optimiser.domain.words import people
from optimiser.nightly.reserve_use import contracts_for, use_of

ALREADY_OPEN = declare("already_open", 409, "The reserve is open there already")
NOT_OPEN = declare("not_open", 409, "The reserve is not open there")
WHO_OPENS = only(CONTRACTS, ADMIN)


@act("reserve.read", only(PLANNER, TRANSITION, CONTRACTS, ADMIN))
def read_reserve(by: Caller) -> Shown:
    """Where the reserve is open, since when, by whom and why."""
    return _shown(by.store.state())


@act("reserve.open", WHO_OPENS, writes=("reserve.open", *OF_SWEEPS), changes=True)
def open_reserve(by: Caller, asked: OpenReserve, if_match: str | None) -> Shown:
    """The reserve is opened for areas, with a reason: from today reserve contracts may be asked there, after everybody else."""
    with by.change() as change:
        state = change.state
        refuse_changed(if_match, _etag(state))
        refuse_unknown(state, asked.areas, _fault_of_review(state, asked.review_on))
        told = [
            f"{opening.area_id}: the reserve is open there already"
            + (f", since {opening.opened_on}: {opening.reason}" if opening.opened_on else ".")
            for opening in openings_of(state.stock)
            if opening.area_id in asked.areas
        ]
        if told:
            raise Problem(ALREADY_OPEN, f"{len(told)} of these areas; nothing was opened.", faults=told)
        for area_id in sorted(set(asked.areas)):
            opened = opening_body(area_id, state.as_of, by.actor.name, asked.reason, asked.review_on or "")
            change.put(RESERVE, area_id, opened)
            change.remember("reserve.open", RESERVE, area_id, opened)
        return _shown(sweep(change, by.settings, change.as_if()), _notes(state, asked.areas, _of_opening))


@act("reserve.close", WHO_OPENS, writes=("reserve.close", *OF_SWEEPS), changes=True)
def close_reserve(by: Caller, asked: CloseReserve, if_match: str | None) -> Shown:
    """The reserve is closed for areas, with a reason: nobody new is asked for; care that runs and accepted offers stay."""
    with by.change() as change:
        state = change.state
        require(if_match, _etag(state))
        refuse_unknown(state, asked.areas)
        told = [f"{each}: the reserve is not open there." for each in sorted({*asked.areas} - {*state.stock[RESERVE]})]
        if told:
            raise Problem(NOT_OPEN, f"{len(told)} of these areas; nothing was closed.", faults=told)
        for area_id in sorted(set(asked.areas)):
            before = {name: value for name, value in state.stock[RESERVE][area_id].body.items() if name != "area_id"}
            change.remove(RESERVE, area_id)
            closed = {"before": before, "closed_on": state.as_of.isoformat(), "reason": asked.reason}
            change.remember("reserve.close", RESERVE, area_id, closed)
        after = sweep(change, by.settings, change.as_if())
        return _shown(after, _notes(after, asked.areas, _of_closing))


def _body(state: State) -> dict[str, Any]:
    areas, index = state.snapshot.areas, state.county.area_of
    return {
        "areas": [
            {
                "area_id": opening.area_id,
                "name": areas[index[opening.area_id]].name,
                "opened_on": opening.opened_on.isoformat() if opening.opened_on else None,
                "opened_by": opening.opened_by or None,
                "reason": opening.reason or None,
                "review_on": opening.review_on.isoformat() if opening.review_on else None,
            }
            for opening in openings_of(state.stock)
        ]
    }


def _etag(state: State) -> str:
    """Made of what is shown: it changes with it and with nothing else."""
    return tag(hashlib.sha256(orjson.dumps(_body(state))).hexdigest()[:16])


def _shown(state: State, notes: list[str] | None = None) -> Shown:
    more = {} if notes is None else {"notes": notes}
    return Shown(orjson.dumps(_body(state) | more), _etag(state))


def refuse_unknown(state: State, area_ids: Iterable[str], faults: Iterable[str] = ()) -> None:
    """Raises the problem ``refused`` with these faults and every unknown area, with the nearest one by id or by name."""
    found, known = list(faults), state.county.area_of
    named = {area.name.casefold(): area.area_id for area in state.snapshot.areas}
    for area_id in sorted(set(area_ids) - known.keys()):
        near = get_close_matches(area_id, sorted(known), n=1)
        near = near or [named[each] for each in get_close_matches(area_id.casefold(), sorted(named), n=1)]
        told = [f"{each} ({state.snapshot.areas[known[each]].name})" for each in near]
        found.append(f"{area_id}: there is no such area" + (f"; the nearest is {told[0]}." if told else "."))
    if found:
        raise Problem("refused", f"{len(found)} fault(s); nothing was written.", faults=found)


def _fault_of_review(state: State, review_on: str | None) -> list[str]:
    if review_on is None or dt.date.fromisoformat(review_on) >= state.as_of:
        return []
    return [f"review_on: a day from today, {state.as_of}, on; it is {review_on}."]


def _notes(state: State, area_ids: Iterable[str], about: Callable[[State, str], Iterable[str]]) -> list[str]:
    return [note for area_id in sorted(set(area_ids)) for note in about(state, area_id)]


def _of_opening(state: State, area_id: str) -> Iterable[str]:
    if not contracts_for(state.county, area_id):
        yield f"No reserve contract is in force for {area_id} today: nobody can be asked there."


def _of_closing(state: State, area_id: str) -> Iterable[str]:
    """Who stays, and who may still get a yes: counted, never named."""
    use = use_of(state.county, area_id)
    if use.running_people:
        yield f"The care of {people(use.running_people)} stays with reserve providers in {area_id}."
    if use.accepted_people:
        yield f"Accepted offers of reserve providers stand for {people(use.accepted_people)} in {area_id}."
    if use.asked_people:
        yield f"Reserve providers asked for {people(use.asked_people)} in {area_id} may still answer."
