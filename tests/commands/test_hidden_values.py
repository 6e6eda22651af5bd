"""What a refused input says of people: nothing, unless somebody at a terminal asks for it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.running import run, run_alone
from tests.making.folders import Folder

Capture = pytest.CaptureFixture[str]

SECRETS = {
    "latitude": "52.987654",
    "longitude": "1.456789",
    "skills": "SECRETSKILL",
    "protected": "SECRETILLNESS",
    "transfer_decision": "SECRETDECISION",
    "excluded_provider_ids": "SECRETPROVIDER",
}
REASON = "SECRETREASON"
ALL = [*SECRETS.values(), REASON]


def planted(folder: Folder) -> None:
    """Recognisable values in every personal column, beside faults and at fault."""
    folder.change("packages.csv", "N2", status="lost", **SECRETS)
    folder.change("packages.csv", "R3", **{**SECRETS, "latitude": "62.987654", "longitude": "1O.456789", "hours_per_week": "x"})
    folder.change("packages.csv", "N4", hours_per_week="1", **{**SECRETS, "transfer_decision": "", "area_id": ""})
    folder.change("packages.csv", "N1", hours_per_week="1", **{**SECRETS, "transfer_decision": ""})
    folder.change("packages.csv", "N5", protected=SECRETS["protected"] + "x" * 10_000, latitude="1.456789", longitude="52.987654")
    folder.change("offers.csv", "OF1", reason=REASON, response="no")
    folder.change("offers.csv", "OF2", reason=REASON + "x" * 10_000)
    folder.change("restrictions.csv", "X1", reason=REASON, kind="paused")
    folder.change("restrictions.csv", "X2", reason=REASON, ends="2026-01-01")


def ragged(folder: Folder) -> None:
    folder.change("packages.csv", "N2", **SECRETS)
    folder.write("packages.csv", folder.text("packages.csv").replace("\nN2,", "\nN2,,"))


def with_an_open_quote(folder: Folder) -> None:
    folder.change("packages.csv", "N2", **SECRETS)
    folder.write("packages.csv", folder.text("packages.csv").replace("\nN2,", '\n"N2,'))


def with_text_after_a_quote(folder: Folder) -> None:
    folder.change("packages.csv", "N2", **SECRETS)
    folder.write("packages.csv", folder.text("packages.csv").replace("\nN2,", '\n"N2"x,'))


def in_another_encoding(folder: Folder) -> None:
    folder.change("packages.csv", "N2", **(SECRETS | {"protected": "SECRETILLNESS é"}))
    folder.write("packages.csv", folder.text("packages.csv").encode("latin-1"))


def twice(folder: Folder) -> None:
    folder.change("packages.csv", "N2", **(SECRETS | {"transfer_decision": "", "excluded_provider_ids": ""}))
    folder.add("packages.csv", "N2")


def without_a_header(folder: Folder) -> None:
    """The first person's line stands where the header should be."""
    folder.change("packages.csv", "N1", **(SECRETS | {"protected": "SECRETSKILL", "latitude": "1.456789"}))
    folder.write("packages.csv", folder.text("packages.csv").split("\n", 1)[1])


def with_shifted_headings(folder: Folder) -> None:
    """Two headings changed places, so that personal values stand under the names of other columns."""
    folder.change("packages.csv", "N1", **SECRETS)
    text = folder.text("packages.csv")
    folder.write("packages.csv", text.replace("latitude,", "LATITUDE,", 1).replace("protected,", "Protected,", 1))


SPOILT: list[Callable[[Folder], None]] = [
    planted,
    ragged,
    with_an_open_quote,
    with_text_after_a_quote,
    in_another_encoding,
    twice,
    without_a_header,
    with_shifted_headings,
]


def nothing_told(said: str) -> None:
    told = [secret for secret in ALL if secret[:9] in said]
    assert told == []
    assert "62.98" not in said
    assert "1O.45" not in said


