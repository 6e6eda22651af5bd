"""What is recorded of people beside their care: how they are safe meanwhile, decisions about moves, answers and wishes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from optimiser.io.exporting import snapshot_files
from optimiser.io.reading import read_snapshot
from tests.making.folders import Folder, faults_of

FILES = ("meanwhile.csv", "decisions.csv", "answers.csv")


def test_a_county_without_such_files_has_the_digest_and_the_files_that_it_had(folder: Folder) -> None:
    whole = read_snapshot(folder.path).snapshot
    for name in FILES:
        (folder.path / name).unlink()
    without = read_snapshot(folder.path).snapshot
    assert replace(whole, meanwhile=(), decisions=(), answers=()).digest() == without.digest() != whole.digest()
    assert set(snapshot_files(whole)) - set(snapshot_files(without)) == set(FILES)


SPOILT = [
    ("meanwhile.csv", "R1", {"package_id": "N99"}, "a known package_id"),
    ("meanwhile.csv", "R1", {"where": "at_home"}, "home_alone"),
    ("meanwhile.csv", "R3", {"chosen_by": ""}, "who chose"),
    ("meanwhile.csv", "R3", {"choice_until": ""}, "the day on which the interim bed ends"),
    ("meanwhile.csv", "R3", {"choice": "bridge", "choice_until": ""}, "the day on which the bridge ends"),
    ("decisions.csv", "DE1", {"package_id": "R99"}, "a known package_id"),
    ("decisions.csv", "DE1", {"to_provider_id": "NOBODY"}, "a known provider_id"),
    ("decisions.csv", "DE1", {"move": "anything"}, "hand_back"),
    ("decisions.csv", "DE1", {"valid_to": "2026-10-01"}, "a day after decided_on (2026-10-01)"),
    ("answers.csv", "AN1", {"provider_id": "NOBODY"}, "a known provider_id"),
    ("answers.csv", "AN1", {"given_by": "neighbour"}, "best_interests"),
    ("answers.csv", "AN1", {"answered_at": ""}, "a date and time"),
]


def test_an_approved_price_and_a_wish_are_columns_of_their_own_and_a_price_is_somebodys(folder: Folder) -> None:
    before = read_snapshot(folder.path).snapshot.digest()
    more = {"approved_weekly_gbp": "412.5", "wish": "Her niece, please."}
    rows = [row | (more if row["package_id"] == "R3" else dict.fromkeys(more, "")) for row in folder.rows("meanwhile.csv")]
    header = [*folder.header("meanwhile.csv"), *more]
    folder.put("meanwhile.csv", [row | dict.fromkeys(more, "") for row in rows], header)
    assert read_snapshot(folder.path).snapshot.digest() == before, "nothing new is said"
    folder.put("meanwhile.csv", rows, header)
    (fault,) = faults_of(folder)
    assert (fault.column, fault.expected) == ("approved_by", "who approved the price")
    folder.change("meanwhile.csv", "R3", approved_by="Cora Officer")
    whole = read_snapshot(folder.path).snapshot
    (plan,) = (each for each in whole.meanwhile if each.package_id == "R3")
    assert (plan.approved_weekly_pence, plan.wish) == (41_250, "Her niece, please.")
    assert whole.digest() != before
    assert b",412.50," in snapshot_files(whole)["meanwhile.csv"]
    for wrong in ("412.505", "-1", "dear"):
        folder.change("meanwhile.csv", "R3", approved_weekly_gbp=wrong)
        assert [each.column for each in faults_of(folder)] == ["approved_weekly_gbp"]


@pytest.mark.parametrize(("file", "row_id", "cells", "expected"), SPOILT)
def test_a_wrong_one_is_refused_with_what_was_expected(
    folder: Folder, file: str, row_id: str, cells: dict[str, str], expected: str
) -> None:
    folder.change(file, row_id, **cells)
    (fault,) = faults_of(folder)
    assert fault.file == file
    assert expected in fault.expected


def test_a_preferred_provider_is_one_that_there_is_and_a_wrong_one_is_not_told(folder: Folder) -> None:
    rows = folder.rows("packages.csv")
    for row in rows:
        row["preferred_provider_ids"] = "ALDER;NOBODY" if row["package_id"] == "N3" else ""
    folder.put("packages.csv", rows, rows[0])
    (fault,) = faults_of(folder)
    assert (fault.column, fault.personal) == ("preferred_provider_ids", True)
    assert "NOBODY" not in str(fault)


def test_wishes_and_ways_of_writing_are_read_and_written_again(folder: Folder) -> None:
    wishes = {
        "first_visit_at": "2026-05-04T08:10:00",
        "worker_gender": "female",
        "worker_languages": "pl;en",
        "preferred_provider_ids": "BIRCH",
        "household_id": "H1",
        "formats": "large_print;easy_read",
        "language": "Polish",
        "write_to": "her daughter",
    }
    rows = folder.rows("packages.csv")
    for row in rows:
        row.update(wishes if row["package_id"] == "R1" else dict.fromkeys(wishes, ""))
    folder.put("packages.csv", rows, rows[0])
    snapshot = read_snapshot(folder.path).snapshot
    (person,) = (each for each in snapshot.packages if each.package_id == "R1")
    assert (person.first_visit_at, person.worker_gender) == (dt.datetime(2026, 5, 4, 8, 10), "female")
    assert (person.worker_languages, person.preferred_provider_ids) == (("en", "pl"), ("BIRCH",))
    assert (person.formats, person.language, person.write_to) == (("easy_read", "large_print"), "Polish", "her daughter")
    for name, content in snapshot_files(snapshot).items():
        folder.write(name, content)
    assert read_snapshot(folder.path).snapshot == snapshot


def test_a_decision_counts_for_its_move_its_provider_and_its_days(folder: Folder) -> None:
    (decision,) = read_snapshot(folder.path).snapshot.decisions
    days = [dt.date(2026, 9, 30), dt.date(2026, 10, 1), dt.date(2027, 3, 31), dt.date(2027, 4, 1)]
    assert [decision.counts("transfer", "ALDER", day) for day in days] == [False, True, True, False]
    assert not decision.counts("reoptimise", "ALDER", days[1])
    assert not decision.counts("transfer", "BIRCH", days[1])
    assert replace(decision, to_provider_id="").counts("transfer", "BIRCH", days[1])
