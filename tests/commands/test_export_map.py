"""``optimiser export --gpkg``: by the real command, of a folder and of the service."""

from __future__ import annotations

import json
import stat

import pyogrio
import pytest

from tests.commands.running import run
from tests.making.folders import Folder

Capture = pytest.CaptureFixture[str]


def test_a_folder_becomes_a_map_that_its_owner_alone_reads(folder: Folder, capsys: Capture) -> None:
    out = folder.path.parent / "county.gpkg"
    ran = run(capsys, "export", str(out), "--gpkg", "--from", str(folder.path), "--json")
    assert ran.code == 0, ran.err
    record = json.loads(ran.out)
    assert (record["exact"], record["layers"]["offices"]) == (False, 5)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert {name for name, _ in pyogrio.list_layers(out)} == {*record["layers"], "layer_styles"}
    again = run(capsys, "export", str(out), "--gpkg", "--from", str(folder.path))
    assert again.err == f"Refused: {out} exists already. Nothing was written.\n"
    exact = run(capsys, "export", str(out.with_name("exact.gpkg")), "--gpkg", "--from", str(folder.path), "--exact")
    assert "PERSONAL DATA" in exact.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["out", "--from", "county"], "--from: expected only with --gpkg"),
        (["out", "--exact", "--result", "x"], "--result, --exact: expected only with --gpkg"),
        (["out", "--gpkg", "--from", "county"], "expected a new file that ends in .gpkg; found 'out'"),
        (["a.gpkg", "--gpkg", "--from", "county", "--rounds", "no"], "--rounds: expected a folder of results; found 'no'"),
    ],
)
def test_what_does_not_go_together_is_refused(
    words: list[str], said: str, folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(folder.path.parent)
    ran = run(capsys, "export", *words)
    assert (ran.code, ran.err) == (2, f"Refused: {said}. Nothing was written.\n")
    assert not list(folder.path.parent.glob("*.gpkg"))
