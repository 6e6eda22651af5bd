"""Rounds that were built for a snapshot without any: who belongs to which."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from optimiser.domain.records import Visit
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import InputRefusedError
from optimiser.io.rounds_plan import read_rounds_plan, with_planned_rounds
from optimiser.transferring.story import CannotPlanError, plan_transfer
from tests.making.transfers import POLICY, files, small_county, where


def visit(visit_id: str, package_id: str, minutes: int) -> Visit:
    return Visit(visit_id, package_id, ("mon",), dt.time(7), dt.time(9), minutes, 1)


def county() -> Snapshot:
    """The small county without rounds; A1 is visited twice, A2 and B2 once, and N0 by the principal."""
    small = small_county()
    visits = (
        visit("VA1a", "A1", 60),
        visit("VA1b", "A1", 45),
        visit("VA2", "A2", 60),
        visit("VB2", "B2", 30),
        visit("VN0", "N0", 30),
    )
    return replace(small, packages=tuple(replace(p, round_id="") for p in small.packages), rounds=(), visits=visits)


def built(folder: Path, rounds: str = "", visits: str = "") -> Path:
    """What ``optimiser rounds build`` writes, on Mondays: further columns are nothing to us."""
    lines = ("M1,OLD,morning", "M2,OLD,morning", "N1,NEW,morning", *rounds.split())
    (folder / "rounds_planned.csv").write_text(
        "round_id,provider_id,shift,days,crew_with\n" + "".join(f"{line},mon,\n" for line in lines), encoding="utf-8"
    )
    made = ("M1,mon,1,VA1a", "M2,mon,1,VA1b", "M1,mon,2,VA2", "M2,mon,2,VB2", "N1,mon,1,VN0", *visits.split())
    (folder / "visits_planned.csv").write_text(
        "round_id,day,position,visit_id,worker,arrival,start,end,travel_seconds,metres\n"
        + "".join(f"{line},W,07:00:00,07:00:00,08:00:00,0,0\n" for line in made),
        encoding="utf-8",
    )
    (folder / "unserved.csv").write_text("provider_id,package_id,visit_id,day,reason\n", encoding="utf-8")
    (folder / "result.json").write_text('{"travel": "t", "snapshot_digest": "d", "as_of": "2026-11-23"}', encoding="utf-8")
    return folder


def test_a_run_over_midnight_goes_on_counting_its_hours(tmp_path: Path) -> None:
    folder = built(tmp_path, rounds="X1,OLD,night")
    line = "X1,mon,1,VA1a,W,{0}:00:00,{0}:00:00,27:00:00,0,0\n"
    with (folder / "visits_planned.csv").open("a", encoding="utf-8") as file:
        file.write(line.format(26))
    plan = read_rounds_plan(folder).plan
    assert (plan.rounds[-1].shift, plan.visits[-1].start, plan.visits[-1].end) == ("night", 26 * 3600, 27 * 3600)
    with (folder / "visits_planned.csv").open("a", encoding="utf-8") as file:
        file.write(line.format(48))
    with pytest.raises(InputRefusedError) as refused:
        read_rounds_plan(folder)
    assert [fault.column for fault in refused.value.faults] == ["arrival", "start"]


def test_a_person_belongs_to_the_round_with_most_of_their_minutes(tmp_path: Path) -> None:
    made = with_planned_rounds(county(), built(tmp_path))
    assert {p.package_id: p.round_id for p in made.packages if p.round_id} == {"A1": "M1", "A2": "M1", "B2": "M2", "N0": "N1"}
    assert [(each.round_id, each.provider_id, each.area_id, each.staff) for each in made.rounds] == [
        ("M1", "OLD", "A1", None),
        ("M2", "OLD", "A1", None),
        ("N1", "NEW", "A1", None),
    ]


def test_a_round_that_the_snapshot_names_is_kept(tmp_path: Path) -> None:
    packages = tuple(replace(p, round_id="R1") if p.package_id == "A2" else p for p in county().packages)
    made = with_planned_rounds(replace(county(), packages=packages), built(tmp_path))
    assert {p.package_id: p.round_id for p in made.packages}["A2"] == "R1"


def test_such_rounds_can_be_planned(tmp_path: Path) -> None:
    with pytest.raises(CannotPlanError, match="8 packages of these areas could move, but none of them is in a round"):
        plan_transfer(county(), ["A1"], POLICY)
    plan = plan_transfer(with_planned_rounds(county(), built(tmp_path)), ["A1"], POLICY)
    assert where(plan) == {"M1": "2027-03-01", "M2": "2027-03-01"}
    assert files(plan)


@pytest.mark.parametrize(
    ("rounds", "visits", "said"),
    [
        ("M1,OLD,evening", "", "each round once"),
        ("M3,NOBODY,morning", "", "a known provider_id; found 'NOBODY'"),
        ("", "M9,mon,1,VA2", "a round of rounds_planned.csv; found 'M9'"),
        ("", "M1,mon,1,V9", "a known visit_id: build the rounds again from this folder; found 'V9'"),
        ("", "M1,mon,1,VN0", "a round of the provider that delivers the visit; found 'M1'"),
    ],
)
def test_what_does_not_fit_the_snapshot_is_refused(tmp_path: Path, rounds: str, visits: str, said: str) -> None:
    with pytest.raises(InputRefusedError) as refused:
        with_planned_rounds(county(), built(tmp_path, rounds, visits))
    assert said in " ".join(fault.message() for fault in refused.value.faults)


def test_a_round_of_the_snapshots_own_names_is_refused(tmp_path: Path) -> None:
    packages = tuple(replace(p, round_id="M2") if p.package_id == "A2" else p for p in county().packages)
    with pytest.raises(InputRefusedError) as refused:
        with_planned_rounds(replace(county(), packages=packages), built(tmp_path))
    assert [fault.message() for fault in refused.value.faults] == [
        "rounds_planned.csv, round_id: expected no round that the snapshot has already; found 'M2'"
    ]


def test_missing_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        with_planned_rounds(county(), tmp_path)
    files = ("rounds_planned.csv", "visits_planned.csv", "unserved.csv", "result.json")
    assert {fault.file for fault in refused.value.faults} == set(files)
