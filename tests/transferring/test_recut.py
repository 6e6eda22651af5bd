"""Parts of rounds: whole runs for some of the staff, close together, with nobody left alone and far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Known
from optimiser.domain.records import Round
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.check import check
from optimiser.transferring.recut import is_workable, parts
from optimiser.transferring.tables import people_rows, transfer_rows
from tests.making import at, package, snapshot
from tests.making.transfers import POLICY, files, planned, running, small_county, where

EAST = [(0, 0), (300, 0), (600, 0), (9_000, 0), (9_300, 0), (9_600, 0)]
"""Two hamlets, nine kilometres apart."""


def county(places: Sequence[tuple[int, int]] = EAST, hours: float = 6, **changed: Any) -> Snapshot:
    """The small county with a round R5 of OLD's, two staff; the first of its people may not move unless told otherwise."""
    small = small_county()
    people = [
        running(f"E{k}", "OLD", hours, round_id="R5", place=at(*place), **(changed if k == 0 else {}))
        for k, place in enumerate(places)
    ]
    packages = tuple(sorted((*small.packages, *people), key=lambda each: each.package_id))
    return replace(small, packages=packages, rounds=(*small.rounds, Round("R5", "OLD", "A1", 2, None)))


def test_a_hamlet_moves_when_somebody_in_the_other_may_not() -> None:
    plan = planned(county(protected="autism"), recut=True)
    assert where(plan)["R5"] == "stays"
    cut = next(each for each in plan.candidates if plan.candidates.index(each) in plan.moving and each.recut_of == "R5")
    assert [plan.county.packages[m].package_id for m in cut.members] == ["E3", "E4", "E5"]
    assert cut.staff == 1
    assert files(plan)


def test_what_is_said_of_it() -> None:
    plan = planned(county(protected="autism"), recut=True)
    rows = {str(row["round_id"]): row for row in transfer_rows(plan)}
    name = next(name for name in rows if name.startswith("R5-cut"))
    # Four weeks to agree, then three months: not the first wave on 1 March, whose grouping would have to run from 1 December on.
    assert (str(rows[name]["date"]), str(rows[name]["agreement_by"])) == ("2027-03-30", "2026-12-30")
    assert (rows[name]["people"], rows["R5"]["people"]) == (3, 3)
    assert "Moves in part only" in str(rows["R5"]["reason"])
    assert {row["package_id"]: row["round_id"] for row in people_rows(plan)}["E0"] == "R5"


def test_without_being_asked_for_rounds_are_never_cut() -> None:
    assert not [each for each in planned(county(protected="autism")).candidates if each.recut_of]


def found(
    places: Sequence[tuple[int, int]], hours: Sequence[float], staff: int, most: int = 9_999
) -> list[tuple[tuple[int, ...], int]]:
    """Parts of one round whose first person may not move."""
    people = [package(f"E{k}", at(*place), hours=size) for k, (place, size) in enumerate(zip(places, hours, strict=True))]
    return parts(County.of(snapshot(people)), list(range(len(people))), list(range(1, len(people))), staff, most, POLICY)


def test_a_part_is_a_whole_run_for_those_who_go_and_those_who_stay() -> None:
    assert found(EAST, [5] * 6, 2)[0] == ((3, 4, 5), 1)
    assert found(EAST, [5] * 6, 1) == []  # one care worker cannot be parted
    assert found(EAST, [1, 5, 5, 5, 5, 5], 2)[0][0] == (3, 4, 5)  # 15 of 26 hours go, 11 stay: within a quarter of 13
    assert found(EAST, [25, 5, 5, 5, 5, 5], 2) == []  # 25 hours each, but those in the east have fifteen together


def test_nobody_is_left_alone_or_far() -> None:
    # Whoever stays would have nobody within two kilometres, and had before.
    lonely = [(0, 0), (100, 0), (5_000, 0), (5_100, 0)]
    assert all(set(part) != {1, 2} for part, _ in found(lonely, [5] * 4, 2))
    assert found([(0, 0), (100, 0)], [5, 5], 2) == []  # one person would be all that is left


