"""A county brought to what a folder says is the county that the folder gives when it is loaded; what the folder lacks stays."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from api.acts.act import Caller
from api.http.errors import Problem
from api.imports import acts
from api.imports.folder_differences import Wanted
from api.imports.schemas import Synced
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.state.stored_records import IN_SNAPSHOT, id_of
from api.storage import audit, table_schema
from api.storage.audit import Actor
from api.storage.database import open_database, reading
from api.storage.migrating import upgrade
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import write_snapshot
from optimiser.io.faults import InputRefusedError
from optimiser.io.reading import read_snapshot
from tests.api.packages.test_packages import trail
from tests.making.folders import Folder

ADMIN = Actor("an admin", "admin")
OFFICER = Actor("a contract officer", "planner")
WHY = "the uplift of April"
_numbers = itertools.count()


@contextmanager
def serving(database: Path) -> Iterator[Caller]:
    """An admin at a service on a database that holds the small county."""
    given = Settings(database_url=f"sqlite:///{database}", as_of=dt.date(2026, 11, 23))
    service = Service.of(given, Store(open_database(given.database_url), given.clock))
    try:
        yield Caller(service, ADMIN)
    finally:
        service.close()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small county in a database, to be copied."""
    place = tmp_path_factory.mktemp("loaded")
    with serving(place / "county.db") as by:
        upgrade(by.store.engine)
        by.store.load(read_snapshot(Folder.make(place / "county").path).snapshot, ADMIN)
        by.store.engine.dispose()
    return place / "county.db"


@pytest.fixture
def by(tmp_path: Path, loaded: Path) -> Iterator[Caller]:
    """An admin at the small county."""
    with serving(Path(shutil.copy(loaded, tmp_path / "county.db"))) as by:
        yield by


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.make(tmp_path / "county")


def look(by: Caller, folder: Folder, **wanted: bool) -> Synced:
    return acts.sync(by, read_snapshot(folder.path), Wanted(**wanted), dry_run=True)


def sync(by: Caller, folder: Folder, **wanted: bool) -> Synced:
    return acts.sync(by, read_snapshot(folder.path), Wanted(**wanted), WHY, dry_run=False)


def told(done: Synced) -> dict[str, dict[str, Any]]:
    """What is told of each table, without what is empty or untouched."""
    shown: dict[str, dict[str, Any]] = {}
    for table in done.tables:
        named = {name: value for name, value in table if value and name not in ("table", "untouched")}
        named = {n: {each.id: each.columns for each in v} if n in ("changed", "ended", "kept") else v for n, v in named.items()}
        shown |= {table.table: named} if named else {}
    return shown


def now(by: Caller) -> Snapshot:
    return Store(by.store.engine, by.store.clock).state().snapshot


Edit = Callable[[Folder, str], object]
EDITS: list[Edit] = [
    lambda f, n: f.change("contracts.csv", "C2", rate_band_1=f"2{n[-1]}.50"),
    lambda f, n: f.change("contracts.csv", "C4", ends=f"2027-0{1 + int(n) % 9}-01"),
    lambda f, n: f.add("contracts.csv", "C3", contract_id=f"C{n}", rate_band_1="21.10"),
    lambda f, n: f.add("rates.csv", "C1", starts=f"2027-04-{1 + int(n) % 28:02}", rate_band_1="26.10"),
    lambda f, _: f.drop("rates.csv", "C6"),
    lambda f, _: f.drop("restrictions.csv", "X2"),
    lambda f, n: f.add("restrictions.csv", "X1", restriction_id=f"X{n}", provider_id="BIRCH", area_id="A1"),
    lambda f, _: f.drop("packages.csv", "N3"),
    lambda f, n: f.add("packages.csv", "N4", package_id=f"N{n}", priority="urgent"),
    lambda f, _: f.change("packages.csv", "N4", hours_per_week="7.25"),
    lambda f, _: f.change("packages.csv", "R2", contract_id="C3", care_started="2026-11-02"),
    lambda f, _: f.drop("visits.csv", "V3", "V4"),
    lambda f, n: f.change("visits.csv", "V1", visit_id=f"V{n}") and f.change("packages.csv", "N1", priority="standard"),
    lambda f, n: f.change("providers.csv", "ALDER", name=f"Alder {n}", skills="double_handed"),
    lambda f, n: f.change("surgeries.csv", "S2", name=f"Ford Lane {n}"),
    lambda f, n: f.change("rounds.csv", "RD1", staff=str(1 + int(n) % 9)),
    lambda f, n: f.areas([each | {"properties": each["properties"] | {"ward": n}} for each in f.features()]),
    lambda f, n: f.put("packages.csv", (rows := [r | {"line": f"={n}"} for r in f.rows("packages.csv")]), rows[0]),
    lambda f, _: f.change("packages.csv", "R1", line="") if "line" in f.header("packages.csv") else None,
    lambda f, n: f.policy(f"max_moves = {1 + int(n) % 20}"),
    lambda f, _: f.write("snapshot.toml", f.text("snapshot.toml") + '\n[reserve]\nareas = ["A2"]\n'),
    lambda f, _: f.change("offers.csv", "OF2", response="declined", responded_at="2026-11-23T09:00:00", reason="no_capacity"),
]


