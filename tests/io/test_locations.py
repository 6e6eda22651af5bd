"""What CQC rates, in a folder: a provider's rating is the worst of its locations', and a contract names one of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimiser.domain.policy import QualitySettings
from optimiser.io.exporting import write_snapshot
from optimiser.io.reading import read_snapshot
from tests.making.folders import SETTINGS, Folder, notes_of, the_fault

LOCATIONS = "locations.csv"


def naming(folder: Folder, contract_id: str, location_id: str) -> int:
    """A contract names a location; the line of it."""
    header = [name for name in folder.header("contracts.csv") if name != "location_id"]
    folder.put("contracts.csv", [{**row, "location_id": ""} for row in folder.rows("contracts.csv")], [*header, "location_id"])
    return folder.change("contracts.csv", contract_id, location_id=location_id)


def test_a_providers_rating_is_the_worst_of_its_locations(folder: Folder) -> None:
    assert notes_of(folder) == []
    folder.add(LOCATIONS, "1-11", location_id="1-13", name="Cedar Lodge", cqc_rating="inadequate")
    fault = the_fault(folder)
    assert (fault.file, fault.column, fault.found) == ("providers.csv", "cqc_rating", "good")
    assert fault.expected == "inadequate, the worst rating of its locations: a rating is changed at its location"
    folder.change("providers.csv", "CEDAR", cqc_rating="inadequate")
    assert [each.cqc_rating for each in read_snapshot(folder.path).snapshot.locations] == ["good", "outstanding", "inadequate"]


def test_what_is_wrong_with_a_location(folder: Folder) -> None:
    folder.change(LOCATIONS, "1-11", cqc_rated="2026-11-24")
    assert (the_fault(folder).column, the_fault(folder).expected) == ("cqc_rated", "a date not after 2026-11-23")
    folder.change(LOCATIONS, "1-11", cqc_rated="2026-11-23", provider_id="CEDER")
    assert (the_fault(folder).column, the_fault(folder).expected) == ("provider_id", "a known provider_id")


def test_a_contract_names_a_location_of_its_own_provider(folder: Folder) -> None:
    provider = {row["contract_id"]: row["provider_id"] for row in folder.rows("contracts.csv")}
    own = next(each for each in sorted(provider) if provider[each] == "CEDAR")
    other = next(each for each in sorted(provider) if provider[each] == "ALDER")
    naming(folder, own, "1-11")
    given = read_snapshot(folder.path).snapshot
    assert {each.contract_id: each.location_id for each in given.contracts if each.location_id} == {own: "1-11"}
    line = naming(folder, other, "1-11")
    assert (the_fault(folder).line, the_fault(folder).expected) == (line, "a location of its provider ALDER")
    naming(folder, other, "1-99")
    assert the_fault(folder).expected == "a known location_id"


def test_all_of_it_comes_back_and_counts_only_where_it_is_used(folder: Folder, tmp_path: Path) -> None:
    naming(folder, "C1", "")
    before = read_snapshot(folder.path).snapshot
    rows = [{**row, "review_on": "", "owner": "", "improvement_plan": ""} for row in folder.rows("restrictions.csv")]
    folder.put("restrictions.csv", rows, [*folder.header("restrictions.csv"), "review_on", "owner", "improvement_plan"])
    assert read_snapshot(folder.path).snapshot.digest() == before.digest(), "columns that nobody uses are none"
    first = rows[0]["restriction_id"]
    folder.change("restrictions.csv", first, review_on="2027-02-22", owner="Head of Service", improvement_plan="one, two")
    given = read_snapshot(folder.path).snapshot
    write_snapshot(given, tmp_path / "out")
    again = read_snapshot(tmp_path / "out").snapshot
    assert (again, again.digest()) == (given, given.digest())
    assert given.digest() != before.digest()
    assert "one, two" not in repr(given.restrictions), "a plan stays out of what is logged"
    folder.path.joinpath(LOCATIONS).unlink()
    without = read_snapshot(folder.path).snapshot
    assert (without.locations, without.digest() == given.digest()) == ((), False)


def test_the_settings_of_quality_are_read_kept_and_counted_where_they_are_given(folder: Folder, tmp_path: Path) -> None:
    plain = read_snapshot(folder.path).snapshot
    assert plain.quality == QualitySettings()
    folder.write("snapshot.toml", f"{SETTINGS}[quality]\ndraft_days = 21\nescalation_posts = ['Manager', 'Director']\n")
    given = read_snapshot(folder.path).snapshot
    assert given.quality == QualitySettings(draft_days=21, escalation_posts=("Manager", "Director"))
    assert given.digest() != plain.digest()
    write_snapshot(given, tmp_path / "out")
    assert read_snapshot(tmp_path / "out").snapshot == given


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("draft_weeks = 2", "quality.draft_weeks"),
        ("draft_days = 2.5", "quality.draft_days"),
        ("escalation_days = 0", "quality.escalation_days"),
        ("escalation_posts = []", "quality.escalation_posts"),
        ("escalation_posts = ['Manager', 'Manager']", "quality.escalation_posts"),
        ("escalation_posts = 'Manager'", "quality.escalation_posts"),
        ("escalation_posts = [' Manager']", "quality.escalation_posts"),
        ("escalation_posts = [7]", "quality.escalation_posts"),
    ],
)
def test_what_is_wrong_in_the_table_of_quality(folder: Folder, line: str, column: str) -> None:
    folder.write("snapshot.toml", f"{SETTINGS}[quality]\n{line}\n")
    assert the_fault(folder).column == column
