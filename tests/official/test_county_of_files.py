"""The records that official files come to, and what a newer release changes of a county that people have worked on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from optimiser.domain.records import Contract
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.postcodes.index import PostcodeIndex
from optimiser.io.faults import InputRefusedError
from optimiser.io.postcode_files import index_of_files
from optimiser.io.reading import read_snapshot
from optimiser.official.county_folder import folder_files, new_snapshot
from optimiser.official.county_of_files import Official, OfficialFiles, official
from optimiser.official.refreshing import refreshed
from tests.making import contract
from tests.official import wight

DAY = dt.date(2026, 11, 23)


def files_in(folder: Path, **given: object) -> OfficialFiles:
    made = OfficialFiles(
        DAY, [folder / "epraccur.csv", folder / "ebranchs.csv"], folder / "ePCN.xlsx", ["D9Y0V"],
        folder / "HSCA_Active_Locations.xlsx", ["Isle of Wight"],
    )  # fmt: skip
    return replace(made, **given)  # type: ignore[arg-type]


def read(folder: Path, **given: object) -> Official:
    return official(files_in(folder, **given), PostcodeIndex(index_of_files([folder / "po.csv"]).content))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return wight.published(tmp_path / "files")


def county(folder: Path, *contracts: Contract) -> Snapshot:
    return replace(new_snapshot(read(folder), files_in(folder), "Isle of Wight"), contracts=contracts)


def test_areas_are_pcns_and_surgeries_their_practices_and_branches(folder: Path) -> None:
    found = read(folder)
    assert [(each.area_id, each.name, each.go_live) for each in found.areas] == [
        (code, wight.PCNS[code], None) for code in sorted(wight.PCNS)
    ]
    practices = {code: pcn for code, (_, pcn, _) in wight.PRACTICES.items()}
    branches = {"J84013001": "U01198", "J84019001": "U24247"}
    assert {each.surgery_id: each.area_id for each in found.surgeries} == practices | branches
    assert [each.surgery_id for each in found.surgeries if not each.band_centre] == ["J84013001", "J84019001"]


def test_a_provider_has_the_worst_rating_of_its_locations_and_an_office_at_each(folder: Path) -> None:
    found = read(folder)
    assert {each.provider_id: each.cqc_rating for each in found.providers} == {
        "1-P1": "requires_improvement", "1-P2": "outstanding", "1-P3": "not_rated",
    }  # fmt: skip
    assert {each.office_id: each.provider_id for each in found.offices} == {
        "1-101": "1-P1",
        "1-102": "1-P1",
        "1-103": "1-P2",
        "1-104": "1-P3",
    }
    assert [(each["what"], each["id"]) for each in found.left_out] == [("location", "1-108"), ("provider", "1-P7")]


def test_the_same_files_give_the_same_folder_and_say_how_to_credit_them(folder: Path) -> None:
    found = read(folder)
    files = folder_files(new_snapshot(found, files_in(folder), "Isle of Wight"), found)
    assert files == folder_files(new_snapshot(read(folder), files_in(folder), "Isle of Wight"), read(folder))
    assert all(each["licence"].startswith("Open Government Licence") for each in found.sources)
    assert {each["file"] for each in found.sources} == {
        "epraccur.csv", "ebranchs.csv", "ePCN.xlsx", "HSCA_Active_Locations.xlsx", "an index of 1 file(s)",
    }  # fmt: skip
    assert b"companies_house_number" in files["providers.csv"]


def test_each_file_says_how_much_was_taken_of_it_also_where_two_have_one_name(folder: Path) -> None:
    (folder / "second").mkdir()
    again = wight.write_csv(folder / "second" / "epraccur.csv", wight.branches())
    found = read(folder, practices=[folder / "epraccur.csv", again])
    taken = [(each["file"], each["taken"]) for each in found.sources if each["source"].startswith("NHS ODS: GP practices")]
    assert taken == [("epraccur.csv", 9), ("epraccur.csv", 2)]


def test_an_unknown_commissioner_is_answered_with_those_of_the_file(folder: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read(folder, commissioners=["26A"])
    (fault,) = refused.value.faults
    assert fault.message() == "ePCN.xlsx, --commissioner: expected codes of its commissioners (10R, D9Y0V); found '26A'"


def test_a_practice_in_two_pcns_on_the_day_is_refused_by_the_name_of_its_file(folder: Path) -> None:
    twice = next(each for each in wight.members() if each[0] == "J84003")
    other = (*twice[:4], "U24247", wight.PCNS["U24247"], *twice[6:])
    wight.write_workbook(folder / "partners.xlsx", Partners=[wight.MEMBER_HEADINGS, *wight.members(), other])
    with pytest.raises(InputRefusedError) as refused:
        read(folder, memberships=folder / "partners.xlsx")
    (fault,) = refused.value.faults
    assert fault.message() == "partners.xlsx, J84003: expected one PCN on the day; found 'U01198, U24247'"


def test_areas_are_of_the_region_that_is_named_else_of_the_commissioner(folder: Path) -> None:
    assert {each.region for each in read(folder).areas} == {wight.COMMISSIONER[1]}
    assert {each.region for each in read(folder, region="Island").areas} == {"Island"}


def test_every_fault_of_every_file_comes_in_one_go(folder: Path) -> None:
    (folder / "ebranchs.csv").write_text("a,b\n", encoding="utf-8")
    (folder / "HSCA_Active_Locations.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(InputRefusedError) as refused:
        read(folder)
    assert {fault.file for fault in refused.value.faults} == {"ebranchs.csv", "HSCA_Active_Locations.xlsx"}


def test_a_release_that_says_the_same_changes_nothing(folder: Path) -> None:
    before = county(folder)
    made = refreshed(before, read(folder))
    assert made.told == ()
    assert made.snapshot == before


def test_what_the_council_has_said_stays_and_what_is_named_stays(folder: Path) -> None:
    before = county(folder, contract("C1", "1-P3", area_id="U01198"))
    areas = tuple(replace(each, go_live=dt.date(2026, 4, 1)) for each in before.areas)
    surgeries = tuple(replace(each, band_centre=each.surgery_id == "J84011") for each in before.surgeries)
    providers = tuple(replace(each, skills=("double_handed",), pamms_rating="good") for each in before.providers)
    before = replace(before, areas=areas, surgeries=surgeries, providers=providers)
    gone = {"1-P2", "1-P3"}
    wight.published(folder, [each for each in wight.AGENCIES if each[11] not in gone])
    members = [each for each in wight.members() if each[4] != "U01198"]
    wight.write_workbook(folder / "ePCN.xlsx", Partners=[wight.MEMBER_HEADINGS, *members])
    made = refreshed(before, read(folder))
    assert "provider 1-P2 is not in CQC's file any more, and nothing names it: left out" in made.told
    assert "provider 1-P3 is not in CQC's file any more; it stays, since the county names it" in made.told
    assert "area U01198 is no PCN any more; it stays, since the county names it" in made.told
    assert "surgery J84003 is gone" in made.told
    after = made.snapshot
    assert [each.provider_id for each in after.providers] == ["1-P1", "1-P3"]
    assert all(each.skills == ("double_handed",) for each in after.providers)
    assert {each.provider_id for each in after.offices} == {"1-P1", "1-P3"}
    assert {each.provider_id for each in after.locations} == {"1-P1", "1-P3"}
    assert all(each.go_live == dt.date(2026, 4, 1) for each in after.areas)
    assert [each.surgery_id for each in after.surgeries if each.band_centre] == ["J84011"]
    assert after.contracts == before.contracts


def test_who_registers_anew_while_the_old_id_is_still_there_is_another_provider(folder: Path) -> None:
    before = county(folder)
    again = wight.agency("1-301", "Needles East", "Good", "01/06/2026", "PO33 1EE", "1-P30", "Needles East Ltd", "07654321")
    wight.published(folder, [*wight.AGENCIES, again])
    made = refreshed(before, read(folder))
    assert made.told == ("provider 1-P30 is new: Needles East Ltd",)


def test_the_directory_without_ratings_takes_none_away(folder: Path) -> None:
    before = county(folder)
    found = read(folder)
    found = replace(found, locations=(), providers=tuple(replace(each, cqc_rating="not_rated") for each in found.providers))
    after = refreshed(before, found).snapshot
    assert after.providers == before.providers
    assert after.locations == before.locations


def test_of_a_commissioner_with_several_councils_only_the_named_pcns_are_taken(folder: Path) -> None:
    one = min(wight.PCNS)
    found = read(folder, only_pcns=[one])
    assert [each.area_id for each in found.areas] == [one]
    assert {each.area_id for each in found.surgeries} == {one}
    assert {each.surgery_id for each in found.surgeries} == {
        each.surgery_id for each in read(folder).surgeries if each.area_id == one
    }
    with pytest.raises(InputRefusedError) as refused:
        read(folder, only_pcns=[one, "U99999"])
    (fault,) = refused.value.faults
    assert fault.message().startswith("ePCN.xlsx, --only-pcn: expected codes of the commissioner's PCNs (")
    assert fault.message().endswith("found 'U99999'")


def test_what_lies_beside_a_new_county_is_no_unknown_file(folder: Path, tmp_path: Path) -> None:
    found = read(folder)
    (tmp_path / "county").mkdir()
    for name, content in folder_files(new_snapshot(found, files_in(folder), "Isle of Wight"), found).items():
        (tmp_path / "county" / name).write_bytes(content)
    assert (tmp_path / "county" / "left-out.csv").exists()
    assert [note.file for note in read_snapshot(tmp_path / "county").notes if "unknown file" in note.text] == []