def by_id(snapshot: Snapshot, kind: str) -> dict[str, Any]:
    return {id_of(kind, record): record for record in getattr(snapshot, kind)}


def expected(before: Snapshot, said: Snapshot) -> dict[str, dict[str, Any]]:
    """Per kind what should be there: what the folder says, and what it says nothing of; its visits are those of its people."""
    found = {kind: by_id(before, kind) | by_id(said, kind) for kind in IN_SNAPSHOT if kind != "offers"}
    visited, theirs = {visit.package_id for visit in said.visits}, by_id(said, "visits")
    found["visits"] = {each: v for each, v in found["visits"].items() if each in theirs or v.package_id not in visited}
    return found


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(EDITS), min_size=1, max_size=3), min_size=1, max_size=5))
def test_a_county_brought_to_a_folder_is_the_county_that_the_folder_gives(
    loaded: Path, tmp_path: Path, steps: list[list[Edit]]
) -> None:
    """Folder after folder into one database, whatever it has become by those before."""
    place = tmp_path / str(next(_numbers))
    folder = Folder.make(place.with_suffix(".edited"))
    with serving(Path(shutil.copy(loaded, place.with_suffix(".db")))) as by:
        for step in steps:
            for edit in step:
                with suppress(StopIteration):  # the row to change is gone
                    edit(folder, str(next(_numbers)))
            try:
                said = read_snapshot(folder.path).snapshot
            except InputRefusedError:
                return
            _takes(by, folder, said)
            write_snapshot(now(by), out := tmp_path / f"out{next(_numbers)}")
            assert read_snapshot(out).snapshot == now(by)
        with reading(by.store.engine) as connection:
            assert not list(audit.verify(connection))


def _takes(by: Caller, folder: Folder, said: Snapshot) -> None:
    before = now(by)
    whole = expected(before, said)
    listed = look(by, folder, care=True)
    done = sync(by, folder, care=True)
    after = now(by)
    assert done.model_dump() | {"dry_run": True} == listed.model_dump()
    assert {kind: by_id(after, kind) for kind in whole} == whole
    assert (after.title, after.policy) == (said.title, said.policy)
    for kind, own in said.extra.items():
        there = by_id(said, kind)
        assert {each: after.extra[kind].cells.get(each, {}) for each in there} == {
            each: own.cells.get(each, {}) for each in there
        }
    if all(whole[kind].keys() == by_id(said, kind).keys() for kind in whole):
        assert replace(after, offers=said.offers) == said, "as a fresh load of the folder"
    assert not look(by, folder, care=True).writes, "a second time there is nothing to write"


