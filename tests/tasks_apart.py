"""What the processes of a test do that run apart: little, so that they start soon."""

from __future__ import annotations

import os
import signal
import time


def ends_as_told(how: str) -> int:
    """Killed, by a mistake, after being told to stop, or with an exit code."""
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "mistaken":
        raise ValueError("a mistake of ours")
    if how == "asks":
        os.kill(os.getppid(), signal.SIGINT)
    if how in ("asks", "waits"):
        time.sleep(60)
    return int(how)
