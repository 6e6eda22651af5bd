"""Running a command: inside the test's process, or alone in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from optimiser.__main__ import main


@dataclass(frozen=True)
class Ran:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Ran:
    """Through ``main``, inside this process."""
    capsys.readouterr()
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return Ran(code, said.out, said.err)


def run_alone(*arguments: str | Path, environment: Mapping[str, str] | None = None) -> Ran:
    """Through ``python -m optimiser``, in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-m", "optimiser", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **(environment or {})},
        check=False,
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)