def test_those_who_stay_are_as_compact_as_a_part_or_as_before() -> None:
    # Two in the far west and three in the east stay when three between them go: their middle moves east, 4,200 m from the west.
    people = [(-5_000, 0), (-5_000, 0), (-2_000, 0), (-2_000, 0), (-2_000, 0), (2_000, 0), (2_000, 0), (2_000, 0)]
    place = np.array(people, dtype=np.float64)
    members, rest = list(range(8)), [0, 1, 5, 6, 7]
    assert not is_workable(place, members, rest, POLICY)
    assert is_workable(place, members, rest, replace(POLICY, recut_group_metres=4_200))
    assert is_workable(place, members, [0, 1, 2, 3, 4], POLICY)


def test_a_part_is_no_more_than_its_provider_may_lose() -> None:
    assert found(EAST, [5] * 6, 2, most=900)[0] == ((3, 4, 5), 1)
    assert found(EAST, [5] * 6, 2, most=899) == []


def test_people_of_a_part_live_close_together() -> None:
    assert found([(0, 0), (1_000, 0), (30_000, 0), (60_000, 0)], [5] * 4, 2) == []


def test_the_check_finds_a_part_that_moves_too_early_or_leaves_too_much() -> None:
    snap = county(protected="autism")
    made = files(planned(snap, recut=True))
    plain = planned(snap, recut=True)
    assert check(snap, POLICY, plain.known, ["A1"], made) == []

    def said(**settings: Any) -> str:
        return "\n".join(check(snap, replace(POLICY, **settings), plain.known, ["A1"], made))

    assert "moves on 2027-03-30, before 2027-04-18" in said(recut_agreement_weeks=8)
    assert "live too far apart" in said(recut_group_metres=100)
    # The same files, had the part lived between one person in the west and two in the east who stay.
    other = county([(-9_000, 0), (2_000, 0), (2_000, 0), (-5_000, 0), (-5_000, 0), (-5_000, 0)], protected="autism")
    assert "those who stay live too far apart" in "\n".join(check(other, POLICY, plain.known, ["A1"], made))
    spoilt = made["transfers.csv"].replace(b"2026-12-30", b"2027-01-05")
    assert "no time to be run as cut" in "\n".join(check(snap, POLICY, plain.known, ["A1"], {**made, "transfers.csv": spoilt}))


def test_the_check_finds_each_way_in_which_a_part_is_none() -> None:
    snap = county(protected="autism")
    made = files(planned(snap, recut=True))

    def said(*changes: tuple[str, str, str], of: Snapshot = snap, **settings: Any) -> str:
        spoilt = dict(made)
        for name, before, after in changes:
            assert before.encode() in spoilt[name]
            spoilt[name] = spoilt[name].replace(before.encode(), after.encode())
        return "\n".join(check(of, replace(POLICY, **settings), Known(), ["A1"], spoilt))

    [line] = [row for row in made["transfers.csv"].decode().splitlines() if row.startswith("R5-cut")]
    name = line.split(",", 1)[0]
    assert said() == ""
    assert "is listed, but does not move" in said(("transfers.csv", line, line.replace(",transfer,", ",stay,")))
    # Somebody of another round comes along; then all but one of its own go.
    assert "is no part of its round" in said(("people.csv", "D1,R4,stay,", f"D1,{name},transfer,"))
    elsewhere = (replace(p, round_id="") if p.package_id in ("E1", "E2") else p for p in snap.packages)
    alone = replace(snap, packages=tuple(elsewhere))
    assert "leaves fewer than two people" in said(of=alone)
    whole_team = replace(snap, rounds=tuple(replace(r, staff=1) if r.round_id == "R5" else r for r in snap.rounds))
    assert "1 of 1 staff go" in said(of=whole_team)
    uneven = county(protected="autism", minutes_per_week=24 * 60)
    assert "the staff who stay have no whole run" in said(of=uneven)
    # The thirtieth of December, by which it is to be agreed, were a holiday; the day before is past the time to agree as well.
    assert "is to be agreed on a bank holiday, 2026-12-30" in said(extra_holidays=(dt.date(2026, 12, 30),))
