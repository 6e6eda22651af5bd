"""``optimiser allocate``: a result written whole, or a refusal that writes nothing; the same bytes for the same facts."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from optimiser.io.folders import ALLOCATION_FILES
from optimiser.io.reading import read_snapshot
from tests.commands.running import run, run_alone
from tests.making.folders import OF_PEOPLE, Folder, shuffled

SAME_EVERY_TIME = ("allocations.csv", "result.json", "explanations.jsonl")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_result_is_four_files_for_the_owner_alone(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--quiet")
    assert (ran.code, ran.err) == (0, "")
    assert names(tmp_path / "out") == ALLOCATION_FILES
    assert names(tmp_path) == {"county", "out"}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()} == {0o600}


def test_what_was_done_is_said(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("providers.csv", "CEDAR", pamms_published="")
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "out")
    assert ran.err == "Note: providers.csv: a PAMMS rating without a publication date does not count\n"
    levels = [line.split()[0] for line in ran.out.splitlines() if line.rstrip().endswith("yes")]
    assert levels == [
        "unmet_urgent", "unmet_discharge", "unmet", "legacy", "principal_first", "volume_share", "disruption", "cost", "travel",
    ]  # fmt: skip
    assert "6 new packages: 4 placed, 1 unmet, 1 pending. Checked: every rule holds." in ran.out
    assert ran.out.endswith(f"Written to {tmp_path / 'out'}.\n")


def test_who_is_not_safe_until_care_begins_is_said_first(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = "Look at first, not safe until care begins (no plan: 5): N2, N6, N3, N5, N4."
    folder.add("meanwhile.csv", "R1", package_id="N1", holds_until="2026-12-01", next_check="2026-11-24")
    for command in ("allocate", "reoptimise"):
        ran = run(capsys, command, folder.path, "--out", tmp_path / command, "--quiet")
        assert (ran.code, first in ran.out) == (0, True), ran.out
        assert ran.out.index(first) < ran.out.index("Levels, in strict order")
    folder.write("meanwhile.csv", folder.text("meanwhile.csv").splitlines()[0] + "\n")
    assert "until care begins" not in run(capsys, "allocate", folder.path, "--out", tmp_path / "none", "--quiet").out


def test_the_result_names_what_it_rests_on(folder: Folder, result: Path) -> None:
    said = json.loads((result / "result.json").read_text(encoding="utf-8"))
    assert said["snapshot_digest"] == read_snapshot(folder.path).snapshot.digest()
    assert (said["title"], said["as_of"], said["complete"]) == ("Three small areas", "2026-11-23", True)
    assert said["settings"]["principal_share_target"] == 0.7
    assert said["settings"]["band_limits_miles"] == [3, 6]
    assert [level["name"] for level in said["levels"]][:3] == ["unmet_urgent", "unmet_discharge", "unmet"]
    assert all(level["proven"] for level in said["levels"])
    assert {area["area_id"] for area in said["areas"]} == {"A1", "A2", "A3"}


def test_only_run_json_tells_the_time_and_the_machine(result: Path) -> None:
    told = json.loads((result / "run.json").read_text(encoding="utf-8"))
    assert told.keys() >= {"started_at", "seconds", "stopped", "repeatable", "peak_memory_mb", "python", "machine"}
    assert (told["stopped"], told["repeatable"]) == ("no", True)
    for name in SAME_EVERY_TIME:
        text = (result / name).read_text(encoding="utf-8")
        assert told["started_at"][:13] not in text
        assert str(result) not in text


def test_shuffled_rows_another_hash_seed_and_another_place_change_no_byte(folder: Folder, tmp_path: Path) -> None:
    assert run_alone("allocate", folder.path, "--out", tmp_path / "one", environment={"PYTHONHASHSEED": "1"}).code == 0
    (tmp_path / "elsewhere").mkdir()
    other = Folder.make(tmp_path / "elsewhere" / "moved")
    shuffled(other, 7)
    for path in other.path.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    again = run_alone(
        "allocate", other.path, "--out", tmp_path / "two", environment={"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    )
    assert again.code == 0
    for name in SAME_EVERY_TIME:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_a_refused_input_writes_nothing(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("packages.csv", "N5", status="lost")
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "out")
    assert (ran.code, ran.out) == (2, "")
    assert "Nothing was written." in ran.err
    assert names(tmp_path) == {"county"}


def test_a_refused_input_leaves_the_earlier_result(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--quiet").code == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    folder.change("packages.csv", "N5", status="lost")
    assert run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--replace").code == 2
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_an_earlier_result_is_replaced_only_when_asked(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(capsys, "allocate", folder.path, "--out", out, "--quiet").code == 0
    before = (out / "allocations.csv").read_bytes()
    folder.change("packages.csv", "N4", skills="dementia")
    refused = run(capsys, "allocate", folder.path, "--out", out, "--quiet")
    assert (refused.code, refused.out) == (2, "")
    assert "--replace" in refused.err
    assert (out / "allocations.csv").read_bytes() == before
    assert run(capsys, "allocate", folder.path, "--out", out, "--quiet", "--replace").code == 0
    assert (out / "allocations.csv").read_bytes() != before
    assert names(tmp_path) == {"county", "out"}


@pytest.mark.parametrize("replace", [["--replace"], []])
def test_a_folder_with_other_files_is_refused(folder: Folder, replace: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    before = names(folder.path)
    ran = run(capsys, "allocate", folder.path, "--out", folder.path, *replace)
    assert (ran.code, ran.out) == (2, "")
    assert names(folder.path) == before


def test_a_missing_parent_is_refused(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "deep" / "out")
    assert (ran.code, ran.out) == (2, "")
    assert "make it first" in ran.err
    assert names(tmp_path) == {"county"}


def test_a_taken_place_is_refused_before_the_input_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: Path) -> None:
        raise AssertionError("the input was read")

    monkeypatch.setattr("optimiser.io.reading.read_snapshot", refuse)
    (tmp_path / "out").write_text("mine")
    assert run(capsys, "allocate", tmp_path / "county", "--out", tmp_path / "out").code == 2


def test_a_disk_that_fails_while_writing_leaves_nothing(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--quiet")
    assert ran.code == 2
    assert "No space left on device" in ran.err
    assert names(tmp_path) == {"county"}


def test_a_county_where_nobody_waits_is_allocated(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.drop("packages.csv", *(f"N{number}" for number in range(1, 7)))
    folder.drop("visits.csv", "V1", "V2")
    folder.drop("offers.csv", "OF1", "OF2", "OF3")
    assert run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--quiet").code == 0
    assert len((tmp_path / "out" / "allocations.csv").read_text().splitlines()) == 5


def test_a_county_without_any_package_is_allocated(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in OF_PEOPLE:
        folder.put(name, [])
    assert run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--quiet").code == 0
    assert len((tmp_path / "out" / "allocations.csv").read_text().splitlines()) == 1
    assert (tmp_path / "out" / "explanations.jsonl").read_bytes() == b""
