"""One file of earlier moves, read in one way by every command that takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimiser import exits
from optimiser.io.folders import THREE_VILLAGES, bundled
from tests.commands.running import run

COMMANDS = {
    "reoptimise": ("--quiet",),
    "nightly": ("--quiet",),
    "transfer": ("--area", "all", "--quiet"),
}
HEADINGS = "date,package_id,from_provider_id,hours_per_week\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_stranger_is_a_note_with_the_nearest_name(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = tmp_path / "history.csv"
    history.write_text(f"{HEADINGS}2026-10-01,OLD1,ALDR,7\n", encoding="utf-8")
    done = run(capsys, command, bundled(THREE_VILLAGES), "--history", history, "--out", tmp_path / "out", *COMMANDS[command])
    assert "history.csv, line" not in done.err
    assert "Note: history.csv: provider 'ALDR' is not in the snapshot (nearest: 'ALDER'); what it lost limits nobody" in done.err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_repeated_row_is_refused(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = tmp_path / "history.csv"
    history.write_text(HEADINGS + "2026-10-01,OLD1,ALDER,7\n" * 2, encoding="utf-8")
    done = run(capsys, command, bundled(THREE_VILLAGES), "--history", history, "--out", tmp_path / "out", *COMMANDS[command])
    assert done.code == exits.REFUSED
    assert "history.csv, line 3, package_id: expected each move once" in done.err
