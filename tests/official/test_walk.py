"""From files to an allocation by the steps of the handbook, as a stranger would; then a newer release."""

from __future__ import annotations

import csv
import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from optimiser.handbook import HERE
from optimiser.io.reading import read_snapshot
from tests.commands.running import run
from tests.official.wight import AGENCIES, published

PAGE = HERE / "pages" / "how-to" / "new-county.md"
STEPS = re.findall(r"^```\{ \.sh \.walk \}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def walk(capsys: pytest.CaptureFixture[str], steps: str) -> str:
    """Runs the lines of a block: commands of ours in this process, others by the shell; what ours said."""
    said = []
    for line in steps.splitlines():
        program, *words = shlex.split(line)
        if program == "optimiser":
            ran = run(capsys, *words)
            assert ran.code == 0, ran.err
            said.append(ran.out)
        else:
            subprocess.run(["sh", "-e", "-c", line], check=True)
    return "".join(said)


def test_the_handbooks_steps_lead_from_files_to_an_allocation_and_to_a_newer_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = published(tmp_path / "files")
    monkeypatch.chdir(files)
    said = walk(capsys, STEPS[0])
    assert "3 areas (0 with an outline), 11 surgeries, 3 providers with 4 offices." in said
    assert "Left out: location 1-108 Nowhere Care: " in said
    assert "Source: NHS ODS: GP practices and branches (epraccur, ebranchs), epraccur.csv (9 taken). Open Government" in said
    assert re.search(r"^ overlap +0 +0 $", said, re.MULTILINE)
    said = walk(capsys, STEPS[1])
    assert "4 packages (36.75 hours a week), 3 of them new; 3 providers, 3 contracts, 3 areas." in said
    with (files / "today" / "allocations.csv").open(encoding="utf-8", newline="") as lines:
        placed = {row["package_id"]: (row["outcome"], row["contract_id"], row["area_id"]) for row in csv.DictReader(lines)}
    assert placed["N1"] == ("placed", "P-SOUTH", "U01198")
    assert placed["N2"] == ("placed", "L-WEST", "U24247"), "no principal there yet: the county-wide contract"
    newer = [list(each) for each in AGENCIES]
    newer[2][0], newer[2][11] = "1-203", "1-P22"  # Needles Homecare registers anew
    newer[0][5], newer[1][5] = "Good", "Good"
    published(files, newer)
    for name in ("contracts.csv", "packages.csv"):
        (files / name).unlink()
    said = walk(capsys, STEPS[2])
    assert "Provider 1-P2 has registered anew as 1-P22 (company 07654321): it keeps its history." in said
    assert "Provider 1-P1: CQC's rating is good, was requires_improvement." in said
    assert said.startswith("Written to wight-january: 2 change(s).")
    after = read_snapshot(files / "wight-january").snapshot
    assert {each.provider_id for each in after.providers} == {"1-P1", "1-P2", "1-P3"}
    assert [each.provider_id for each in after.contracts] == ["1-P3", "1-P2", "1-P1"]
    assert {each.location_id: each.provider_id for each in after.locations}["1-203"] == "1-P2"
    assert after.extra["providers"].cells["1-P2"] == {"cqc_provider_id": "1-P22", "companies_house_number": "07654321"}
    assert all(each.go_live for each in after.areas), "dates stay the council's"
    assert len(json.loads((files / "wight-january" / "sources.json").read_bytes())["changes"]) == 2
