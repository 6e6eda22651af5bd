"""Lists of deliveries are counted, and read: of people by whoever works with them, in sums by whoever works with providers."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import select

from api.acts.act import Caller, act, only
from api.deliveries.counting_deliveries import OF_PEOPLE, deliveries_of
from api.deliveries.schemas import PeopleQuery, ToCount
from api.http.errors import Problem
from api.http.paging import Page
from api.http.responses import Shown, shown
from api.security.roles import ADMIN, CONTRACTS, FINANCE, JOB, PLANNER, QUALITY, SOCIAL_WORK
from api.state.state import State
from api.state.stored_records import DELIVERIES, Body
from api.storage.database import reading
from api.storage.table_schema import actuals
from optimiser.accounting.deliveries.story import KINDS

NEWEST = "newest"
"""The id of the one record: what was counted before is nobody's to look at any more."""
WHO_COUNTS = only(FINANCE, JOB, ADMIN)
WHO_SEES_PEOPLE = only(PLANNER, FINANCE, SOCIAL_WORK, ADMIN)
OF_NOBODY = "sums by contract and rounds, no person"
WHO_READS = {**WHO_SEES_PEOPLE, CONTRACTS: OF_NOBODY, QUALITY: OF_NOBODY}
NONE = "No deliveries have been counted yet: whoever keeps the records of visits counts them (POST /v1/deliveries)."
LATER = "until: expected a day up to today: of what is still to come nothing is recorded."


@act("deliveries.count", WHO_COUNTS, writes=("deliveries.count",), changes=True)
def count(by: Caller, given: ToCount) -> Shown:
    """What records of the last weeks say that somebody should look at is counted anew, and takes the place of what was before."""
    today = by.settings.clock.today()
    until = given.until or today
    if until > today:
        raise Problem("refused", "1 fault(s); nothing was written.", faults=[LATER])
    with reading(by.store.engine) as connection:
        body = deliveries_of(connection, by.store.live.at(connection), until)
    body |= {"counted_by": by.actor.name, "counted_at": by.settings.clock.now().isoformat()}
    with by.change() as change:
        body["rows"] = _still_there(change.state, body)
        change.put(DELIVERIES, NEWEST, body)
        told = {name: body[name] for name in ("starts", "ends", "batch", "people", "findings")}
        change.remember("deliveries.count", DELIVERIES, NEWEST, told)
    return shown({name: body[name] for name in ("starts", "ends", "weeks", "records", "people", "findings")})


@act("deliveries.read", WHO_READS)
def read(by: Caller) -> Shown:
    """What was counted last in sums: of how many people there is what to look at, late rounds, and each contract's figures."""
    with reading(by.store.engine) as connection:
        body = _kept(by.store.live.at(connection))
        days = actuals.c.date >= body["starts"], actuals.c.date < body["ends"]
        newer = select(actuals.c.actual_id).where(actuals.c.batch > body["batch"], *days).limit(1)
        overtaken = connection.execute(newer).first() is not None
    told = {name: value for name, value in body.items() if name not in ("rows", "batch")}
    return shown(told | {"overtaken": overtaken, "meaning": KINDS})


@act("deliveries.people", WHO_SEES_PEOPLE, writes=("deliveries.read_people",))
def list_people(by: Caller, query: PeopleQuery) -> Page[bytes]:
    """People whose care somebody should look at, those first to whom perhaps nobody comes: never a judgement, never a change."""
    state = by.store.state()
    found = (
        each
        for each in _still_there(state, _kept(state))
        if (query.kind is None or query.kind in each["kinds"])
        and query.contract_id in (None, each["contract_id"])
        and query.provider_id in (None, each["provider_id"])
    )
    page = by.page(found, lambda row: (_turn(row), row["package_id"]), query.limit, query.cursor)
    by.read("deliveries.read_people", DELIVERIES, details={"package_ids": sorted(each["package_id"] for each in page.items)})
    return Page([orjson.dumps(_row(each)) for each in page.items], page.next_cursor)


def _turn(row: Body) -> int:
    return min(map(OF_PEOPLE.index, row["kinds"]))


def _row(row: Body) -> dict[str, Any]:
    findings = [{"kind": kind, "what": KINDS[kind]} for kind in row["kinds"]]
    return {"findings": findings, **{name: value for name, value in row.items() if name != "kinds"}}


def _still_there(state: State, body: Body) -> list[Body]:
    """The rows of people whose care runs: whoever's has ended since is nobody to look at."""
    return [each for each in body["rows"] if each["package_id"] in state.stock["packages"]]


def _kept(state: State) -> Body:
    stored = state.get(DELIVERIES, NEWEST)
    if stored is None:
        raise Problem("not_found", NONE)
    return stored.body
