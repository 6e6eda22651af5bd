"""Whatever is done to records and people, deed by deed: county, trail and export are those of the same county loaded afresh."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select

from api.acts.act import Caller
from api.clock import Clock
from api.http.errors import Problem
from api.records.acts import DEEDS
from api.records.record_kinds import RECORD_KINDS
from api.records.schemas import SCHEMAS, Ended
from api.reserve.acts import close_reserve, open_reserve
from api.reserve.schemas import CloseReserve, OpenReserve
from api.service import Service
from api.settings import Settings
from api.state.accepting import _Anywhere
from api.state.state import State
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.audit import Actor
from api.storage.database import open_database, reading
from optimiser.county import NOWHERE
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import write_snapshot
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.reading import read_snapshot
from optimiser.io.record_cells import KINDS
from optimiser.io.validating import check_together
from tests.api.assessments.drawn import drawn_step
from tests.api.contract_lives.drawn import drawn_act
from tests.api.records.drawn_people import drawn_deed_about_people
from tests.api.state.test_incremental_state import assert_same, fresh
from tests.making import AS_OF, at, days
from tests.making.living import living_snapshots

WHY = "drawn"
DAYS = (days(-400), days(-1), AS_OF, days(1), days(40))
LIFE, STEP, PEOPLE = "the life of a contract", "a step of an assessment", "people"
OTHERS = (LIFE, STEP, PEOPLE, PEOPLE) * 3
"""Drawn somewhat more often than all kinds of record together."""
DATED = ("starts", "ends", "extension_until", "go_live", "go_live_planned", "pamms_published", "cqc_rated", "review_on")
ids = itertools.count()


def drawn_values(draw: st.DrawFn, state: State, names: tuple[str, ...], new_id: str) -> dict[str, Any]:
    """A value for each column: ids that are there (or not), days around today, prices, places."""
    of_here = {
        "provider_id": "providers",
        "area_id": "areas",
        "succeeds": "contracts",
        "contract_id": "contracts",
        "location_id": "locations",
    }
    place = at(draw(st.integers(-9000, 9000)), draw(st.integers(-9000, 9000)))
    known: dict[str, st.SearchStrategy[Any]] = {
        "name": st.just("A name"),
        "region": st.just("West"),
        "tier": st.sampled_from(["principal", "framework", "legacy", "specialist"]),
        "kind": st.sampled_from(["no_new_work", "capped"]),
        "service": st.sampled_from([None, None, "night"]),
        "guarantee": st.sampled_from([None, 0.5]),
        "bands": st.sampled_from([[], [1, 2]]),
        "skills": st.sampled_from([[], ["medication"]]),
        "cqc_rating": st.sampled_from(["good", "inadequate"]),
        "pamms_rating": st.sampled_from([None, "poor"]),
        "band_centre": st.booleans(),
        "latitude": st.just(place.latitude),
        "longitude": st.just(place.longitude),
        "email": st.sampled_from([None, "desk@fern.example"]),
        "telephone": st.sampled_from([None, "01603 496 0123"]),
        "subcontractors": st.sampled_from([[], ["Moss Nights"]]),
        "notice_days": st.sampled_from([None, 91]),
        "staff": st.sampled_from([None, 2]),
        "billing_increment_minutes": st.sampled_from([None, 15]),
        "regime": st.sampled_from([None, "pcr_2015"]),
        "extra": st.sampled_from([{"our_line": "7"}, {"our_line": ""}, {"their_line": "=8"}]),
    }
    values: dict[str, Any] = {}
    for name in names:
        if name in of_here:
            there = sorted(state.stock[of_here[name]])
            may_be_none = name in ("succeeds", "location_id")
            values[name] = draw(st.sampled_from([None, None, *there] if may_be_none else [*there, *there, "NOBODY"]))
        elif name in DATED:
            values[name] = draw(st.sampled_from([None, *map(str, DAYS)]))
        elif name.startswith("rate_band"):
            values[name] = draw(st.sampled_from([20.0, 24.5]))
        elif name.endswith(("hours_4w", "miles", "hours_per_week")):
            values[name] = draw(st.sampled_from([None, 0, 20.5, 90]))
        else:
            values[name] = draw(known[name]) if name in known else new_id
    return values


def drawn_deed(draw: st.DrawFn, by: Caller, state: State) -> Callable[[], object]:
    """Something that an officer does; whether it is allowed is for the service to say."""
    kind, new_id = draw(st.sampled_from([*RECORD_KINDS, None, *OTHERS])), f"NEW{next(ids)}"
    if kind is None:
        return drawn_turn_of_the_reserve(draw, by, state)
    if kind == LIFE:
        return drawn_act(draw, by, state, new_id)
    if kind == STEP:
        return drawn_step(draw, by, "publish")
    if isinstance(kind, str):
        return drawn_deed_about_people(draw, by, state, new_id)
    what = draw(st.sampled_from(["add", "change", "end"]))
    deeds, its = DEEDS[kind.kind], SCHEMAS[kind.kind]
    there = sorted(state.stock[kind.kind])
    if what == "add" or not there:
        given = drawn_values(draw, state, kind.columns, new_id) | {"reason": WHY}
        if kind.kind == "contracts":
            given["contract_id"] = new_id
        elif kind.kind in ("areas", "locations"):
            given[kind.id_name] = new_id
        elif kind.kind == "providers":
            given = {name: value for name, value in given.items() if name != "ends"}
            place = at(draw(st.integers(-9000, 9000)))
            given |= {"provider_id": new_id, "offices": [{"office_id": new_id, **place._asdict()}]}
        return lambda: deeds.add(by, its.new(**given))
    record_id = draw(st.sampled_from(there))
    if what == "change":
        names = draw(st.sets(st.sampled_from(kind.changeable), min_size=1, max_size=2))
        values = drawn_values(draw, state, tuple(sorted(names)), new_id)
        return lambda: deeds.change(by, record_id, its.changes(**(values | {"reason": WHY})), "*")
    day, dry_run = draw(st.sampled_from(DAYS)), draw(st.sampled_from([False, False, True]))
    return lambda: deeds.end(by, record_id, Ended(ends=day, reason=WHY), "*", dry_run)


def drawn_turn_of_the_reserve(draw: st.DrawFn, by: Caller, state: State) -> Callable[[], object]:
    """The reserve is opened or closed, somewhere: there already or not, in an area that there is or not."""
    areas = draw(st.lists(st.sampled_from([*sorted(state.stock["areas"]) * 3, "NOWHERE"]), min_size=1, max_size=2))
    if draw(st.booleans()):
        review = draw(st.sampled_from([None, *map(str, DAYS)]))
        return lambda: open_reserve(by, OpenReserve(areas=areas, reason=WHY, review_on=review), None)
    return lambda: close_reserve(by, CloseReserve(areas=areas, reason=WHY), "*")


def faults_of(snapshot: Snapshot) -> set[Any]:
    """What a snapshot would be refused for, all of it looked at."""
    findings = Findings()
    parts = {kind: getattr(snapshot, kind) for kind in ("areas", *KINDS)}
    check_together(parts, _Anywhere(), snapshot.as_of, findings)
    return set(findings.faults)


def who_cares(state: State) -> dict[str, str]:
    """The provider of everybody's running care."""
    county = state.county
    return {
        package.package_id: county.provider(int(county.running_on[index])).provider_id
        for index, package in enumerate(county.packages)
        if county.running_on[index] != NOWHERE
    }


