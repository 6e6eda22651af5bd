"""Commands in a folder with Python files that are not ours, and what is said of a process that ended too soon."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from optimiser.processes import SAFE_PATH, how_it_ended, spawning

STRAY = ("api", "argparse", "multiprocessing", "numpy", "numba", "optimiser", "pickle", "shapely", "structlog", "types")
VILLAGES = Path(__file__).parent.parent / "data" / "three_villages"
SCRIPT = Path(sys.executable).parent / "optimiser"


@pytest.fixture
def strays(tmp_path: Path) -> Path:
    """A working directory whose files are called like ours and like what we use; each tells of its import."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in STRAY:
        (folder / f"{name}.py").write_text(f"raise SystemExit('stray {name}.py was imported')\n", encoding="utf-8")
    return folder


def ran(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if name not in (SAFE_PATH, "PYTHONPATH")}
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, encoding="utf-8", check=False)


def test_the_command_and_its_processes_import_nothing_from_where_they_run(strays: Path) -> None:
    """Two providers have care, so two processes plan their rounds."""
    ended = ran(strays, SCRIPT, "rounds", "build", VILLAGES, "--out", "plan", "--quiet")
    assert "stray" not in ended.stderr + ended.stdout
    assert ended.returncode == 0, ended.stderr
    assert (strays / "plan" / "rounds_planned.csv").exists()


def test_the_module_imports_nothing_from_where_it_runs(strays: Path) -> None:
    """Python itself looks there for ``optimiser``, and for what it needs to look: ``-P`` forbids that too."""
    assert ran(strays, sys.executable, "-P", "-m", "optimiser", "--version").returncode == 0
    for name in ("optimiser", "types"):
        (strays / f"{name}.py").unlink()
    ended = ran(strays, sys.executable, "-m", "optimiser", "check", VILLAGES)
    assert "stray" not in ended.stderr + ended.stdout
    assert ended.returncode == 0, ended.stderr


def test_our_own_folder_stays_where_modules_are_found() -> None:
    ended = ran(VILLAGES.parent.parent, sys.executable, "-m", "optimiser", "--version")
    assert ended.stdout.startswith("optimiser ")


@pytest.fixture(params=[None, "", "1"])
def before(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str | None]:
    monkeypatch.delenv(SAFE_PATH, raising=False)
    if request.param is not None:
        monkeypatch.setenv(SAFE_PATH, request.param)
    yield request.param


def test_our_own_environment_is_left_as_it_was(before: str | None) -> None:
    spawning()
    assert os.environ.get(SAFE_PATH) == before


@pytest.mark.parametrize(
    ("exit_code", "said"),
    [
        (None, "was not heard of again"),
        (-signal.SIGKILL, "was killed (SIGKILL), as happens where memory runs out"),
        (-signal.SIGSEGV, "was ended by a signal (SIGSEGV)"),
        (-100, "was ended by a signal (100)"),
        (1, "ended with exit code 1: what it wrote itself to the error output says why"),
    ],
)
def test_what_is_said_of_a_process_is_what_is_known(exit_code: int | None, said: str) -> None:
    assert how_it_ended(exit_code) == said
