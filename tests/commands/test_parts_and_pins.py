"""A part of the county and pins from the command line: asked by option or by file, refused whole, told with their prices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimiser.commands import parser
from optimiser.commands.shared.inputs import brief_of
from optimiser.domain.brief import Brief
from tests.commands.running import Ran, run

VILLAGES = Path(__file__).resolve().parents[2] / "data" / "three_villages"


def allocated(capsys: pytest.CaptureFixture[str], out: Path, *arguments: str | Path, command: str = "allocate") -> Ran:
    return run(capsys, command, VILLAGES, "--out", out, "--quiet", "--replace", *arguments)


def test_pins_of_options_and_of_a_file_are_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, file = tmp_path / "out", tmp_path / "pins.csv"
    file.write_text("package_id,contract_id\nN5,waiting\nN4,F-BRACKEN\n", encoding="utf-8")
    by_option = allocated(capsys, out, "--pin", "N4=F-BRACKEN", "--pin", "N5=waiting")
    assert by_option.code == 0
    written = (out / "result.json").read_bytes()
    # £30.00 an hour in band 3 with BRACKEN, £27.00 with CLOVER, for five hours; to BRACKEN's office it is 6,400 m, five times.
    told = {each["package_ids"][0]: {one["name"]: one["costs"] for one in each["price"]} for each in json.loads(written)["pins"]}
    assert told["N4"]["cost"] == 1500
    assert told["N5"]["unmet"] == 1440
    assert [" ".join(line.split()) for line in by_option.out.splitlines() if "N5=waiting unmet" in " ".join(line.split())] == [
        "N5=waiting unmet weighted minutes a week +1,440 +1,440 +1,440 yes"
    ]
    assert allocated(capsys, out, "--pins", file).code == 0
    assert (out / "result.json").read_bytes() == written


def test_a_part_says_how_many_are_outside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = allocated(capsys, tmp_path / "out", "--only-package", "N4", "--only-provider", "CLOVER")
    assert ran.code == 0
    assert "1 placed, 5 unmet, 1 pending" in ran.out
    assert "for a part of the county: 6 of the new packages are outside of it and stay as they were" in ran.out
    result = json.loads((tmp_path / "out" / "result.json").read_bytes())
    assert result["part"] == {"areas": [], "packages": ["N4"], "rounds": [], "providers": ["CLOVER"]}
    assert "pins" not in result


def test_without_either_nothing_of_them_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = allocated(capsys, tmp_path / "out")
    assert "pins" not in ran.out
    assert not {"part", "pins", "pins_together"} & json.loads((tmp_path / "out" / "result.json").read_bytes()).keys()


@pytest.mark.parametrize("command", ["allocate", "reoptimise"])
def test_everything_wrong_is_said_and_nothing_written(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ("--only-provider", "ALDR", "--pin", "N1=F-BRACKEN", "--pin", "N8=waiting")
    ran = allocated(capsys, tmp_path / "out", *wrong, command=command)
    assert ran.code == 2
    said = [line for line in ran.err.splitlines() if not line.startswith("Note")]
    assert said == [
        "package N8: there is no such package",
        "provider ALDR: there is no such provider; the nearest is ALDER",
        "Refused: 2 fault(s) in the part or the pins. Nothing was written.",
    ]
    assert not (tmp_path / "out").exists()


def test_a_pin_that_is_none_is_a_fault_of_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pins.csv"
    file.write_text("package_id,contract_id\nN1,P-ALDER\nN1,waiting\n", encoding="utf-8")
    ran = allocated(capsys, tmp_path / "out", "--pin", "N4", "--pins", file)
    assert ran.code == 2
    assert "--pin: expected PACKAGE=CONTRACT or PACKAGE=waiting; found 'N4'" in ran.err
    assert "pins.csv, line 3, package_id: expected each package once" in ran.err


def test_a_command_without_these_options_is_for_the_whole_county() -> None:
    """``demo`` allocates as well, and has none of them."""
    assert brief_of(parser().parse_args(["demo"])) == Brief()