def test_what_differs_is_listed_by_table_and_column_and_written_with_its_entries(by: Caller, folder: Folder) -> None:
    folder.change("contracts.csv", "C2", rate_band_1="25.75", ends="2027-06-01")
    folder.change("contracts.csv", "C3", max_hours_4w="70")
    folder.add("rates.csv", "C1", starts="2027-04-08", rate_band_1="26.10")
    folder.drop("rates.csv", "C6")
    folder.policy("max_moves = 3\n[procurement]\ntupe_days = 100\n[meanwhile]\nplanned_check_days = 7")
    listed = look(by, folder)
    assert told(listed) == {
        "contracts": {"changed": {"C3": ["max_hours_4w"]}, "ended": {"C2": ["ends", "rate_band_1"]}},
        "rates": {"added": ["C1 2027-04-08"], "missing": ["C6 2026-04-01"]},
    }
    assert listed.settings == ["max_moves", "tupe_days", "planned_check_days"]
    assert trail(by.store, "county.sync") == []
    done = sync(by, folder)
    assert done.digest == listed.digest
    (about, whole), *entries = trail(by.store, "county.sync")
    assert (about, whole["reason"]) == ("", WHY)
    assert whole["settings_before"] == {"max_moves": "25", "tupe_days": "91", "planned_check_days": "14"}
    assert whole["settings_after"] == {"max_moves": "3", "tupe_days": "100", "planned_check_days": "7"}
    assert {subject for subject, _ in entries} == {"C2", "C3", "C1 2027-04-08"}
    changed = next(details for subject, details in entries if subject == "C3")
    assert changed == {"before": {"max_hours_4w": "60.25"}, "after": {"max_hours_4w": "70"}, "reason": WHY}
    assert (now(by).policy.max_moves, now(by).procurement.tupe_days, now(by).meanwhile_settings.planned_check_days) == (3, 100, 7)
    assert by.store.state().snapshot == now(by), "who knew the county before has the new settings, too"


def test_of_running_care_the_services_record_stands_unless_the_folders_is_asked_for(by: Caller, folder: Folder) -> None:
    folder.change("packages.csv", "R2", contract_id="C3", care_started="2026-11-02", priority="urgent")
    folder.change("packages.csv", "N4", status="active", contract_id="C4", care_started="2026-11-20", round_id="RD1")
    kept = {"N4": ["status", "contract_id", "round_id", "care_started"], "R2": ["contract_id", "care_started"]}
    assert told(look(by, folder)) == {"packages": {"changed": {"R2": ["priority"]}, "kept": kept}}
    sync(by, folder)
    packages = by_id(now(by), "packages")
    assert (packages["R2"].contract_id, packages["R2"].priority, packages["N4"].status) == ("C2", "urgent", "new")
    sync(by, folder, care=True)
    packages = by_id(now(by), "packages")
    assert (packages["R2"].contract_id, packages["N4"].contract_id, packages["N4"].round_id) == ("C3", "C4", "RD1")


def test_decisions_about_people_who_are_there_are_social_works_alone(by: Caller, folder: Folder) -> None:
    folder.change("packages.csv", "R2", protected="", transfer_decision="suitable")
    folder.add("packages.csv", "R3", package_id="R9")
    kept = {"R2": ["protected", "transfer_decision"]}
    assert told(look(by, folder)) == {"packages": {"added": ["R9"], "kept": kept}}
    sync(by, folder)
    packages = by_id(now(by), "packages")
    assert (packages["R2"].protected, packages["R9"].transfer_decision) == ("end_of_life", "suitable"), (
        "new people come with theirs"
    )
    with pytest.raises(Problem, match="forbidden"):
        sync(by, folder, decisions=True)
    both = Actor("a lead", "admin", ("social_work",))
    acts.sync(Caller(by.service, both), read_snapshot(folder.path), Wanted(decisions=True), WHY, dry_run=False)
    assert by_id(now(by), "packages")["R2"].transfer_decision == "suitable"
    with reading(by.store.engine) as connection:
        rows = connection.execute(select(table_schema.audit).where(table_schema.audit.c.subject == "R2")).all()
    assert [row.role for row in rows] == ["social_work"]


def test_nobody_whose_care_has_ended_here_is_asked_for_again(by: Caller, folder: Folder) -> None:
    from api.care import acts as care
    from api.care.schemas import End

    care.end(by, "N1", End(reason="moved away"))
    assert told(look(by, folder)) == {"packages": {"kept": {"N1": []}}, "visits": {"kept": {"V1": [], "V2": []}}}
    assert not sync(by, folder).writes
    assert told(look(by, folder, care=True)) == {"packages": {"added": ["N1"]}, "visits": {"added": ["V1", "V2"]}}


def test_offers_are_the_services_own_but_for_those_of_people_who_come_with_them(by: Caller, folder: Folder) -> None:
    folder.change("offers.csv", "OF2", response="declined", responded_at="2026-11-23T09:00:00", reason="no_capacity")
    folder.add("offers.csv", "OF1", offer_id="OF8")
    folder.add("packages.csv", "N4", package_id="N7")
    folder.add("offers.csv", "OF1", offer_id="OF9", package_id="N7", reason="cannot_meet_need")
    kept = {"OF2": ["responded_at", "response", "reason"], "OF8": []}
    assert told(look(by, folder))["offers"] == {"added": ["OF9"], "kept": kept}
    sync(by, folder)
    assert by_id(now(by), "offers")["OF2"].response == ""
    assert ("N7", "ALDER") in by.store.state().county.offers_in_force.declines


