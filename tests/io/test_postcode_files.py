"""Official files of postcodes as they are published: read whole, or refused with what is wrong and where."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from optimiser.geography.postcodes.index import Entry, PostcodeIndex
from optimiser.io.faults import InputRefusedError
from optimiser.io.folders import bundled
from optimiser.io.postcode_files import index_of_files
from tests.geography.postcodes.small_index import code

POINT = '"NR1 2DH",10,624017,307071,"E92000001","E19000001","E18000006","E10000020","E07000148","E05012905"\n'
POST_BOX = '"NR9 3XX",90,0,0,"E92000001","E19000001","E18000006","E10000020","E07000148","E05012905"\n'
BORDER = '"TD145AA",50,394500,664300,"S92000003","","S08000016","","S12000026","S13002767"\n'
HEADINGS = (
    "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,oseast1m,osnrth1m,osgrdind,oshlthau,nhser,ctry,rgn,"
    "lat,long"
)
IN_USE = "NR1 2DH,NR1  2DH,NR1 2DH,198001,,E1,E5,E07000148,E05,E04,0,624017,307071,1,E18,E40,E92000001,E12,52.615176,1.307646"
ENDED = "NR1 2DQ,NR1  2DQ,NR1 2DQ,198001,201907,E1,E5,E07000148,E05,E04,1,624017,307111,1,E18,E40,E92000001,E12,52.6155,1.3076"
NOWHERE = "JE1 0BD,JE1  0BD,JE1 0BD,199504,,L9,L9,L99,L99,L99,1,,,9,L99,L99,L93000001,L99,99.999999,0"
NEWER = "PCD7,PCD8,PCDS,DOINTR,DOTERM,CTY25CD,LAD25CD,USRTYPIND,EAST1M,NORTH1M,GRIDIND,CTRY25CD,RGN25CD,LAT,LONG"
NEWER_LINE = "NR1 2DH,NR1 2DH ,NR1 2DH,198001,,E1,E07000148,0,624017,307071,1,E92000001,E12,52.615176,1.307646"


def file(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(each.rstrip("\n") for each in lines) + "\n", encoding="utf-8")
    return path


def index_of(*paths: Path) -> PostcodeIndex:
    return PostcodeIndex(index_of_files(paths).content)


def entry(index: PostcodeIndex, text: str) -> Entry:
    found = index.find(code(text))
    assert found is not None
    return found


def faults(*paths: Path) -> list[str]:
    with pytest.raises(InputRefusedError) as refused:
        index_of_files(paths)
    return [each.message() for each in refused.value.faults]


def test_code_point_open(tmp_path: Path) -> None:
    index = index_of(file(tmp_path, "nr.csv", POINT, POST_BOX, BORDER))
    assert entry(index, "NR1 2DH") == Entry(code("NR1 2DH"), 624017, 307071, 1, "England", None)
    assert not entry(index, "NR9 3XX").has_place
    assert entry(index, "TD14 5AA") == Entry(code("TD14 5AA"), 394500, 664300, 5, "Scotland", None)
    assert index.about["sources"] == [
        {
            "kind": "Code-Point Open",
            "file": "nr.csv",
            "postcodes": 3,
            "licence": "Open Government Licence v3.0; contains OS data and Royal Mail data, Crown copyright and database right",
        }
    ]


@pytest.mark.parametrize(("headings", "line"), [(HEADINGS, IN_USE), (NEWER, NEWER_LINE), (f"\ufeff{HEADINGS}", IN_USE)])
def test_the_directory_in_older_and_newer_headings(headings: str, line: str, tmp_path: Path) -> None:
    assert entry(index_of(file(tmp_path, "onspd.csv", headings, line)), "NR1 2DH") == Entry(
        code("NR1 2DH"), 624017, 307071, 1, "England", None
    )


def test_the_directory_knows_what_ended_and_what_is_elsewhere(tmp_path: Path) -> None:
    index = index_of(file(tmp_path, "onspd.csv", HEADINGS, IN_USE, ENDED, NOWHERE))
    assert entry(index, "NR1 2DQ").ended == (2019, 7)
    assert entry(index, "JE1 0BD").country == "the Channel Islands or the Isle of Man"
    assert index.nearest_in_use(624017, 307111) == (entry(index, "NR1 2DH"), 40.0)


@pytest.mark.parametrize("order", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_of_two_files_one_in_use_goes_before_one_that_ended(order: tuple[str, str], tmp_path: Path) -> None:
    file(tmp_path, "a.csv", HEADINGS, ENDED)
    file(tmp_path, "b.csv", POINT.replace("2DH", "2DQ"))
    built = index_of_files(tmp_path / each for each in order)
    assert built.told_twice == 1
    assert entry(PostcodeIndex(built.content), "NR1 2DQ").ended is None


def test_of_two_in_use_the_file_that_is_named_first_counts(tmp_path: Path) -> None:
    one, other = file(tmp_path, "z.csv", POINT), file(tmp_path, "a.csv", POINT.replace("624017", "624018"))
    assert entry(index_of(one, other), "NR1 2DH").easting == 624017
    assert entry(index_of(other, one), "NR1 2DH").easting == 624018


def test_a_folder_and_an_archive_as_published(tmp_path: Path) -> None:
    """Of an archive its tables alone: not its documents, and not the directory's second copy in parts."""
    file(tmp_path / "csv", "nr.csv", POINT)
    file(tmp_path / "csv", "td.csv", BORDER)
    assert index_of(tmp_path / "csv").about["postcodes"] == 2
    with zipfile.ZipFile(tmp_path / "codepo_gb.zip", "w") as archive:
        archive.writestr("Doc/Code-Point_Open_Column_Headers.csv", "PC,PQ,EA,NO\n")
        archive.writestr("Data/CSV/nr.csv", POINT)
    assert index_of(tmp_path / "codepo_gb.zip").about["sources"][0]["file"] == "codepo_gb.zip, nr.csv"
    with zipfile.ZipFile(tmp_path / "ONSPD.zip", "w") as archive:
        archive.writestr("Documents/names.csv", "a,b\n")
        archive.writestr("Data/ONSPD_FEB_2026_UK.csv", f"{HEADINGS}\n{IN_USE}\n{ENDED}\n")
        archive.writestr("Data/multi_csv/ONSPD_FEB_2026_UK_NR.csv", f"{HEADINGS}\n{IN_USE}\n")
    built = index_of_files([tmp_path / "ONSPD.zip"])
    assert (PostcodeIndex(built.content).about["postcodes"], built.told_twice) == (2, 0)


