"""The tests are the same whatever the shell exports, and where interrupts are ignored."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

EXPORTED = {
    "OPTIMISER_AS_OF": "2031-01-01",
    "OPTIMISER_CONTACT": "somebody else",
    "OPTIMISER_COMPLAINTS": "nowhere",
    "OPTIMISER_EXTRA_HOLIDAYS": '["2026-11-24"]',
    "OPTIMISER_WINDOW_URGENT_HOURS": "99",
    "DATABASE_URL": "sqlite:////nowhere/county.db",
}
TESTS = ("tests/api/offers/test_windows.py", "tests/commands/test_defects.py", "tests/explaining/test_person.py")
IGNORING = "import signal, sys, os; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.executable, sys.argv[1:])"


def test_what_the_shell_exports_and_ignores_is_no_matter() -> None:
    given = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *TESTS]
    ran = subprocess.run(
        [sys.executable, "-c", IGNORING, *given],
        cwd=Path(__file__).parent.parent,
        env=os.environ | EXPORTED,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout[-3000:]
