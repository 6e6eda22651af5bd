"""A folder for the front of a shell's path, in which ``optimiser`` is forked from a process that has imported it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warmed import caller


@pytest.fixture(scope="session")
def warmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder, as long as tests run."""
    folder = tmp_path_factory.mktemp("warmed")
    command = folder / "optimiser"
    command.write_text(f"#!{sys.executable} -IS\n{Path(caller.__file__).read_text(encoding='utf-8')}", encoding="utf-8")
    command.chmod(0o700)
    asked = [sys.executable, "-m", "tests.warmed.keeper", f"{command}.keeper"]
    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as keeper:
        assert keeper.stdin is not None and keeper.stdout is not None
        assert keeper.stdout.readline() == b"ready\n"
        yield folder
        keeper.stdin.close()
