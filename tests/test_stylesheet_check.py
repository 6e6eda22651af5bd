"""The check of the vendored stylesheet ends as it should where npm fails: a package that is another one is no missing network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(("code", "ends"), [("EINTEGRITY", 1), ("EUSAGE", 1), ("ECONNREFUSED", 0), ("ENOTFOUND", 0)])
def test_only_a_package_that_cannot_be_brought_is_let_pass(tmp_path: Path, code: str, ends: int) -> None:
    """``code``: what npm says as its reason; it ends with 1 for each."""
    npm = tmp_path / "npm"
    npm.write_text(f"#!/bin/sh\necho 'npm error code {code}' >&2\nexit 1\n", encoding="utf-8")
    npm.chmod(0o755)
    ended = subprocess.run(
        [sys.executable, ROOT / ".ci" / "govuk_frontend.py", "--check"],
        env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, "was not compared" in ended.stderr) == (ends, ends == 0)
    assert code in ended.stderr
