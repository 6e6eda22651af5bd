"""One county to two councils and back: worked by hand on the small county, and for drawn ones whatever is drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser import exits
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from optimiser.splitting.across_borders import crossings
from optimiser.splitting.apportioning import WHOLE, apportioned, unit_of
from optimiser.splitting.check import faults_of_split
from optimiser.splitting.joined_parts import CannotJoinError, joined
from optimiser.splitting.parts_of_a_county import CountySplit, split_county
from tests.commands.running import run
from tests.making.drawn import snapshots
from tests.making.folders import Folder

COUNCILS = {"A1": "East", "A2": "West", "A3": "West"}
BY = "area_id,council\nA1,East\nA2,West\nA3,West\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The small county, with a column of the council's own."""
    made = Folder.make(tmp_path / "county")
    made.put("providers.csv", [row | {"ledger": f"L{row['provider_id']}"} for row in made.rows("providers.csv")],
             [*made.header("providers.csv"), "ledger"])  # fmt: skip
    (tmp_path / "councils.csv").write_text(BY, encoding="utf-8")
    return made


@pytest.fixture
def whole(folder: Folder) -> Snapshot:
    """Somebody of A1 is under the legacy contract of A2: the format refuses that in a file, and a split holds all the same."""
    read = read_snapshot(folder.path).snapshot
    return replace(
        read, packages=tuple(replace(each, contract_id="C6") if each.package_id == "R2" else each for each in read.packages)
    )


def test_a_limit_is_apportioned_to_the_unit_and_adds_up() -> None:
    """100 by 14 to 10 is 58.3333… and 41.6666…: the unit that is left goes to whoever was cut more; of equals to the first."""
    assert apportioned(Fraction(100), {"East": 14, "West": 10}, unit_of(Fraction(100))) == {
        "East": Fraction("58.33"), "West": Fraction("41.67"),
    }  # fmt: skip
    assert apportioned(Fraction(5), {"b": 1, "a": 1, "c": 2}, WHOLE) == {"a": 1, "b": 1, "c": 3}
    assert apportioned(Fraction(1), {"b": 0, "a": 0}, WHOLE) == {"a": 1, "b": 0}
    assert unit_of(Fraction("60.125")) == Fraction(1, 1000)


def test_people_go_with_their_area_and_what_is_shared_adds_up(whole: Snapshot) -> None:
    split = split_county(whole, COUNCILS, whole.as_of)
    east, west = split.parts["East"], split.parts["West"]
    assert [each.package_id for each in west.packages] == ["N6", "R3", "R4"]
    assert [each.package_id for each in east.packages] == ["N1", "N2", "N3", "N4", "N5", "R1", "R2"]
    assert [each.offer_id for each in west.offers] == ["OF3"]
    assert [each.contract_id for each in west.contracts] == ["C5", "C6"], "C5 is county-wide, C6 is of A2"
    assert [each.contract_id for each in east.contracts] == ["C1", "C2", "C3", "C4", "C5", "C6"], "R2 is under C6"
    areas = [(each.area_id, each.geometry is not None, each.go_live is not None) for each in east.areas]
    assert areas == [("A1", True, True), ("A2", False, False)], "of A2 there is nobody in the east: no outline, and not live"
    assert [each.round_id for each in east.rounds] == ["RD1"]
    # Under C6, and of CEDAR at all, 14 hours a week run in the east; in the west 10 run, and 7 were accepted for N6. Of 100 that
    # is 45.1612… and 54.8387…, and the hundredth left is the west's; of 900.5 406.6774… and 493.8225…, where it is the east's.
    limits = {(each.kind, each.record_id): (each.parts["East"], each.parts["West"], each.rule) for each in split.limits}
    assert limits["contracts", "C6"] == (Fraction("45.16"), Fraction("54.84"), "by_held_hours")
    assert limits["providers", "CEDAR"] == (Fraction("406.68"), Fraction("493.82"), "by_held_hours")
    assert limits["providers", "DOGWOOD"] == (
        Fraction(120),
        Fraction(0),
        "by_hours_of_all_care",
    ), "in the west somebody excludes it, no more"
    assert next(each.max_hours_4w for each in west.contracts if each.contract_id == "C6") == Fraction("54.84")
    found = {(each.package.package_id, each.across, each.other) for each in crossings(split)}
    assert ("R2", "contract_area", "West") in found
    assert {each for each in found if each[1] != "office"} == {("R2", "contract_area", "West")}
    assert ("R3", "office", "West") not in found, "CEDAR's office is in A2"
    assert joined(split.parts).digest() == whole.digest()
    assert joined(split.parts).extra == whole.extra


