"""What killed runs leave is taken away by the next one and told; what somebody still writes is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from optimiser.io import folders
from optimiser.io.folders import ALLOCATION_FILES, take_away_left, write_file, write_folder
from optimiser.io.leftovers import hidden_folder
from tests.commands.running import run
from tests.making.folders import Folder

RESULT = dict.fromkeys(sorted(ALLOCATION_FILES), b"of a person\n")
WRITING = """
import sys, time
from pathlib import Path
from optimiser.io.leftovers import hidden_folder

with hidden_folder(".out.writing-", Path(sys.argv[1])) as made:
    (made / "allocations.csv").write_text("of a person")
    print(made.name, flush=True)
    time.sleep(60)
"""


@contextmanager
def writing(place: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that writes a result there, and the name of its hidden folder."""
    process = subprocess.Popen([sys.executable, "-c", WRITING, str(place)], stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def test_the_next_run_takes_away_what_a_killed_one_left_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    county = Folder.make(tmp_path / "county")
    with writing(tmp_path) as (process, name):
        assert take_away_left(tmp_path) == [], "somebody writes there"
        assert (tmp_path / name / "allocations.csv").is_file()
        process.kill()
        process.wait()
        assert (tmp_path / name / "allocations.csv").is_file(), "a kill cleans nothing up"
        ran = run(capsys, "allocate", county.path, "--out", tmp_path / "another", "--quiet")
    assert ran.code == 0
    assert f"a run that was killed had left it: {name}." in ran.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["another", "county"]


def test_only_what_is_ours_and_nobodys_is_taken_away(tmp_path: Path) -> None:
    mine = [".out.writing-abcd123", "out.writing-abcd1234", ".writing-abcd1234", ".out.writing-ABCD1234", ".backup-abcd1234"]
    for name in mine:
        (tmp_path / name).mkdir()
    (tmp_path / ".file.writing-abcd1234").write_text("mine")
    (tmp_path / ".link.writing-abcd1234").symlink_to(tmp_path / mine[0])
    with hidden_folder(".held.writing-", tmp_path) as held:
        before = sorted(tmp_path.iterdir())
        assert held in before
        assert take_away_left(tmp_path) == []
        assert sorted(tmp_path.iterdir()) == before
    assert not held.exists()
    assert take_away_left(tmp_path / "nowhere") == []


def test_what_somebody_is_just_taking_away_is_nobody_elses_to_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that ends well holds its folder until it is gone: another that begins meanwhile does not say that it was killed."""
    meanwhile: list[list[str]] = []
    remove = shutil.rmtree

    def removing(path: Path, *, ignore_errors: bool) -> None:
        monkeypatch.setattr(shutil, "rmtree", remove)
        meanwhile.append(take_away_left(tmp_path))
        remove(path, ignore_errors=ignore_errors)

    with hidden_folder(".out.writing-", tmp_path) as made:
        monkeypatch.setattr(shutil, "rmtree", removing)
    assert (meanwhile, made.exists()) == ([[]], False)


def test_an_earlier_result_that_was_to_be_replaced_goes_once_it_is(tmp_path: Path) -> None:
    for name in ("out.previous-abcd1234", "out.previous-mine0000", "other.previous-abcd1234"):
        write_folder(tmp_path / name, RESULT)
    (tmp_path / "out.previous-mine0000" / "notes.txt").write_text("mine")
    assert write_folder(tmp_path / "out", RESULT) == [], "nobody has said that anything may go"
    assert write_folder(tmp_path / "out", RESULT, replace=True) == ["out.previous-abcd1234"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["other.previous-abcd1234", "out", "out.previous-mine0000"]


@pytest.mark.parametrize("replace", [False, True])
def test_a_file_that_is_being_written_is_somebodys_too(replace: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another command beside it takes away what it finds there while the file is on its way."""
    write = folders._write

    def beside(path: Path, content: bytes) -> None:
        assert take_away_left(tmp_path) == []
        write(path, content)

    monkeypatch.setattr(folders, "_write", beside)
    if replace:
        (tmp_path / "result.xlsx").write_bytes(b"before")
    write_file(tmp_path / "result.xlsx", b"whole", replace=replace, mode=0o640)
    assert [each.name for each in tmp_path.iterdir()] == ["result.xlsx"]
    assert (tmp_path / "result.xlsx").read_bytes() == b"whole"
    assert (tmp_path / "result.xlsx").stat().st_mode & 0o777 == 0o640
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "result.xlsx", b"another")
    assert [each.name for each in tmp_path.iterdir()] == ["result.xlsx"]
    assert (tmp_path / "result.xlsx").read_bytes() == b"whole"
