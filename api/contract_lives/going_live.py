"""The day on which an area goes live is another one: what lies before it now, which plans no longer hold, who is written to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from api.contract_lives.deeds import Done, refuse_out_of_order, undecided
from api.contract_lives.new_plans import call, with_another_go_live
from api.contract_lives.plans_made import newest, overtaken, plans_made, put_right, set_aside
from api.contract_lives.schemas import BeforeGoLive, Follows, GoLive, TooEarly
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored
from optimiser.county import NOWHERE, County
from optimiser.domain.records import OF_ONE_AREA, Area

ANEW = "The plan anew, as close to the one before as can be."


def move_go_live(change: Change, stored: Stored, asked: GoLive, *, dry_run: bool) -> Done:
    """Another day, or none that is known; the day first planned stays on record."""
    area: Area = stored.record
    refuse_out_of_order(_no_move(change.state, area, asked))
    first = area.go_live_planned or area.go_live
    written = {"go_live": asked.go_live, "go_live_planned": first}
    cells = {name: None if day is None else day.isoformat() for name, day in written.items()}
    put_checked(change, {("areas", area.area_id): stored.body | cells})
    after, made = change.as_if(), plans_made(change.connection)
    found = overtaken(after, made, area.area_id, lambda move: move.area_id == area.area_id and _is_before(move.on, asked.go_live))
    letters = put_right(change, after, found)
    told = {
        "before": {name: stored.body.get(name) or "" for name in cells},
        "after": {name: day or "" for name, day in cells.items()},
        **asked.authority.told(),
        "letters": letters,
        "plans_out_of_date": [each.plan.run.run_id for each in found],
    }
    change.remember("areas.move_go_live", "areas", area.area_id, told | {"reason": asked.reason})
    if not dry_run:
        set_aside(change, found, f"the go-live of {area.area_id} is on another day")
    plan = newest(found)
    settings = None if plan is None else with_another_go_live(after, plan, made, area.area_id, asked.go_live)
    return Done(
        area.area_id,
        Follows(
            before_go_live=before_go_live(after, area.area_id, asked.go_live),
            plans_out_of_date=[each.told() for each in found],
            letters=letters,
            next=[] if settings is None else [call(ANEW, "transfer", settings)],
        ),
    )


def _is_before(day: dt.date, go_live: dt.date | None) -> bool:
    return go_live is None or day < go_live


def _no_move(state: State, area: Area, asked: GoLive) -> Iterator[str]:
    yield from undecided("authority", asked.authority, state.as_of)
    if area.is_live(state.as_of):
        yield f"{area.area_id} has been live since {area.go_live}: people have been placed with its principal since then."
    elif asked.go_live == area.go_live:
        yield f"It is on that day already: {area.go_live or 'none is known'}."
    if asked.go_live is not None and asked.go_live < state.as_of:
        yield f"go_live: a day from today, {state.as_of}, on; it is {asked.go_live}."


def before_go_live(state: State, area_id: str, go_live: dt.date | None) -> BeforeGoLive:
    """The area's contracts that begin before its go-live, and the people whose start lies before it."""
    county = state.county
    waiting = [package for package in _new_in(county, area_id) if _is_before(_start(county, package), go_live)]
    accepted = county.offers_in_force.accepted
    has_said_yes = [package for package in waiting if county.packages[package].package_id in accepted]
    return BeforeGoLive(
        contracts=list(_too_early(county, area_id, go_live)),
        people_waiting=county.people(set(waiting) - set(has_said_yes)),
        people_accepted=county.people(
            package
            for package in has_said_yes
            if county.contracts[accepted[county.packages[package].package_id]].tier in OF_ONE_AREA
        ),
    )


def _new_in(county: County, area_id: str) -> Iterator[int]:
    for package, person in enumerate(county.packages):
        if person.area_id == area_id and county.running_on[package] == NOWHERE and not person.service:
            yield package


def _start(county: County, package: int) -> dt.date:
    return max(county.as_of, county.packages[package].start_by or county.as_of)


def _too_early(county: County, area_id: str, go_live: dt.date | None) -> Iterator[TooEarly]:
    for index, contract in enumerate(county.contracts):
        begins = max(county.as_of, contract.starts or county.as_of)
        its = contract.tier in OF_ONE_AREA and contract.area_id == area_id and contract.in_force(begins)
        if its and _is_before(begins, go_live):
            yield TooEarly(
                contract_id=contract.contract_id,
                tier=contract.tier,
                begins=contract.starts,
                paid_for_nothing_gbp=county.guaranteed_pence(index, begins) / 100,
            )