def test_contracts_and_restrictions_that_are_missing_end_where_that_is_asked_for(by: Caller, folder: Folder) -> None:
    folder.drop("contracts.csv", "C4")
    folder.drop("restrictions.csv", "X1", "X2")
    folder.drop("packages.csv", "N3", "N4")
    missing = {"contracts": {"missing": ["C4"]}, "restrictions": {"missing": ["X1", "X2"]}, "packages": {"missing": ["N3", "N4"]}}
    assert told(look(by, folder)) == missing
    ended = look(by, folder, end_missing=True)
    assert told(ended) == {
        "contracts": {"ended": {"C4": ["ends"]}},
        "restrictions": {"ended": {"X1": ["ends"], "X2": ["ends"]}},
        "packages": {"missing": ["N3", "N4"]},
    }
    sync(by, folder, end_missing=True)
    ends = [by_id(now(by), kind)[each].ends for kind, each in (("contracts", "C4"), ("restrictions", "X2"))]
    assert list(map(str, ends)) == ["2026-11-23"] * 2


def test_the_visits_of_a_person_are_those_of_the_folder(by: Caller, folder: Folder) -> None:
    folder.drop("visits.csv", "V2")
    folder.change("visits.csv", "V1", duration_minutes="60")
    folder.change("packages.csv", "N1", visits_per_week="7")
    visits = {"changed": {"V1": ["duration_minutes"]}, "removed": ["V2"]}
    assert told(look(by, folder)) == {"packages": {"changed": {"N1": ["visits_per_week"]}}, "visits": visits}
    sync(by, folder)
    assert "V2" not in by_id(now(by), "visits")


def test_changed_needs_make_a_decline_of_the_old_ones_history(by: Caller, folder: Folder) -> None:
    folder.add("packages.csv", "N4", package_id="N7")
    folder.add("offers.csv", "OF1", offer_id="OF9", package_id="N7", reason="cannot_meet_need")
    sync(by, folder)
    folder.change("packages.csv", "N7", hours_per_week="7")
    sync(by, folder)
    assert by_id(now(by), "offers")["OF9"].response == "withdrawn"
    assert [subject for subject, _ in trail(by.store, "offer.supersede")] == ["N7"]


def test_a_county_that_would_be_wrong_is_refused_with_every_fault_and_nothing_is_written(by: Caller, folder: Folder) -> None:
    folder.change("contracts.csv", "C1", contract_id="C9")  # beside the C1 that stays: two principals of an area
    for name, row in (("packages.csv", "R1"), ("offers.csv", "OF1"), ("offers.csv", "OF4")):
        folder.change(name, row, contract_id="C9")
    folder.put("rates.csv", [row | {"contract_id": row["contract_id"].replace("C1", "C9")} for row in folder.rows("rates.csv")])
    before = now(by)
    for dry_run in (True, False):
        with pytest.raises(InputRefusedError) as refused:
            acts.sync(by, read_snapshot(folder.path), Wanted(), WHY, dry_run=dry_run)
        assert ["contracts.csv" in fault.message() for fault in refused.value.faults] == [True]
    assert now(by) == before
    assert trail(by.store, "county.sync") == []
    folder.change("contracts.csv", "C9", starts="2026-11-23")
    assert told(look(by, folder, end_missing=True))["contracts"] == {"added": ["C9"], "ended": {"C1": ["ends"]}}


def test_a_reason_and_the_role_are_needed_and_a_list_that_is_no_longer_so_is_refused(by: Caller, folder: Folder) -> None:
    listed = look(by, folder)
    folder.change("contracts.csv", "C3", max_hours_4w="70")
    given = read_snapshot(folder.path)
    with pytest.raises(Problem, match="import_without_reason"):
        acts.sync(by, given, Wanted(), dry_run=False)
    with pytest.raises(Problem, match="changed_since"):
        acts.sync(by, given, Wanted(), WHY, dry_run=False, seen=f'"{listed.digest}"')
    with pytest.raises(Problem, match="forbidden"):
        acts.sync(Caller(by.service, OFFICER), given, Wanted(), dry_run=True)
    assert by_id(now(by), "contracts")["C3"].max_hours_4w != 70