@pytest.mark.parametrize("options", [[], ["--show-values"]])
@pytest.mark.parametrize("spoil", SPOILT)
def test_no_personal_value_is_told_where_nobody_sits_at_a_terminal(
    folder: Folder, spoil: Callable[[Folder], None], options: list[str], tmp_path: Path, capsys: Capture
) -> None:
    spoil(folder)
    checked = run(capsys, "check", folder.path, *options)
    assert (checked.code, checked.out) == (2, "")
    nothing_told(checked.err)
    allocated = run(capsys, "allocate", folder.path, "--out", tmp_path / "out", *options)
    assert (allocated.code, allocated.out) == (2, "")
    nothing_told(allocated.err)
    band = run(capsys, "band", "52.6", "1.1", "--in", folder.path)
    assert band.code == 2
    nothing_told(band.err)


def test_no_personal_value_is_told_by_a_process_of_its_own(folder: Folder) -> None:
    planted(folder)
    ran = run_alone("check", folder.path, "--show-values")
    assert ran.code == 2
    nothing_told(ran.out + ran.err)


def test_the_kind_of_a_personal_value_is_told_in_its_place(folder: Folder, capsys: Capture) -> None:
    planted(folder)
    said = run(capsys, "check", folder.path).err
    assert (
        "packages.csv, line 3, transfer_decision: expected one of empty, suitable, not_suitable; found not one of these" in said
    )
    assert "packages.csv, line 10, latitude: expected a latitude in England, 49.8 to 55.9 degrees; found outside England" in said
    assert "packages.csv, line 10, longitude: expected a longitude in England, -6.5 to 1.9 degrees; found not a number" in said
    assert "offers.csv, line 3, reason: expected at most 10,000 characters; found a longer text" in said


def at_a_terminal(*arguments: str | Path) -> tuple[int, str]:
    """Exit code and error stream of a command whose error stream is a terminal."""
    ours, theirs = pty.openpty()
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "optimiser", *map(str, arguments)], stdout=subprocess.PIPE, stderr=theirs, check=False
        )
        os.close(theirs)
        said = b""
        while True:
            try:
                more = os.read(ours, 65_536)
            except OSError:  # the other side is closed
                break
            if not more:
                break
            said += more
    finally:
        os.close(ours)
    return ended.returncode, said.decode()


def test_at_a_terminal_values_are_shown_when_asked_for(folder: Folder) -> None:
    folder.change("packages.csv", "R3", latitude="62.987654", transfer_decision="SECRETDECISION")
    code, said = at_a_terminal("check", folder.path, "--show-values")
    assert code == 2
    assert "found '62.987654'" in said
    assert "found 'SECRETDECISION'" in said


def test_at_a_terminal_values_are_not_shown_unasked(folder: Folder) -> None:
    folder.change("packages.csv", "R3", latitude="62.987654", transfer_decision="SECRETDECISION")
    code, said = at_a_terminal("check", folder.path)
    assert code == 2
    assert "latitude" in said
    nothing_told(said)


def test_nothing_is_told_of_people_when_an_input_is_accepted(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    folder.change(
        "packages.csv", "N2", latitude="52.687654", longitude="1.156789", skills="SECRETSKILL", protected="SECRETILLNESS"
    )
    folder.change("packages.csv", "N3", latitude="52.487654", area_id="A1")
    folder.change("offers.csv", "OF1", reason=REASON)
    for ran in (run(capsys, "check", folder.path), run(capsys, "allocate", folder.path, "--out", tmp_path / "out")):
        assert ran.code == 0
        nothing_told(ran.out + ran.err)
        assert "52." not in ran.out + ran.err


def test_the_table_of_a_result_tells_nothing_of_people(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    folder.change("packages.csv", "N2", skills="SECRETSKILL", protected="SECRETILLNESS")
    folder.change("packages.csv", "N4", excluded_provider_ids="ALDER;BIRCH;CEDAR;DOGWOOD", skills="SECRETSKILL")
    folder.change("offers.csv", "OF1", reason=REASON)
    assert run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--quiet").code == 0
    for name in ("allocations.csv", "result.json", "run.json"):
        nothing_told((tmp_path / "out" / name).read_text(encoding="utf-8"))
