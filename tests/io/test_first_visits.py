"""First visits in a folder: what is odd is said and accepted, and every moment comes out as it went in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.state.incremental_state import first_state
from api.state.stored_records import EMPTY, KeptSettings, stock_of, with_written
from optimiser.domain.policy import EnhancedSettings
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import write_snapshot
from optimiser.io.first_visit_notes import first_visit_notes
from optimiser.io.reading import read_snapshot
from tests.making import AS_OF, days, package, principal, snapshot, specialist
from tests.making.folders import Folder

MONDAY = dt.datetime(2026, 11, 23, 8, 10)


def county(**given: Any) -> Snapshot:
    plain: dict[str, Any] = {"contract_id": "P-ALDER", "care_started": AS_OF, **given}
    return snapshot([package("R1", **plain)], [principal("ALDER"), specialist("DOCK", service="enhanced_home_support")])


ENHANCED: dict[str, Any] = {"contract_id": "S-DOCK", "service": "enhanced_home_support"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, []),
        ({"first_visit_at": MONDAY}, []),
        (
            {"first_visit_at": MONDAY, "contract_id": ""},
            ["packages.csv: a first_visit_at of care that has not begun is not used"],
        ),
        ({"first_visit_at": MONDAY + dt.timedelta(days=1)}, ["packages.csv: a first_visit_at lies after as_of"]),
        (
            {"first_visit_at": MONDAY - dt.timedelta(days=1)},
            ["packages.csv: a first_visit_at before care_started is a visit of the provider before"],
        ),
        ({**ENHANCED, "first_visit_at": MONDAY - dt.timedelta(days=1)}, []),  # its clock goes on when its provider changes
        ({**ENHANCED, "care_started": days(-2)}, []),
        (
            {**ENHANCED, "care_started": days(-3)},  # 72 hours at midnight
            ["packages.csv: enhanced home support that runs on after 72 hours is not decided"],
        ),
    ],
)
def test_what_is_odd_is_said(given: dict[str, Any], said: list[str]) -> None:
    assert [note.message() for note in first_visit_notes(county(**given))] == said


def test_it_is_said_of_a_folder_that_is_accepted_and_a_wrong_moment_is_refused(folder: Folder) -> None:
    rows = [{**row, "first_visit_at": ""} for row in folder.rows("packages.csv")]
    folder.put("packages.csv", rows, [*folder.header("packages.csv"), "first_visit_at"])
    folder.change("packages.csv", "R1", first_visit_at="2026-05-03T23:59:00")
    assert "a first_visit_at before care_started" in " ".join(note.message() for note in read_snapshot(folder.path).notes)
    folder.change("packages.csv", "R1", first_visit_at="2026-05-04T08:10:00")
    assert read_snapshot(folder.path).notes == ()


MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1))
CLOCKS = st.lists(st.integers(1, 8760), min_size=4, max_size=4, unique=True).map(lambda hours: EnhancedSettings(*sorted(hours)))


@settings(max_examples=40, deadline=None)
@given(st.none() | MOMENTS, st.booleans(), CLOCKS)
def test_every_moment_and_clock_is_loaded_and_exported_as_it_is(
    at: dt.datetime | None, on: bool, clock: EnhancedSettings
) -> None:
    here = replace(county(first_visit_at=at, **(ENHANCED if on else {})), enhanced=clock)
    stored = [(kind, each, 1, body) for kind, bodies in stock_of(here).items() for each, body in bodies.items()]
    state = first_state(1, with_written(EMPTY, stored), AS_OF, here.title, KeptSettings.of(here))
    assert state.snapshot == here
    with TemporaryDirectory() as place:
        write_snapshot(state.snapshot, Path(place) / "out")
        again = read_snapshot(Path(place) / "out").snapshot
    assert (again, again.digest()) == (here, here.digest())
