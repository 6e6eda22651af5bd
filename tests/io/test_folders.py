"""Writing a result: whole or not at all, for its owner alone, and never over something that is not ours."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from optimiser.io.folders import ALLOCATION_FILES, FolderTakenError, refuse_taken, write_folder

EARLIER = {name: f"earlier {name}\n".encode() for name in sorted(ALLOCATION_FILES)}
LATER = {name: f"later {name}\n".encode() for name in sorted(ALLOCATION_FILES)}


class Crash(BaseException):
    """Something that no handler of ours expects."""


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with nothing in it, in which results are written."""
    parent = tmp_path / "results"
    parent.mkdir()
    return parent


@pytest.fixture(params=[0o000, 0o022, 0o077])
def any_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("any_umask")
def test_a_result_is_readable_by_its_owner_alone(place: Path) -> None:
    write_folder(place / "out", LATER)
    assert content(place / "out") == LATER
    assert mode(place / "out") == 0o700
    assert {mode(path) for path in (place / "out").iterdir()} == {0o600}


def test_an_empty_folder_is_filled_and_closed_to_others(place: Path) -> None:
    (place / "out").mkdir(mode=0o755)
    write_folder(place / "out", LATER)
    assert content(place / "out") == LATER
    assert mode(place / "out") == 0o700


def test_nothing_is_left_beside_a_result(place: Path) -> None:
    write_folder(place / "out", EARLIER)
    write_folder(place / "out", LATER, replace=True)
    assert [path.name for path in place.iterdir()] == ["out"]
    assert content(place / "out") == LATER