def broken(split: CountySplit) -> Iterator[tuple[str, dict[str, Snapshot]]]:
    east, west = split.parts["East"], split.parts["West"]
    yield "packages R4: in no part", {"East": east, "West": replace(west, packages=west.packages[:-1])}
    moved = {"East": replace(east, packages=(*east.packages, west.packages[-1])), "West": west}
    yield "packages R4: in 2 parts, and not named as shared", moved
    yield "its area in West", {"East": moved["East"], "West": replace(west, packages=west.packages[:-1])}
    other = replace(west.packages[-1], contract_id="C6")
    yield "packages R4: contract_id is not what it was", {
        "East": east, "West": replace(west, packages=(*west.packages[:-1], other)),
    }  # fmt: skip
    yield "care ('BIRCH', 'C5', 'active', 'people'): 1 before, 0 after", {
        "East": east, "West": replace(west, packages=(*west.packages[:-1], other)),
    }  # fmt: skip
    more = [replace(each, max_hours_4w=Fraction(42)) if each.contract_id == "C6" else each for each in west.contracts]
    yield "contracts C6: max_hours_4w does not add up to 100", {"East": east, "West": replace(west, contracts=tuple(more))}
    far = [replace(each, latitude=52.65) for each in east.surgeries]
    yield "miles from a band centre", {"East": replace(east, surgeries=tuple(far)), "West": west}
    asleep = [replace(each, go_live=None) for each in east.areas]
    yield "areas A1: go_live is not what it was", {"East": replace(east, areas=tuple(asleep)), "West": west}
    yield "policy is not that", {"East": east, "West": replace(west, policy=replace(west.policy, decline_days=3))}


def test_the_check_finds_what_a_split_must_not_do(whole: Snapshot) -> None:
    split = split_county(whole, COUNCILS, whole.as_of)
    shared = split.where.shared()
    assert faults_of_split(whole, split.parts, shared, COUNCILS) == []
    for said, parts in broken(split):
        assert any(said in fault for fault in faults_of_split(whole, parts, shared, COUNCILS)), said
    assert faults_of_split(whole, split.parts, shared[1:], COUNCILS), "whatever is shared has to be named"


@settings(max_examples=8, deadline=None)
@given(snapshots(), st.sampled_from([("E", "W", "W"), ("E", "W", "E"), ("E", "N", "W")]))
def test_every_split_holds_and_comes_back(whole: Snapshot, councils: tuple[str, ...]) -> None:
    council_of = dict(zip((each.area_id for each in whole.areas), councils, strict=True))
    split = split_county(whole, council_of, whole.as_of)
    assert faults_of_split(whole, split.parts, split.where.shared(), council_of) == []
    assert joined(split.parts).digest() == whole.digest()
    for limit in split.limits:
        running = {council: Fraction(minutes, 15) for council, minutes in limit.held_minutes.items()}
        if limit.kind in ("contracts", "providers") and sum(running.values()) <= limit.whole:
            assert all(limit.parts[council] >= hours for council, hours in running.items()), "nobody's care is above its part"


def test_parts_that_differ_are_refused_with_every_difference(whole: Snapshot) -> None:
    parts = dict(split_county(whole, COUNCILS, whole.as_of).parts)
    parts["West"] = replace(
        parts["West"],
        title="West",
        providers=tuple(replace(each, cqc_rating="inadequate") for each in parts["West"].providers),
        packages=(*parts["West"].packages, parts["East"].packages[0]),
    )
    with pytest.raises(CannotJoinError) as refused:
        joined(parts)
    said = "\n".join(refused.value.faults)
    for part in ("title: ", "providers BIRCH: cqc_rating in West is not that in East", "packages N1: in East and in West"):
        assert part in said


def test_the_commands_write_whole_or_nothing_and_come_back(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by, out = tmp_path / "councils.csv", tmp_path / "councils"
    asked = ("split", folder.path, "--by", by, "--on", "2028-04-01", "--out", out)
    by.write_text("area_id,council\nA1,East\nA1,a/b\nA9,East\n", encoding="utf-8")
    refused = run(capsys, *asked)
    assert (refused.code, out.exists()) == (exits.REFUSED, False)
    assert all(each in refused.err for each in ("found 'A9'", "each area once", "without slashes"))
    by.write_text("area_id,council\nA1,East\n", encoding="utf-8")
    assert all(each in run(capsys, *asked).err for each in ("none for A2", "none for A3", "at least two councils"))
    by.write_text(BY, encoding="utf-8")
    assert "a day not before" in run(capsys, *asked[:5], "2026-11-22", *asked[6:]).err
    done = run(capsys, *asked)
    assert done.code == exits.PROVEN, done.err
    assert "add up exactly. Nobody changes provider." in done.out
    assert {each.name for each in out.iterdir()} == {
        "East", "West", "shared.csv", "crossing-people.csv", "crossing-areas.csv", "split.json",
    }  # fmt: skip
    areas = (out / "crossing-areas.csv").read_text(encoding="utf-8").splitlines()
    assert areas[1:] == ["A3,Area A3,West,office,East,1,8.75"], "R4, whose provider's only office is in A1"
    assert not {"N1", "R1", "R2"} & set(done.out.split())
    back = run(capsys, "merge", out / "East", out / "West", "--out", tmp_path / "back", "--json")
    assert back.code == exits.PROVEN, back.err
    again = read_snapshot(tmp_path / "back").snapshot.digest()
    assert again == read_snapshot(folder.path).snapshot.digest() == json.loads(back.out)["snapshot_digest"]
    assert run(capsys, "merge", out / "East", out / "East", "--out", tmp_path / "twice").code == exits.REFUSED
    assert "no such folder" in run(capsys, "merge", out / "East", out / "North", "--out", tmp_path / "twice").err