def test_another_layout_is_refused_with_what_was_found_and_expected(tmp_path: Path) -> None:
    (said,) = faults(file(tmp_path, "own.csv", "postcode,latitude,longitude", "NR1 2DH,52.6,1.3"))
    assert said == (
        "own.csv, line 1: expected a file of Code-Point Open (no headings, 10 cells, the first a postcode) or of the ONS Postcode"
        " Directory (headings, pcds or pcd2 or pcd8 or pcd or pcd7 among them); found 'postcode, latitude, longitude'"
    )
    (said,) = faults(file(tmp_path, "cut.csv", HEADINGS.replace("doterm,", "")))
    assert "(headings, doterm among them)" in said


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    point = file(
        tmp_path,
        "nr.csv",
        POINT,
        POINT.replace("NR1 2DH", "NR1 2CH"),
        POINT.replace(",10,", ",70,"),
        POINT.replace("624017", "824017"),
        POINT.replace("E92", "X92"),
        POINT.replace(",307071", ""),
    )
    directory = file(tmp_path, "onspd.csv", HEADINGS, ENDED.replace("201907", "201913"), "NR1 2DH")
    told = faults(point, directory, tmp_path / "missing.csv")
    places = [each.partition(":")[0] for each in told]
    assert places == ["missing.csv", *(f"nr.csv, line {line}" for line in range(2, 7)), "onspd.csv, line 2", "onspd.csv, line 3"]
    expected = [each.partition("expected ")[2].partition("; found")[0] for each in told]
    assert expected == [
        "a readable file",
        "a postcode",
        "the quality of the position: one of those that are published",
        "metres of the National Grid: easting up to 700000, northing up to 1300000",
        "a country's code, such as E92000001",
        "10 cells",
        "the month in which it ended, such as 201907",
        "20 cells",
    ]


@pytest.mark.parametrize("content", [b"", b'"NR1 2DH,10', b"\xff\xfeN\0R\0"])
def test_what_is_no_table_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "nr.csv").write_bytes(content)
    assert len(faults(tmp_path / "nr.csv")) == 1


def test_an_empty_folder_and_an_archive_of_something_else_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "")
    assert faults(tmp_path / "empty", tmp_path / "other.zip") == [
        "empty: expected a folder with CSV files; found 'none'",
        "other.zip: expected an archive with CSV files in its folder Data; found 'none'",
    ]


def _of_the_text(archive: bytearray) -> None:
    archive[60:70] = bytes(10)


def _of_the_list(archive: bytearray) -> None:
    archive[archive.index(b"PK\1\2")] = 0


def _of_the_lock(archive: bytearray) -> None:
    for at in (6, archive.index(b"PK\1\2") + 8):
        archive[at] |= 1


@pytest.mark.parametrize("damage", [_of_the_text, _of_the_list, _of_the_lock])
def test_a_damaged_or_locked_archive_is_refused(damage: Callable[[bytearray], None], tmp_path: Path) -> None:
    """Its library has an error of another kind for each."""
    with zipfile.ZipFile(tmp_path / "codepo_gb.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("Data/CSV/nr.csv", "".join(POINT.replace("2DH", f"{at}DH") for at in range(10)))
    content = bytearray((tmp_path / "codepo_gb.zip").read_bytes())
    damage(content)
    (tmp_path / "codepo_gb.zip").write_bytes(content)
    (said,) = faults(tmp_path / "codepo_gb.zip")
    assert said.startswith("codepo_gb.zip")
    assert said.endswith("expected a file that can be read and unpacked; found 'a damaged or a locked one'")


def test_the_postcodes_that_come_with_the_product() -> None:
    index = index_of(bundled("postcodes"))
    assert (index.about["in_use"], index.about["ended"]) == (61, 0)
    assert entry(index, "NR1 2DH") == Entry(code("NR1 2DH"), 624017, 307071, 1, "England", None)
