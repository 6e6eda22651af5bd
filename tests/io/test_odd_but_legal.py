"""What is odd but legal: accepted, with a note where somebody may have meant something else; and never repaired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from optimiser.domain.snapshot import OwnColumns
from optimiser.io.reading import read_snapshot
from tests.making.folders import OF_PEOPLE, TABLES, Folder, csv_text, faults_of, notes_of, shuffled


def test_the_small_county_is_accepted_without_a_note(folder: Folder) -> None:
    reading = read_snapshot(folder.path)
    snapshot = reading.snapshot
    assert reading.notes == ()
    assert [len(part) for part in (snapshot.areas, snapshot.providers, snapshot.contracts, snapshot.packages)] == [3, 4, 6, 10]
    assert [len(part) for part in (snapshot.visits, snapshot.rounds, snapshot.offers, snapshot.restrictions)] == [4, 1, 4, 2]


def test_records_stand_in_the_order_of_their_ids(folder: Folder) -> None:
    folder.put("packages.csv", folder.rows("packages.csv")[::-1])
    folder.areas(folder.features()[::-1])
    snapshot = read_snapshot(folder.path).snapshot
    assert [package.package_id for package in snapshot.packages] == [f"N{n}" for n in range(1, 7)] + [
        f"R{n}" for n in range(1, 5)
    ]
    assert [area.area_id for area in snapshot.areas] == ["A1", "A2", "A3"]


def with_marks(folder: Folder) -> None:
    for path in folder.path.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def with_line_ends(folder: Folder, end: bytes) -> None:
    for path in folder.path.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", end))


def with_line_ends_and_marks(folder: Folder) -> None:
    with_line_ends(folder, b"\r\n")
    with_marks(folder)


def without_the_last_line_end(folder: Folder) -> None:
    for name in TABLES:
        folder.write(name, folder.text(name).rstrip("\n"))


def quoted(folder: Folder) -> None:
    for name in TABLES:
        lines = folder.text(name).splitlines()
        folder.write(name, "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in lines))


SAME: list[tuple[str, Callable[[Folder], object]]] = [
    ("shuffled", lambda folder: shuffled(folder, 1)),
    ("shuffled in another way", lambda folder: shuffled(folder, 2)),
    ("with byte-order marks", with_marks),
    ("with Windows line ends", lambda folder: with_line_ends(folder, b"\r\n")),
    ("with both", with_line_ends_and_marks),
    ("with every cell in quotes", quoted),
    ("without a line end at the end", without_the_last_line_end),
    ("with lists in another order", lambda folder: folder.change("providers.csv", "ALDER", skills="dementia;double_handed")),
    ("with decimals written longer", lambda folder: folder.change("contracts.csv", "C1", guarantee="0.8", rate_band_1="24")),
    ("with a place written longer", lambda folder: folder.change("packages.csv", "N1", latitude="52.60500")),
    ("with a moment written shorter", lambda folder: folder.change("offers.csv", "OF1", offered_at="2026-11-21 17:00")),
    ("with the rates of bands 2 and 3 written out", lambda folder: folder.change("contracts.csv", "C1", rate_band_2="24.00")),
    ("with a guarantee of nothing", lambda folder: folder.change("contracts.csv", "C2", guarantee="0")),
    ("with the area that the outline says", lambda folder: folder.change("packages.csv", "N3", area_id="A1")),
]


@pytest.mark.parametrize("spell", [spell for _, spell in SAME], ids=[name for name, _ in SAME])
def test_the_same_facts_spelt_differently_are_the_same_snapshot(folder: Folder, spell: Callable[[Folder], object]) -> None:
    before = read_snapshot(folder.path)
    spell(folder)
    after = read_snapshot(folder.path)
    assert after.snapshot == before.snapshot
    assert after.snapshot.digest() == before.snapshot.digest()
    assert after.notes == ()


@pytest.mark.parametrize(
    ("name", "row", "cells"),
    [
        ("packages.csv", "N5", {"latitude": "52.6000001"}),
        ("packages.csv", "N5", {"hours_per_week": "3.75"}),
        ("packages.csv", "N5", {"priority": "planned"}),
        ("packages.csv", "R3", {"transfer_decision": ""}),
        ("providers.csv", "CEDAR", {"max_hours_4w": "900.500001"}),
        ("contracts.csv", "C1", {"rate_band_3": "24.01"}),
        ("contracts.csv", "C4", {"max_hours_4w": ""}),
        ("offers.csv", "OF1", {"reason": "no_capacity"}),
        ("offers.csv", "OF1", {"offered_at": "2026-11-21T17:00:00.000001"}),
        ("visits.csv", "V1", {"latest_start": "09:01"}),
        ("surgeries.csv", "S2", {"band_centre": "true"}),
        ("rounds.csv", "RD1", {"staff": "3"}),
        ("restrictions.csv", "X1", {"new_hours_4w": "41"}),
        ("offices.csv", "OF1", {"provider_id": "BIRCH"}),
    ],
)
def test_other_facts_have_another_digest(folder: Folder, name: str, row: str, cells: dict[str, str]) -> None:
    before = read_snapshot(folder.path).snapshot
    folder.change(name, row, **cells)
    after = read_snapshot(folder.path).snapshot
    assert after != before
    assert after.digest() != before.digest()


def test_a_text_that_imitates_the_digests_own_marks_does_not_pass_for_another_record(folder: Folder) -> None:
    first = next(row for row in folder.rows("restrictions.csv") if row["restriction_id"] == "X1")
    separate = read_snapshot(folder.path).snapshot
    second = ["X2", "BIRCH", "A2", "2026-09-01", "2026-12-24", "no_new_work", "None", "late visits"]
    folder.put("restrictions.csv", [first | {"reason": "new manager\x1e" + "\x1f".join(second)}])
    together = read_snapshot(folder.path).snapshot
    assert len(together.restrictions) == 1
    assert together.digest() != separate.digest()


def test_unknown_columns_are_a_note(folder: Folder) -> None:
    rows = [row | {"line_id": row["package_id"], "district": ""} for row in folder.rows("packages.csv")]
    before = read_snapshot(folder.path).snapshot
    folder.put("packages.csv", rows, ["line_id", *folder.header("packages.csv"), "district"])
    after = read_snapshot(folder.path).snapshot
    assert replace(after, extra={}) == before
    assert after.digest() == before.digest()
    kept = {row["package_id"]: {"line_id": row["package_id"]} for row in rows}
    assert after.extra == {"packages": OwnColumns(("line_id", "district"), kept)}
    assert notes_of(folder) == [
        "packages.csv: unknown column 'district' is kept and ignored",
        "packages.csv: unknown column 'line_id' is kept and ignored",
    ]


def test_a_file_whose_name_is_misspelt_is_a_note(folder: Folder) -> None:
    folder.write("restriction.csv", folder.text("restrictions.csv"))
    folder.write("README.md", "Ours.\n")
    assert notes_of(folder) == ["restriction.csv: unknown file is ignored"]


def test_a_heading_with_blanks_around_it_is_another_heading(folder: Folder) -> None:
    folder.write("rounds.csv", folder.text("rounds.csv").replace("staff,", "staff ,"))
    assert [(fault.line, fault.column) for fault in faults_of(folder)] == [(1, "staff")]


def test_blank_lines_are_counted_in_one_note(folder: Folder) -> None:
    folder.write("offers.csv", folder.text("offers.csv").replace("\nOF3", "\n\n\nOF3") + "\n")
    assert notes_of(folder) == ["offers.csv: blank line is ignored (3 times)"]


def test_blank_lines_do_not_shift_the_lines_of_faults(folder: Folder) -> None:
    folder.write("offers.csv", folder.text("offers.csv").replace("\nOF3", "\n\n\nOF3").replace("accepted", "agreed"))
    assert [fault.line for fault in faults_of(folder)] == [6, 7]


@pytest.mark.parametrize("remaining", [2, 1, 0])
def test_fewer_than_three_framework_providers_in_a_live_area_are_a_note(folder: Folder, remaining: int) -> None:
    folder.drop("offers.csv", "OF2")
    folder.drop("packages.csv", "R2")
    folder.drop("contracts.csv", *["C2", "C3", "C4"][remaining:])
    assert notes_of(folder) == ["contracts.csv: area A1 has fewer than 3 framework contracts in force"]


def test_a_framework_contract_that_has_ended_does_not_count_among_the_three(folder: Folder) -> None:
    folder.change("contracts.csv", "C4", ends="2026-11-23")
    assert notes_of(folder) == ["contracts.csv: area A1 has fewer than 3 framework contracts in force"]


def test_running_care_on_a_contract_that_has_ended_is_a_note(folder: Folder) -> None:
    folder.change("contracts.csv", "C6", ends="2026-11-23")
    assert notes_of(folder) == [
        "offers.csv: an offer on a contract that has ended, with no successor that has begun, stays on it",
        "packages.csv: running care on a contract that is not in force stays where it is",
    ]


def test_a_rating_without_its_date_is_a_note(folder: Folder) -> None:
    folder.change("providers.csv", "CEDAR", pamms_published="")
    assert notes_of(folder) == ["providers.csv: a PAMMS rating without a publication date does not count"]


def test_a_guarantee_without_a_maximum_is_a_note(folder: Folder) -> None:
    folder.change("contracts.csv", "C1", max_hours_4w="")
    assert notes_of(folder) == ["contracts.csv: a guarantee without max_hours_4w guarantees nothing"]


def test_a_period_of_no_day_is_a_note(folder: Folder) -> None:
    folder.change("restrictions.csv", "X2", ends="2026-09-01")
    assert notes_of(folder) == ["restrictions.csv: a period that ends on the day it starts never covers a day"]


def test_two_places_outside_the_outlines_they_name_are_counted(folder: Folder) -> None:
    folder.change("packages.csv", "N1", latitude="52.71")
    folder.change("packages.csv", "N2", latitude="52.49")
    folder.change("surgeries.csv", "S1", longitude="1.25")
    notes = notes_of(folder)
    assert [note.split(":")[0] for note in notes] == ["packages.csv", "surgeries.csv"]
    assert notes[0].endswith("(2 times)")
    assert "52." not in "".join(notes)


ODD_TEXTS = [
    "=1+1",
    "+44 1603",
    "-",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    '"quoted"',
    "a,b;c",
    " blanks ",
    "Zoë ☕",
    "e\u0301",
    "<b>",
]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_text_survives_to_the_byte(folder: Folder, text: str) -> None:
    folder.change("providers.csv", "ALDER", name=text)
    folder.change("offers.csv", "OF1", reason=text)
    folder.change("packages.csv", "R2", protected=text)
    snapshot = read_snapshot(folder.path).snapshot
    assert snapshot.providers[0].name == text
    assert snapshot.offers[0].reason == text
    assert snapshot.packages[7].protected == text


@pytest.mark.parametrize("package_id", ["=N5", "+N5", "-N5", "@N5", "ÑÅ5", "N 5", "007", "N,5", "5e3"])
def test_an_id_survives_to_the_byte(folder: Folder, package_id: str) -> None:
    folder.change("packages.csv", "N5", package_id=package_id)
    folder.change("offers.csv", "OF2", package_id=package_id)
    assert package_id in [package.package_id for package in read_snapshot(folder.path).snapshot.packages]


def test_a_line_break_inside_a_text_is_kept_as_it_stands(folder: Folder) -> None:
    folder.change("offers.csv", "OF1", reason="first\r\nsecond\nthird")
    assert read_snapshot(folder.path).snapshot.offers[0].reason == "first\r\nsecond\nthird"


def test_reading_changes_nothing_on_disk(folder: Folder) -> None:
    def state() -> list[tuple[Path, bytes, int]]:
        return [(path, path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.path.iterdir())]

    before = state()
    read_snapshot(folder.path)
    folder.change("packages.csv", "N5", status="lost")
    spoiled = state()
    faults_of(folder)
    assert state() == spoiled
    assert [path for path, _, _ in spoiled] == [path for path, _, _ in before]


def test_a_county_where_nobody_waits_and_nobody_is_cared_for_is_accepted(folder: Folder) -> None:
    for name in (*OF_PEOPLE, "rounds.csv"):
        folder.write(name, csv_text(folder.header(name), []))
    assert read_snapshot(folder.path).snapshot.packages == ()