def two_principals(snapshot: Snapshot) -> list[tuple[str, dt.date]]:
    """Areas and days on which more than one principal contract is in force: looked for on every day on which one begins."""
    principals = [each for each in snapshot.contracts if each.tier == "principal"]
    begin = {each.starts or dt.date.min for each in principals}
    return [
        (area.area_id, day)
        for area in snapshot.areas
        for day in begin
        if sum(each.area_id == area.area_id and each.in_force(day) for each in principals) > 1
    ]


@settings(max_examples=25, deadline=None)
@given(living_snapshots().filter(lambda drawn: not faults_of(drawn)), st.data())
def test_any_life_of_records_is_the_county_loaded_afresh(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, start: Snapshot, data: st.DataObject
) -> None:
    live(empty, tmp_path_factory.mktemp("life"), start, data)


def live(empty: Path, folder: Path, start: Snapshot, data: st.DataObject) -> Counter[str]:
    """A county through six to fourteen deeds, judged after each and at the end; what the trail tells, by action. ``empty``: a
    database with tables alone.
    """
    address = f"sqlite:///{shutil.copy(empty, folder / 'county.db')}"
    store = Store(open_database(address), Clock(AS_OF))
    store.load(start, Actor("Ada Admin", "admin"))
    by = Caller(
        Service.of(Settings(database_url=address, as_of=AS_OF), store), Actor("Cora Contracts", "contracts", ("quality",))
    )
    cared_for = who_cares(store.state())
    for _ in range(data.draw(st.integers(6, 14), label="deeds")):
        before = store.state()
        deed = data.draw(st.composite(drawn_deed)(by, before), label="deed")
        try:
            deed()
        except (Problem, InputRefusedError, ValidationError):
            assert store.state().version == before.version, "refused whole"
        assert not faults_of(store.state().snapshot), "judged as a snapshot is, whole"
        assert not two_principals(store.state().snapshot)
    state = store.state()
    assert who_cares(state) == cared_for, "nobody's provider is another"
    assert_same(state, fresh(state))
    write_snapshot(state.snapshot, folder / "out")
    again = read_snapshot(folder / "out").snapshot
    assert (again, again.digest()) == (state.snapshot, state.snapshot.digest())
    afresh = Store(store.engine, Clock(AS_OF)).state()
    assert (afresh.stock, afresh.snapshot) == (state.stock, state.snapshot), "whoever reads the database finds the same"
    with reading(store.engine) as connection:
        assert not list(audit.verify(connection))
        told = Counter(connection.execute(select(table_schema.audit.c.action)).scalars())
    by.service.close()
    store.engine.dispose()
    return told
