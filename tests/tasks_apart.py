"""What the processes of a test do that run apart: little, so that they start soon."""

from __future__ import annotations

import os
import signal
import time


def ends_as_told(how: str) -> int:
    """Killed, told to stop, deaf to that, or with an exit code."""
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "asks":
        os.kill(os.getppid(), signal.SIGINT)
    if how == "deaf":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if how in ("asks", "waits", "deaf"):
        time.sleep(60)
    return int(how)
