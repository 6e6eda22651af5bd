"""Places filled in by postcodes: only where they are empty, every fault with its line, and no postcode of a person left."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimiser.geography.postcodes.index import PostcodeIndex
from optimiser.io.faults import InputRefusedError
from optimiser.io.filling_places import Filled, filled
from optimiser.io.reading import read_snapshot
from tests.geography.postcodes.small_index import small_index
from tests.making.folders import Folder

HERE = ("52.615176", "1.307646")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.make(tmp_path / "county")


@pytest.fixture(scope="module")
def index() -> PostcodeIndex:
    return small_index()


def with_postcodes(folder: Folder, name: str, **postcodes: str) -> None:
    """A column of postcodes; of the records that are named no place is given."""
    rows, header = folder.rows(name), folder.header(name)
    for row in rows:
        row["Postcode"] = postcodes.get(row[header[0]], "")
        if row["Postcode"]:
            row["latitude"] = row["longitude"] = ""
    folder.put(name, rows, [*header, "Postcode"])


def written(made: Filled, folder: Path) -> Folder:
    folder.mkdir()
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    return Folder(folder)


def faults(folder: Folder, index: PostcodeIndex, *, show_values: bool = False) -> list[str]:
    with pytest.raises(InputRefusedError) as refused:
        filled(folder.path, index)
    return [each.message(show_values=show_values) for each in refused.value.faults]


def test_places_are_filled_in_and_nothing_else_is_changed(folder: Folder, index: PostcodeIndex, tmp_path: Path) -> None:
    before = {name: folder.rows(name) for name in ("packages.csv", "surgeries.csv", "offices.csv")}
    with_postcodes(folder, "packages.csv", N1="NR1 2DH")
    with_postcodes(folder, "surgeries.csv", S1="nr12dh")
    with_postcodes(folder, "offices.csv", OF2="NR1 2DH", OF5="NR1 2DA")
    made = filled(folder.path, index)
    assert made.places == {"packages.csv": 1, "surgeries.csv": 1, "offices.csv": 2}
    copy = written(made, tmp_path / "copy")
    person, surgery, office = (copy.rows(name)[0] for name in before)
    assert (person["latitude"], person["longitude"]) == (surgery["latitude"], surgery["longitude"]) == HERE
    assert copy.rows("packages.csv")[1:] == before["packages.csv"][1:]
    assert person == before["packages.csv"][0] | {"latitude": HERE[0], "longitude": HERE[1]}, "and no postcode"
    assert surgery["postcode"] == "nr12dh"
    assert office == before["offices.csv"][0] | {"postcode": ""}
    assert all(made.files[name] == (folder.path / name).read_bytes() for name in made.files if name not in before)


def test_the_copy_is_a_snapshot(folder: Folder, index: PostcodeIndex, tmp_path: Path) -> None:
    with_postcodes(folder, "packages.csv", N1="NR1 2DH")
    read = read_snapshot(written(filled(folder.path, index), tmp_path / "copy").path)
    person = next(each for each in read.snapshot.packages if each.package_id == "N1")
    assert (f"{person.latitude:.6f}", f"{person.longitude:.6f}") == HERE
    assert "packages" not in read.snapshot.extra


def test_a_file_without_columns_of_degrees_gets_them(folder: Folder, index: PostcodeIndex) -> None:
    folder.write("offices.csv", "office_id,provider_id,postcode\nOF1,ALDER,NR1 2DH\n\n")
    made = filled(folder.path, index)
    assert (
        made.files["offices.csv"].decode()
        == f"office_id,provider_id,postcode,latitude,longitude\nOF1,ALDER,NR1 2DH,{','.join(HERE)}\n"
    )


def test_a_folder_without_postcodes_is_copied_as_it_is(folder: Folder, index: PostcodeIndex) -> None:
    made = filled(folder.path, index)
    assert made.files == {each.name: each.read_bytes() for each in folder.path.iterdir()}
    assert (made.notes, set(made.places.values())) == ((), {0})


def test_every_fault_is_told_and_people_s_postcodes_are_not(folder: Folder, index: PostcodeIndex) -> None:
    with_postcodes(folder, "packages.csv", N1="NR1 2DQ", N2="NR1 2DG", N3="EH1 1YZ", N4="NR1", N5="NR9 3XX")
    folder.change("packages.csv", "N6", latitude="", longitude="")
    folder.change("packages.csv", "R1", latitude="")
    with_postcodes(folder, "offices.csv", OF1="NR1 2DQ")
    expected = "postcode: expected a postcode in use in England; found"
    assert faults(folder, index) == [
        f"offices.csv, line 2, {expected} 'NR1 2DQ: nearest NR1 2DH, 1 letter away'",
        f"packages.csv, line 2, {expected} a postcode out of use since July 2019;"
        " the nearest in use is 40 metres and 1 letter away",
        f"packages.csv, line 3, {expected} no postcode that the index holds; the nearest is 1 letter away",
        f"packages.csv, line 4, {expected} a postcode of Scotland",
        f"packages.csv, line 5, {expected} a part of a postcode: 3 letters missing",
        f"packages.csv, line 6, {expected} a postcode without a place",
        "packages.csv, line 7, postcode: expected a postcode, or latitude and longitude; found 'neither'",
        "packages.csv, line 8: expected latitude and longitude, or neither with a postcode; found 'one of the two'",
    ]


def test_notes_name_lines_and_no_postcodes(folder: Folder, index: PostcodeIndex) -> None:
    with_postcodes(folder, "packages.csv", N1="NR12 0AA", N2="NR1 2DH")
    folder.change("packages.csv", "N3", Postcode="NR1 2DH", latitude="52.59", longitude="1.12")
    folder.change("packages.csv", "N4", Postcode="NR1 2DH", latitude="52.615", longitude="1.30")
    (folder.path / "letter.txt").touch()
    assert [each.message() for each in filled(folder.path, index).notes] == [
        "packages.csv: the column postcode is left out: places say all that is needed of people",
        "packages.csv: 2 place(s) are filled in by their postcodes",
        "packages.csv: the place is over 1 mile from its postcode; the place is kept (line 4)",
        "packages.csv: of a postcode its position is estimated from its neighbours (line 2)",
        "county: 1 other file(s) are no part of a snapshot and are not copied: letter.txt",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('office_id,postcode\nOF1,"NR1', "offices.csv, line 2: expected well-formed CSV; found 'unexpected end of data'"),
        ("office_id,postcode\nOF1\n", "offices.csv, line 2: expected 2 cells; found '1 cells'"),
        ("postcode,Postcode\n", "offices.csv, line 1, postcode: expected one column of this name; found '2'"),
    ],
)
def test_what_is_no_table_is_refused(content: str, said: str, folder: Folder, index: PostcodeIndex) -> None:
    folder.write("offices.csv", content)
    assert faults(folder, index) == [said]


def test_a_missing_folder_is_refused(tmp_path: Path, index: PostcodeIndex) -> None:
    assert len(faults(Folder(tmp_path / "nowhere"), index)) == 3


def test_a_heading_is_found_as_the_strict_reader_finds_it(folder: Folder, index: PostcodeIndex) -> None:
    """Whatever it takes for the column of postcodes, since it sends people here, characters included that nobody sees."""
    (folder.path / "offices.csv").write_text("office_id,provider_id,Post\u200bcode \nOF1,ALDER,NR1 2DH\n", encoding="utf-8")
    made = filled(folder.path, index)
    assert made.places["offices.csv"] == 1
    assert (
        made.files["offices.csv"].decode()
        == f"office_id,provider_id,postcode,latitude,longitude\nOF1,ALDER,NR1 2DH,{HERE[0]},{HERE[1]}\n"
    )
