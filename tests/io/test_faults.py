"""Ten thousand equal faults are one with a count and its first places; different faults are all told."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from optimiser.io.faults import PLACES_SHOWN, Fault, InputRefusedError, listed
from optimiser.io.reading import read_snapshot
from tests.making.folders import Folder, area, faults_of, the_fault


def fault(line: int, found: str = "lost", *, column: str = "status", personal: bool = False) -> Fault:
    return Fault("packages.csv", line, column, "one of new, active", found, personal, "not one of these")


def messages(faults: list[Fault], *, show_values: bool = False) -> list[str]:
    return [each.message(show_values=show_values) for each in InputRefusedError(faults).faults]


def test_ten_thousand_equal_faults_are_one_with_a_count_and_the_first_twenty_lines() -> None:
    assert messages([fault(line) for line in range(2, 10_002)]) == [
        "packages.csv, lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21 and 9,980 more, status: "
        "expected one of new, active; found 'lost' (10,000 times)"
    ]


def test_up_to_twenty_equal_faults_are_told_one_by_one() -> None:
    faults = [fault(line) for line in range(2, 2 + PLACES_SHOWN)]
    assert listed(faults) == faults
    assert len(listed([*faults, fault(99)])) == 1


def test_different_faults_among_equal_ones_are_all_kept_in_their_order() -> None:
    odd = [fault(5000, "gone"), fault(17, column="priority"), replace(fault(18), file="offers.csv"), fault(19, "left")]
    found = listed([*(fault(line) for line in range(2, 10_002)), *odd])
    assert [(each.file, each.line, each.column, each.found, each.count) for each in found] == [
        ("offers.csv", 18, "status", "lost", 1),
        ("packages.csv", 2, "status", "lost", 10_000),
        ("packages.csv", 17, "priority", "lost", 1),
        ("packages.csv", 19, "status", "left", 1),
        ("packages.csv", 5000, "status", "gone", 1),
    ]


def test_more_than_twenty_values_that_are_wrong_in_the_same_way_are_one_fault() -> None:
    faults = [fault(line, f"lost {line % 500}") for line in range(2, 10_002)]
    [one] = messages(faults)
    assert one.endswith("and 9,980 more, status: expected one of new, active; found 'lost 2' and 499 other values (10,000 times)")


def test_twenty_values_that_are_wrong_in_the_same_way_are_all_told() -> None:
    faults = [fault(line, f"lost {line % 20}") for line in range(2, 10_002)]
    assert [each.count for each in listed(faults)] == [500] * 20


def test_details_in_brackets_do_not_keep_equal_faults_apart() -> None:
    """As of a file that holds all of its rows twice."""
    faults = [
        Fault("packages.csv", line, "package_id", f"each id once (also on line {line - 5000})", f"N{line}")
        for line in range(5002, 10_002)
    ]
    [one] = messages(faults)
    assert "expected each id once (also on line 2); found 'N5002' and 4,999 other values (5,000 times)" in one


def test_values_of_a_person_are_told_by_their_kind_and_one_is_shown_when_asked_for() -> None:
    faults = [fault(line, f"secret {line}", personal=True) for line in range(2, 102)]
    [hidden], [open_] = messages(faults), messages(faults, show_values=True)
    assert "secret" not in hidden
    assert "found not one of these (100 times)" in hidden
    assert "found 'secret 2' and 99 other values (100 times)" in open_


def test_several_faults_on_a_line_are_counted_and_the_line_is_named_once() -> None:
    [one] = messages([fault(line) for line in range(2, 13) for _ in range(2)])
    assert one.startswith("packages.csv, lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, status: ")
    assert one.endswith("(22 times)")


@pytest.mark.parametrize("seed", range(3))
def test_the_list_is_the_same_whatever_the_order_in_which_faults_were_found(seed: int) -> None:
    faults = [fault(line, f"lost {line % 37}", column=f"column {line % 3}") for line in range(2, 900)]
    assert listed(random.Random(seed).sample(faults, len(faults))) == listed(faults)


def test_a_list_that_is_listed_again_stays_as_it_is() -> None:
    once = listed([*(fault(line) for line in range(2, 100)), fault(3, "gone")])
    assert listed(once) == once


def test_equal_faults_of_features_are_one_with_the_numbers_of_the_features(folder: Folder) -> None:
    features = [area(f"B{n}", 100.0, None) for n in range(30)]
    folder.areas([*folder.features(), *features])
    one = the_fault(folder).message()
    assert one.startswith("areas.geojson, features 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, ")
    assert " 23 and 10 more, geometry: expected a Polygon" in one


def test_a_file_with_a_column_of_another_kind_is_told_in_few_lines(folder: Folder) -> None:
    rows = folder.rows("packages.csv")
    many = [rows[0] | {"package_id": f"M{n}", "start_by": f"{n % 28 + 1:02}/11/2026"} for n in range(300)]
    folder.put("packages.csv", [*rows, *many])
    found = [each for each in faults_of(folder) if each.column == "start_by"]
    assert [(each.count, len(each.places), each.other_values) for each in found] == [(300, PLACES_SHOWN, 27)]
    with pytest.raises(InputRefusedError) as refused:
        read_snapshot(folder.path)
    assert sum(each.count for each in refused.value.faults) == 300