def test_a_result_is_written_into_the_current_folder_by_its_name_alone(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    write_folder(Path("out"), LATER)
    assert content(place / "out") == LATER


def test_a_name_as_long_as_the_disk_takes_is_written(place: Path) -> None:
    write_folder(place / ("é" * 127), EARLIER)
    write_folder(place / ("é" * 127), LATER, replace=True)
    assert content(place / ("é" * 127)) == LATER


def test_what_fails_after_the_result_is_in_place_is_not_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(place / "out", EARLIER)
    crash_at(5, monkeypatch, os, "fsync", OSError(5, "Input/output error"))  # of the parent: the files have four
    write_folder(place / "out", LATER, replace=True)
    assert content(place / "out") == LATER


def test_an_earlier_result_is_not_replaced_unasked(place: Path) -> None:
    write_folder(place / "out", EARLIER)
    with pytest.raises(FolderTakenError, match="not empty"):
        write_folder(place / "out", LATER)
    assert content(place / "out") == EARLIER


@pytest.mark.parametrize("replace", [True, False])
def test_a_folder_with_a_foreign_file_is_never_replaced(place: Path, *, replace: bool) -> None:
    write_folder(place / "out", EARLIER)
    (place / "out" / "notes.txt").write_text("mine")
    with pytest.raises(FolderTakenError):
        write_folder(place / "out", LATER, replace=replace)
    assert content(place / "out") == {**EARLIER, "notes.txt": b"mine"}


def test_the_foreign_file_is_named(place: Path) -> None:
    (place / "notes.txt").write_text("mine")
    with pytest.raises(FolderTakenError, match=r"notes\.txt"):
        refuse_taken(place, replace=True)


@pytest.mark.parametrize("name", [".hidden", "allocations.csv.bak", "Result.json", "snapshot.toml"])
def test_a_file_is_foreign_unless_its_name_is_ours_to_the_letter(place: Path, name: str) -> None:
    (place / name).write_text("mine")
    with pytest.raises(FolderTakenError):
        refuse_taken(place, replace=True)


def test_a_folder_that_bears_the_name_of_one_of_our_files_is_foreign(place: Path) -> None:
    (place / "out" / "result.json").mkdir(parents=True)
    (place / "out" / "result.json" / "mine.txt").write_text("mine")
    with pytest.raises(FolderTakenError):
        write_folder(place / "out", LATER, replace=True)
    assert (place / "out" / "result.json" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("replace", [True, False])
def test_a_file_in_the_folders_place_is_refused(place: Path, *, replace: bool) -> None:
    (place / "out").write_text("mine")
    with pytest.raises(FolderTakenError, match="is a file"):
        write_folder(place / "out", LATER, replace=replace)
    assert (place / "out").read_text() == "mine"


def test_a_missing_parent_is_refused_and_not_made(place: Path) -> None:
    with pytest.raises(FolderTakenError, match="make it first"):
        write_folder(place / "deep" / "out", LATER)
    assert list(place.iterdir()) == []


def to_nothing(place: Path) -> None:
    (place / "out").symlink_to(place / "target")


def to_an_empty_folder(place: Path) -> None:
    (place / "target").mkdir()
    to_nothing(place)


def to_an_earlier_result(place: Path) -> None:
    write_folder(place / "target", EARLIER)
    to_nothing(place)


def to_a_foreign_folder(place: Path) -> None:
    to_an_empty_folder(place)
    (place / "target" / "notes.txt").write_text("mine")


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("link", [to_nothing, to_an_empty_folder, to_an_earlier_result, to_a_foreign_folder])
def test_a_link_is_followed_or_refused_before_any_work(place: Path, link: Callable[[Path], None], *, replace: bool) -> None:
    link(place)
    before = content(place / "target") if (place / "target").exists() else None
    try:
        refuse_taken(place / "out", replace=replace)
    except FolderTakenError:
        assert (content(place / "target") if (place / "target").exists() else None) == before
    else:
        write_folder(place / "out", LATER, replace=replace)
        assert content(place / "out") == LATER
    assert {path.name for path in place.iterdir()} <= {"out", "target"}


def crash_at(count: int, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, error: BaseException) -> None:
    """Let a call raise when it is made for the count-th time."""
    real, calls = getattr(owner, name), iter(range(1, 100))

    def crash(*given: object, **named: object) -> object:
        if next(calls) == count:
            raise error
        return real(*given, **named)

    monkeypatch.setattr(owner, name, crash)


CRASHES = [Crash(), OSError(28, "No space left on device"), KeyboardInterrupt()]
MOMENTS = [*((os, "fsync", count) for count in range(1, 5)), (os, "open", 1), (os, "open", 3), (Path, "replace", 1)]


@pytest.mark.parametrize("error", CRASHES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(("owner", "name", "count"), MOMENTS)
def test_a_crash_before_the_result_is_in_place_leaves_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, count: int, error: BaseException
) -> None:
    crash_at(count, monkeypatch, owner, name, error)
    with pytest.raises(type(error)):
        write_folder(place / "out", LATER)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("error", CRASHES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(("owner", "name", "count"), [*MOMENTS, (Path, "replace", 2)])
def test_a_crash_while_a_result_is_replaced_leaves_the_earlier_one_whole_and_in_its_place(
    place: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, count: int, error: BaseException
) -> None:
    write_folder(place / "out", EARLIER)
    crash_at(count, monkeypatch, owner, name, error)
    with pytest.raises(type(error)):
        write_folder(place / "out", LATER, replace=True)
    assert [path.name for path in place.iterdir()] == ["out"]
    assert content(place / "out") == EARLIER


KILLED = """
import os, sys
from pathlib import Path
from optimiser.io.folders import ALLOCATION_FILES, write_folder

owner, name, count, out = {"os": os, "Path": Path}[sys.argv[1]], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
real, calls = getattr(owner, name), iter(range(1, 100))

def call(*given, **named):
    if next(calls) == count:
        os._exit(9)
    return real(*given, **named)

setattr(owner, name, call)
write_folder(out, {name: f"later {name}\\n".encode() for name in sorted(ALLOCATION_FILES)}, replace=True)
"""


@pytest.mark.parametrize(
    ("owner", "name", "count"), [("os", "fsync", "1"), ("Path", "replace", "1"), ("Path", "replace", "2"), ("os", "fsync", "5")]
)
def test_a_kill_at_any_moment_leaves_the_earlier_or_the_later_result_whole(
    place: Path, owner: str, name: str, count: str
) -> None:
    write_folder(place / "out", EARLIER)
    killed = subprocess.run([sys.executable, "-c", KILLED, owner, name, count, str(place / "out")], check=False)
    assert killed.returncode == 9
    there = {path.name: content(path) for path in place.iterdir() if not path.name.startswith(".")}
    assert EARLIER in there.values() or LATER in there.values()
    if "out" in there:
        assert there["out"] in (EARLIER, LATER)
    else:
        assert [name.startswith("out.previous-") for name in there] == [True]
