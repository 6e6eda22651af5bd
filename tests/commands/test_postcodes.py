"""``optimiser postcodes build | fill``, and a postcode in ``optimiser band``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimiser.geography.postcodes.index import PostcodeIndex
from tests.commands.running import run
from tests.geography.postcodes.small_index import code, small_bytes
from tests.io.test_postcode_files import ENDED, HEADINGS, IN_USE, POINT
from tests.making.folders import Folder

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_index_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPTIMISER_POSTCODES", raising=False)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "small.index").write_bytes(small_bytes())
    return tmp_path / "small.index"


def test_an_index_is_built_and_told(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "onspd.csv").write_text(f"{HEADINGS}\n{IN_USE}\n{ENDED}\n", encoding="utf-8")
    (tmp_path / "nr.csv").write_text(POINT, encoding="utf-8")
    out = tmp_path / "postcodes.index"
    ran = run(capsys, "postcodes", "build", tmp_path / "onspd.csv", tmp_path / "nr.csv", "--out", out)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "2 postcodes in 1 districts: 1 in use, 1 that ended."
    assert [each.partition(":")[0] for each in lines[1:3]] == ["Code-Point Open", "ONS Postcode Directory"]
    assert lines[3] == "1 postcodes stand in several places: one in use goes before one that ended, then the first."
    assert out.stat().st_mode & 0o777 == 0o644
    found = PostcodeIndex.opened(out).find(code("NR1 2DQ"))
    assert found is not None
    assert found.ended == (2019, 7)
    before = out.read_bytes()
    assert run(capsys, "postcodes", "build", tmp_path / "nr.csv", "--out", out).code == 2
    assert out.read_bytes() == before
    ran = run(capsys, "postcodes", "build", tmp_path / "nr.csv", "--out", out, "--replace", "--json")
    assert (ran.code, json.loads(ran.out)["postcodes"]) == (0, 1)
    assert PostcodeIndex.opened(out).about["postcodes"] == 1


def test_a_file_that_is_no_index_is_never_replaced(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "nr.csv").write_text(POINT, encoding="utf-8")
    ran = run(capsys, "postcodes", "build", tmp_path / "nr.csv", "--out", tmp_path / "nr.csv", "--replace")
    assert (ran.code, (tmp_path / "nr.csv").read_text(encoding="utf-8")) == (2, POINT)
    assert "is no index of postcodes: name another file" in ran.err


@pytest.mark.parametrize("out", ["nowhere/postcodes.index", "."])
def test_where_nothing_can_be_written_nothing_is_read(out: str, tmp_path: Path, capsys: Capture) -> None:
    ran = run(capsys, "postcodes", "build", tmp_path / "missing.csv", "--out", tmp_path / out)
    assert (ran.code, ran.out) == (2, "")
    assert "missing.csv" not in ran.err


def test_faults_are_listed_and_nothing_is_written(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "nr.csv").write_text(POINT + POINT.replace(",10,", ",70,") + POINT.replace("E92", "X92"), encoding="utf-8")
    ran = run(capsys, "postcodes", "build", tmp_path / "nr.csv", "--out", tmp_path / "out")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1] == "Refused: 2 fault(s). Nothing was written."
    assert not (tmp_path / "out").exists()


def test_places_are_filled_in(tmp_path: Path, index: Path, capsys: Capture) -> None:
    folder = Folder.make(tmp_path / "county")
    rows = [row | {"postcode": "NR1 2DH", "latitude": "", "longitude": ""} for row in folder.rows("offices.csv")]
    folder.put("offices.csv", rows, [*folder.header("offices.csv"), "postcode"])
    ran = run(capsys, "postcodes", "fill", folder.path, "--out", tmp_path / "copy", "--postcodes", index)
    assert (ran.code, ran.out) == (
        0,
        f"5 place(s) filled in; the copy is {tmp_path / 'copy'}: optimiser check {tmp_path / 'copy'}\n",
    )
    assert ran.err == "Note: offices.csv: 5 place(s) are filled in by their postcodes\n"
    assert run(capsys, "check", tmp_path / "copy").code == 0
    ran = run(capsys, "postcodes", "fill", folder.path, "--out", tmp_path / "other", "--postcodes", index, "--json")
    filled = {"packages.csv": 0, "surgeries.csv": 0, "offices.csv": 5}
    assert (ran.code, json.loads(ran.out)) == (0, {"filled": filled, "out": str(tmp_path / "other")})
    ran = run(capsys, "postcodes", "fill", folder.path, "--out", tmp_path / "copy", "--postcodes", index)
    assert (ran.code, "is not empty" in ran.err) == (2, True)


def test_a_person_s_postcode_stands_in_no_message(tmp_path: Path, index: Path, capsys: Capture) -> None:
    folder = Folder.make(tmp_path / "county")
    rows = [row | {"postcode": "NR1 2DG", "latitude": "", "longitude": ""} for row in folder.rows("packages.csv")]
    folder.put("packages.csv", rows, [*folder.header("packages.csv"), "postcode"])
    for more in ((), ("--show-values",)):  # this is no terminal
        ran = run(capsys, "postcodes", "fill", folder.path, "--out", tmp_path / "copy", "--postcodes", index, *more)
        assert ran.code == 2
        assert "NR1" not in ran.out + ran.err
        assert "the nearest is 1 letter away" in ran.err
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("words", [("NR1 2DH",), ("NR1", "2DH"), ("nr12dh",)])
def test_a_band_by_postcode_is_that_of_its_place(words: tuple[str, ...], index: Path, folder: Folder, capsys: Capture) -> None:
    by_place = run(capsys, "band", "52.615176", "1.307646", "--in", folder.path)
    assert by_place.out.startswith("Band 3: 8.8")
    assert run(capsys, "band", *words, "--postcodes", index, "--in", folder.path) == by_place
    assert run(capsys, "band", *words, "--in", folder.path) == by_place, "it is among those that come with the product"


def test_the_index_of_the_setting_is_used(index: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTIMISER_POSTCODES", str(index))
    ran = run(capsys, "band", "NR1", "2DQ")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "Refused: NR1 2DQ is out of use since July 2019. The nearest in use is NR1 2DH, 40 metres and 1 letter away.\n"
    )
    monkeypatch.setenv("OPTIMISER_POSTCODES", str(index.parent / "nowhere"))
    ran = run(capsys, "band", "NR1", "2DH")
    assert (ran.code, ran.err) == (2, f"Refused: {index.parent / 'nowhere'} cannot be read: No such file or directory.\n")


def test_an_estimated_place_is_said_to_be_one(index: Path, folder: Folder, capsys: Capture) -> None:
    ran = run(capsys, "band", "NR12", "0AA", "--postcodes", index, "--in", folder.path)
    assert (ran.code, ran.err) == (0, "Note: NR12 0AA: its position is estimated from its neighbours.\n")


def test_without_an_index_only_a_few_are_known_and_that_is_said(capsys: Capture) -> None:
    ran = run(capsys, "band", "SW1A", "1AA")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("set OPTIMISER_POSTCODES, or give --postcodes, for all others.\n")


def test_one_number_is_no_place(capsys: Capture) -> None:
    assert run(capsys, "band", "52.6").err == "Refused: expected a postcode, or two numbers: degrees north and degrees east.\n"
