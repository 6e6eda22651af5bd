"""Contracts that follow each other, prices that change, services, bundles, parts, the reserve: what is refused, what is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimiser.io.exporting import write_snapshot
from optimiser.io.reading import read_snapshot
from tests.making.folders import Folder, faults_of, notes_of, the_fault

NEW_COLUMNS = {"contracts.csv": ("succeeds", "service"), "packages.csv": ("service", "bundle_id", "part_of")}


@pytest.fixture
def wide(folder: Folder) -> Folder:
    """The small county with the columns that may be left out, and C2 taken over by C2-2."""
    for name, columns in NEW_COLUMNS.items():
        rows = [{**row, **dict.fromkeys(columns, "")} for row in folder.rows(name)]
        folder.put(name, rows, [*folder.header(name), *columns])
    folder.change("contracts.csv", "C2", ends="2026-10-01")
    folder.add("contracts.csv", "C2", contract_id="C2-2", starts="2026-10-01", ends="", succeeds="C2")
    return folder


def test_care_under_a_contract_that_another_took_over_is_no_note(wide: Folder) -> None:
    assert notes_of(wide) == []
    wide.change("contracts.csv", "C2-2", starts="2026-12-01")
    assert sorted(notes_of(wide)) == [
        "contracts.csv: area A1 has fewer than 3 framework contracts in force",
        "offers.csv: an offer on a contract that has ended, with no successor that has begun, stays on it",
        "packages.csv: running care on a contract that is not in force stays where it is",
    ]


MISFITS = [
    ({"succeeds": "C99"}, "succeeds", "a known contract_id"),
    ({"provider_id": "CEDAR"}, "provider_id", "that of C2, which it succeeds (BIRCH)"),
    ({"tier": "legacy"}, "tier", "that of C2, which it succeeds (framework)"),
    ({"area_id": "A2"}, "area_id", "that of C2, which it succeeds (A1)"),
    ({"starts": ""}, "starts", "a date, since it succeeds another contract"),
    ({"starts": "2026-09-30"}, "starts", "a date not before C2, which it succeeds, ends (2026-10-01)"),
    ({"succeeds": "C4", "provider_id": "DOGWOOD"}, "succeeds", "a contract with an end, since another takes over from it"),
    ({"succeeds": "C2-2"}, "succeeds", "contracts that do not follow each other in a circle"),
]


@pytest.mark.parametrize(("cells", "column", "expected"), MISFITS, ids=[f"{case[1]} {case[2][:20]}" for case in MISFITS])
def test_a_successor_that_does_not_fit_is_refused(wide: Folder, cells: dict[str, str], column: str, expected: str) -> None:
    line = wide.change("contracts.csv", "C2-2", **cells)
    fault = the_fault(wide)
    assert (fault.file, fault.line, fault.column, fault.expected) == ("contracts.csv", line, column, expected)


def test_a_contract_has_one_successor(wide: Folder) -> None:
    line = wide.add("contracts.csv", "C2-2", contract_id="C2-3")
    assert (the_fault(wide).line, the_fault(wide).expected) == (line, "one successor for a contract (also C2-2)")


def test_contracts_in_a_circle_are_each_refused(wide: Folder) -> None:
    wide.change("contracts.csv", "C2", starts="2026-12-01", ends="2026-12-01", succeeds="C2-2")
    wide.change("contracts.csv", "C2-2", starts="2026-12-01", ends="2026-12-01")
    assert [fault.expected for fault in faults_of(wide)] == ["contracts that do not follow each other in a circle"] * 2


def test_prices_belong_to_a_contract_and_a_day(folder: Folder) -> None:
    line = folder.add("rates.csv", "C5", contract_id="C99")
    assert (the_fault(folder).line, the_fault(folder).column, the_fault(folder).found) == (line, "contract_id", "C99")
    folder.change("rates.csv", "C99", contract_id="C5")
    fault = the_fault(folder)
    assert (fault.line, fault.column, fault.expected) == (line, "starts", "each id once (also on line 3)")


@pytest.mark.parametrize("column", ["starts", "rate_band_1"])
def test_a_line_of_prices_needs_its_day_and_its_price(folder: Folder, column: str) -> None:
    line = folder.change("rates.csv", "C6", **{column: ""})
    assert (the_fault(folder).line, the_fault(folder).column) == (line, column)


def test_an_empty_price_is_that_of_band_1_and_prices_outside_of_their_contract_are_a_note(folder: Folder) -> None:
    rates = {rate.rate_id: rate.rates_pence for rate in read_snapshot(folder.path).snapshot.rates}
    assert rates["C1 2026-04-08"] == (2550, 2700, 2550)
    folder.change("rates.csv", "C6", starts="2027-04-01")
    assert notes_of(folder) == ["rates.csv: prices begin on a day on which their contract is not in force"]


def test_a_service_is_for_specialists_alone(wide: Folder) -> None:
    line = wide.change("contracts.csv", "C5", service="night")
    assert (the_fault(wide).line, the_fault(wide).column, the_fault(wide).found) == (line, "service", "night")
    wide.change("contracts.csv", "C5", tier="specialist", service="")
    assert (the_fault(wide).expected, the_fault(wide).found) == ("a service, since the tier is specialist", "empty")
    wide.change("contracts.csv", "C5", service="night")
    assert notes_of(wide) == ["packages.csv: running care whose service is not its contract's stays where it is"]
    wide.change("packages.csv", "R4", service="night")
    wide.change("packages.csv", "N4", service="day_centre")
    assert notes_of(wide) == ["packages.csv: a package has a service that no contract offers"]


def test_a_bundle_is_of_one_area_and_one_service_but_for_those_asked_already(wide: Folder) -> None:
    for package_id in ("N1", "N3", "N5", "R1", "R3"):
        wide.change("packages.csv", package_id, bundle_id="B1")
    assert notes_of(wide) == []
    wide.change("packages.csv", "N5", area_id="A2", service="night")  # N5 is being asked for
    assert notes_of(wide) == [
        "packages.csv: a package has a service that no contract offers",
        "packages.csv: a place lies outside the outline of the area that it names; the name counts",
    ]
    line = wide.change("packages.csv", "N3", service="night")
    assert (the_fault(wide).line, the_fault(wide).column) == (line, "service")
    assert the_fault(wide).expected == "that of N1, in the same bundle (empty)"


def test_a_part_is_of_a_whole_package_at_the_same_place(wide: Folder) -> None:
    line = wide.change("packages.csv", "N3", part_of="N99")
    assert (the_fault(wide).line, the_fault(wide).column, the_fault(wide).found) == (line, "part_of", "N99")
    wide.change("packages.csv", "N3", part_of="N1")
    assert the_fault(wide).expected == "a package at the same place"
    wide.change("packages.csv", "N3", latitude="52.605", longitude="1.105")
    assert notes_of(wide) == []
    wide.change("packages.csv", "N1", part_of="N1")
    assert {fault.expected for fault in faults_of(wide)} == {"a package that is not itself a part of another"}


def test_the_reserve_is_opened_for_known_areas(folder: Folder) -> None:
    settings = folder.text("snapshot.toml")
    folder.write("snapshot.toml", f'{settings}[reserve]\nareas = ["A2", "A1", "A2"]\n')
    assert read_snapshot(folder.path).snapshot.reserve_areas == ("A1", "A2")
    for lines, column in (
        ('areas = ["A9"]', "reserve.areas"),
        ('area = ["A1"]', "reserve.area"),
        ("areas = [1]", "reserve.areas"),
    ):
        folder.write("snapshot.toml", f"{settings}[reserve]\n{lines}\n")
        assert the_fault(folder).column == column


def test_a_principal_that_nobody_rates_good_is_a_note(folder: Folder) -> None:
    folder.change("providers.csv", "ALDER", cqc_rating="requires_improvement")
    assert notes_of(folder) == []  # the council has published that it is good
    folder.change("providers.csv", "ALDER", pamms_published="2026-11-24")
    assert notes_of(folder) == ["contracts.csv: a principal contract's provider is rated good or better by neither CQC nor PAMMS"]


def test_the_day_first_planned_is_kept(folder: Folder) -> None:
    features = folder.features()
    features[0]["properties"]["go_live_planned"] = "2026-01-01"
    features[1]["properties"]["go_live_planned"] = None
    folder.areas(features)
    assert [str(area.go_live_planned) for area in read_snapshot(folder.path).snapshot.areas] == ["2026-01-01", "None", "None"]
    features[0]["properties"]["go_live_planned"] = "soon"
    folder.areas(features)
    assert the_fault(folder).column == "feature 1, go_live_planned"


def test_all_of_it_comes_back_from_an_export_and_counts_in_the_digest(wide: Folder, tmp_path: Path) -> None:
    plain = read_snapshot(wide.path).snapshot
    wide.change("packages.csv", "N1", bundle_id="B1")
    wide.change("packages.csv", "N3", part_of="N1", latitude="52.605", longitude="1.105")
    wide.add("contracts.csv", "C5", contract_id="S1", tier="specialist", service="night")
    wide.write("snapshot.toml", wide.text("snapshot.toml") + '[reserve]\nareas = ["A1"]\n')
    features = wide.features()
    features[0]["properties"]["go_live_planned"] = "2026-01-01"
    wide.areas(features)
    full = read_snapshot(wide.path).snapshot
    write_snapshot(full, tmp_path / "out")
    assert read_snapshot(tmp_path / "out").snapshot == full
    assert full.digest() != plain.digest()


def test_a_county_without_any_of_it_is_written_as_it_was(folder: Folder, tmp_path: Path) -> None:
    (folder.path / "rates.csv").unlink()
    write_snapshot(read_snapshot(folder.path).snapshot, tmp_path / "out")
    assert not (tmp_path / "out" / "rates.csv").exists()
    for name, columns in NEW_COLUMNS.items():
        assert set(columns).isdisjoint(Folder(tmp_path / "out").header(name))
