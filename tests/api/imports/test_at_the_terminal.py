"""``optimiser sync``: what differs, in words and as JSON; and what ``load`` says where a county is there already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.running import run
from tests.making.folders import Folder


def test_what_differs_is_told_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'county.db'}")
    monkeypatch.setenv("OPTIMISER_AS_OF", "2026-11-23")
    folder = Folder.make(tmp_path / "county")
    assert run(capsys, "sync", folder.path, "--dry-run").code == 2, "there are no tables"
    assert run(capsys, "load", folder.path, "--practice").code == 0
    again = run(capsys, "load", folder.path, "--practice")
    assert (again.code, f"'optimiser sync {folder.path} --dry-run' lists what differs" in again.err) == (2, True)
    folder.add("rates.csv", "C1", starts="2027-04-08", rate_band_1="26.10")
    folder.change("contracts.csv", "C3", max_hours_4w="70")
    folder.drop("packages.csv", "N3")
    told = run(capsys, "sync", folder.path, "--dry-run")
    lines = told.out.splitlines()
    assert "contracts: 1 changed; 5 untouched" in lines
    assert "  changed: C3 (max_hours_4w)" in lines
    assert "  added: C1 2027-04-08" in lines
    assert "  missing, left: N3" in lines
    assert lines[-1].startswith("Nothing was written: a dry run.")
    assert "say why with --reason" in run(capsys, "sync", folder.path).err
    done = run(capsys, "sync", folder.path, "--reason", "uplift", "--json")
    record = json.loads(done.out)
    assert (done.code, record["writes"], record["dry_run"]) == (0, True, False)
    assert "Nothing in" in run(capsys, "sync", folder.path, "--reason", "uplift").out
    assert run(capsys, "audit", "verify").code == 0
    folder.change("contracts.csv", "C1", contract_id="C9")
    refused = run(capsys, "sync", folder.path, "--dry-run")
    assert refused.code == 2
