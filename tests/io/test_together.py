"""What must hold between the rows and files of a snapshot: ids, references, contracts, visits, offers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from optimiser.county import County
from optimiser.io.faults import Fault
from optimiser.io.reading import read_snapshot
from optimiser.io.validating import LONG_NIGHT
from tests.making.folders import Folder, accepted, faults_of, notes_of, the_fault

FIRST = {
    "surgeries.csv": "S1",
    "providers.csv": "CEDAR",
    "offices.csv": "OF3",
    "contracts.csv": "C3",
    "restrictions.csv": "X2",
    "packages.csv": "N5",
    "visits.csv": "V3",
    "rounds.csv": "RD1",
    "offers.csv": "OF2",
}


def at(folder: Folder, name: str, line: int, column: str) -> Fault:
    """The one fault at a place, whatever else is wrong."""
    [found] = [fault for fault in faults_of(folder) if (fault.file, fault.line, fault.column) == (name, line, column)]
    return found


@pytest.mark.parametrize("name", FIRST)
def test_an_id_that_is_there_twice_names_both_lines(folder: Folder, name: str) -> None:
    key = folder.header(name)[0]
    first = 2 + [row[key] for row in folder.rows(name)].index(FIRST[name])
    line = folder.add(name, FIRST[name])
    fault = at(folder, name, line, key)
    assert fault.found == FIRST[name]
    assert f"line {first}" in fault.expected


@pytest.mark.parametrize(
    ("name", "row"),
    [("packages.csv", "N1"), ("packages.csv", "R1"), ("visits.csv", "V1"), ("contracts.csv", "C1"), ("offers.csv", "OF3")],
)
def test_an_id_that_is_there_twice_is_blamed_alone(folder: Folder, name: str, row: str) -> None:
    line = folder.add(name, row)
    assert (the_fault(folder).file, the_fault(folder).line) == (name, line)


def test_a_package_that_is_there_twice_with_other_hours_is_blamed_alone(folder: Folder) -> None:
    line = folder.add("packages.csv", "N1", hours_per_week="3.5", visits_per_week="7")
    assert (the_fault(folder).line, the_fault(folder).column) == (line, "package_id")


def test_an_area_that_is_there_twice_is_refused_and_no_place_in_it_is_blamed(folder: Folder) -> None:
    folder.areas([*folder.features(), folder.features()[0]])
    fault = the_fault(folder)
    assert (fault.file, fault.found) == ("areas.geojson", "A1")
    assert "once" in fault.expected


REFERENCES = [
    ("surgeries.csv", "S1", "area_id"),
    ("offices.csv", "OF2", "provider_id"),
    ("contracts.csv", "C3", "provider_id"),
    ("contracts.csv", "C3", "area_id"),
    ("restrictions.csv", "X2", "provider_id"),
    ("restrictions.csv", "X2", "area_id"),
    ("packages.csv", "N5", "area_id"),
    ("packages.csv", "R1", "contract_id"),
    ("packages.csv", "R1", "round_id"),
    ("visits.csv", "V1", "package_id"),
    ("rounds.csv", "RD1", "provider_id"),
    ("rounds.csv", "RD1", "area_id"),
    ("offers.csv", "OF1", "package_id"),
    ("offers.csv", "OF1", "contract_id"),
]


@pytest.mark.parametrize(("name", "row", "column"), REFERENCES)
def test_an_unknown_id_is_named(folder: Folder, name: str, row: str, column: str) -> None:
    line = folder.change(name, row, **{column: "NOBODY"})
    fault = at(folder, name, line, column)
    assert (fault.expected, fault.found) == (f"a known {column}", "NOBODY")


def test_an_id_is_matched_to_the_letter(folder: Folder) -> None:
    line = folder.change("offices.csv", "OF2", provider_id="Alder")
    assert the_fault(folder).line == line


def test_an_unknown_contract_before_a_hospital_stay_is_named(folder: Folder) -> None:
    rows = folder.rows("packages.csv")
    for row in rows:
        row["previous_contract_id"] = "C99" if row["package_id"] == "N2" else ""
    folder.put("packages.csv", rows, [*folder.header("packages.csv"), "previous_contract_id"])
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column, fault.found) == ("packages.csv", 3, "previous_contract_id", "C99")


def test_each_unknown_excluded_provider_is_a_fault_that_hides_it(folder: Folder) -> None:
    line = folder.change("packages.csv", "N2", excluded_provider_ids="ELMTREE;BIRCH;FIRTREE")
    faults = faults_of(folder)
    assert [(fault.line, fault.column, fault.found) for fault in faults] == [
        (line, "excluded_provider_ids", "ELMTREE"),
        (line, "excluded_provider_ids", "FIRTREE"),
    ]
    assert not any("TREE" in fault.message() for fault in faults)


def test_two_principals_in_force_in_one_area_are_refused(folder: Folder) -> None:
    line = folder.add("contracts.csv", "C1", contract_id="C7", provider_id="BIRCH")
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column, fault.found) == ("contracts.csv", line, "tier", "C7")
    assert "area A1 has C1" in fault.expected


@pytest.mark.parametrize(
    "cells",
    [
        {"starts": "2026-11-23", "ends": "2026-11-23"},
        {"starts": "2032-04-01", "ends": ""},
        {"starts": "2020-04-01", "ends": "2026-04-01"},
        {"area_id": "A2"},
        {"tier": "framework"},
    ],
)
def test_two_principals_not_both_in_force_in_one_area_are_fine(folder: Folder, cells: dict[str, str]) -> None:
    folder.add("contracts.csv", "C1", **{"contract_id": "C7", "provider_id": "BIRCH", **cells})
    assert len(read_snapshot(folder.path).snapshot.contracts) == 7


@pytest.mark.parametrize(
    ("cells", "day"),
    [({"ends": "2026-11-23"}, "2026-04-01"), ({"starts": "2026-11-24"}, "2026-11-24"), ({"starts": ""}, "2026-11-23")],
)
def test_two_principals_in_force_on_any_day_are_refused(folder: Folder, cells: dict[str, str], day: str) -> None:
    line = folder.add("contracts.csv", "C1", **{"contract_id": "C7", "provider_id": "BIRCH", **cells})
    fault = the_fault(folder)
    assert (fault.line, fault.column, fault.found) == (line, "tier", "C7")
    assert f"on {day} (area A1 has C1 too)" in fault.expected


@pytest.mark.parametrize("tier", ["principal", "framework"])
def test_principal_and_framework_contracts_are_not_county_wide(folder: Folder, tier: str) -> None:
    line = folder.change("contracts.csv", "C5", tier=tier)
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column, fault.found) == ("contracts.csv", line, "area_id", "empty")


def test_running_care_needs_a_contract(folder: Folder) -> None:
    line = folder.change("packages.csv", "R2", contract_id="")
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column, fault.found) == ("packages.csv", line, "contract_id", "empty")


def test_new_care_has_no_contract(folder: Folder) -> None:
    line = folder.change("packages.csv", "N5", contract_id="C2")
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column, fault.found) == ("packages.csv", line, "contract_id", "C2")


def test_running_care_is_not_on_a_contract_of_another_area(folder: Folder) -> None:
    line = folder.change("packages.csv", "R3", contract_id="C1")
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column, fault.found) == ("packages.csv", line, "contract_id", "C1 of area A1")
    assert "area A2" in fault.expected


def test_running_care_may_be_on_a_county_wide_contract(folder: Folder) -> None:
    folder.change("packages.csv", "R3", contract_id="C5")
    assert notes_of(folder) == []


@pytest.mark.parametrize(("name", "row"), [("contracts.csv", "C1"), ("restrictions.csv", "X2")])
def test_a_period_does_not_end_before_it_starts(folder: Folder, name: str, row: str) -> None:
    line = folder.change(name, row, starts="2026-09-01", ends="2026-08-31")
    fault = at(folder, name, line, "ends")
    assert fault.found == "2026-08-31"
    assert "2026-09-01" in fault.expected


@pytest.mark.parametrize(
    ("cells", "column", "expected", "found"),
    [
        ({"hours_per_week": "7.25"}, "hours_per_week", "the sum of its visits, 7", "7.25"),
        ({"visits_per_week": "7"}, "visits_per_week", "the number of its visits, 14", "7"),
        ({"workers": "2"}, "workers", "the most that a visit needs, 1", "2"),
    ],
)
def test_hours_visits_and_workers_agree_with_the_visits(
    folder: Folder, cells: dict[str, str], column: str, expected: str, found: str
) -> None:
    line = folder.change("packages.csv", "N1", **cells)
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column) == ("packages.csv", line, column)
    assert (fault.expected, fault.found) == (expected, found)


def test_hours_and_visits_are_free_where_no_visits_are_given(folder: Folder) -> None:
    folder.change("packages.csv", "N2", hours_per_week="99.75", visits_per_week="1")
    assert notes_of(folder) == []


def test_a_latest_start_before_the_earliest_is_on_the_next_day(folder: Folder) -> None:
    folder.change("visits.csv", "V1", earliest_start="23:00", latest_start="01:00")
    assert notes_of(folder) == []


def test_so_long_a_window_over_midnight_is_rather_the_wrong_way_round(folder: Folder) -> None:
    folder.change("visits.csv", "V1", earliest_start="09:00", latest_start="08:59")
    assert notes_of(folder) == [f"visits.csv: {LONG_NIGHT}"]
    folder.change("visits.csv", "V1", earliest_start="20:00", latest_start="08:00")
    assert notes_of(folder) == []


def test_every_provider_has_an_office(folder: Folder) -> None:
    folder.drop("offices.csv", "OF5")
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column, fault.found) == ("providers.csv", 5, "provider_id", "DOGWOOD")


def test_at_least_one_surgery_is_a_band_centre(folder: Folder) -> None:
    folder.change("surgeries.csv", "S1", band_centre="false")
    fault = the_fault(folder)
    assert (fault.file, fault.column) == ("surgeries.csv", "band_centre")


def test_a_county_without_any_surgery_is_refused_as_it_has_no_band_centre(folder: Folder) -> None:
    folder.put("surgeries.csv", [])
    fault = the_fault(folder)
    assert (fault.file, fault.column) == ("surgeries.csv", "band_centre")


@pytest.mark.parametrize("column", ["new_hours_4w", "starts"])
def test_a_cap_has_hours_and_a_start(folder: Folder, column: str) -> None:
    line = folder.change("restrictions.csv", "X1", **{column: ""})
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column, fault.found) == ("restrictions.csv", line, column, "empty")


@pytest.mark.parametrize("contract_id", ["C6", "C5"])
def test_new_care_has_one_accepted_offer_at_most(folder: Folder, contract_id: str) -> None:
    line = folder.add("offers.csv", "OF3", offer_id="OF9", contract_id=contract_id)
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column) == ("offers.csv", line, "response")
    assert "OF3" in fault.expected


def test_two_accepted_offers_of_running_care_are_history(folder: Folder) -> None:
    folder.add("offers.csv", "OF4", offer_id="OF9", contract_id="C2")
    assert notes_of(folder) == []


def test_an_answer_does_not_come_before_its_offer(folder: Folder) -> None:
    line = folder.change("offers.csv", "OF1", responded_at="2026-11-21T16:59:59")
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column, fault.found) == ("offers.csv", line, "responded_at", "2026-11-21 16:59:59")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: folder.change("offers.csv", "OF1", responded_at="9999-12-31T12:00:00"),
        lambda folder: folder.policy("decline_days = 999999999"),
        lambda folder: folder.policy("decline_days = 1000000000"),
        lambda folder: folder.policy("decline_days = 3000000"),
    ],
)
def test_a_decline_that_stands_beyond_the_end_of_the_calendar_crashes_nothing(
    folder: Folder, spoil: Callable[[Folder], object]
) -> None:
    spoil(folder)
    snapshot = accepted(folder)
    assert snapshot is None or len(County.of(snapshot).packages) == 10


@pytest.mark.parametrize(
    ("cells", "noted"),
    [
        ({"offered_at": "2026-11-24T00:00:00", "responded_at": ""}, True),
        ({"responded_at": "2026-11-24T00:00:00"}, True),
        ({"offered_at": "2026-11-24T09:00:00", "responded_at": "2026-11-25T09:00:00"}, True),
        ({"offered_at": "2026-11-23T23:59:59", "responded_at": "2026-11-23T23:59:59"}, False),
    ],
)
def test_an_offer_or_an_answer_from_the_future_is_noted_once(folder: Folder, cells: dict[str, str], noted: bool) -> None:
    folder.change("offers.csv", "OF1", **cells)
    assert notes_of(folder) == (["offers.csv: an offer was made or answered after as_of"] if noted else [])


PLANTED: list[tuple[str, int, str]] = [
    ("areas.geojson", 0, "feature 2"),
    ("contracts.csv", 3, "rate_band_1"),
    ("contracts.csv", 4, "max_hours_4w"),
    ("offers.csv", 2, "offered_at"),
    ("offices.csv", 3, "latitude"),
    ("packages.csv", 3, "hours_per_week"),
    ("packages.csv", 11, "status"),
    ("providers.csv", 2, "cqc_rating"),
    ("restrictions.csv", 2, "kind"),
    ("rounds.csv", 2, "staff"),
    ("snapshot.toml", 0, "policy.max_moves"),
    ("surgeries.csv", 3, "band_centre"),
    ("visits.csv", 5, "days"),
]


def test_every_fault_of_every_file_is_found_in_one_go_and_in_order(folder: Folder) -> None:
    folder.change("contracts.csv", "C2", rate_band_1="£25")
    folder.change("contracts.csv", "C3", max_hours_4w="sixty")
    folder.change("offers.csv", "OF1", offered_at="yesterday")
    folder.change("offices.csv", "OF2", latitude="52,60")
    folder.change("packages.csv", "N2", hours_per_week="10.4")
    folder.change("packages.csv", "R4", status="running")
    folder.change("providers.csv", "ALDER", cqc_rating="superb")
    folder.change("restrictions.csv", "X1", kind="paused")
    folder.change("rounds.csv", "RD1", staff="two")
    folder.change("surgeries.csv", "S2", band_centre="no")
    folder.change("visits.csv", "V4", days="monday")
    folder.policy("max_moves = 2.5")
    folder.areas([feature | ({"properties": []} if index == 1 else {}) for index, feature in enumerate(folder.features())])
    faults = faults_of(folder)
    assert {(fault.file, fault.line, fault.column) for fault in faults} >= set(PLANTED)
    assert faults == sorted(faults)


def test_the_refusal_says_how_many_faults_there_are_and_no_value(folder: Folder) -> None:
    folder.change("packages.csv", "N5", latitude="12.3456", longitude="65.4321")
    with pytest.raises(Exception, match=r"^the input has \d+ fault\(s\)$"):
        read_snapshot(folder.path)
