"""``python -m tests.api.runs.pulsing NAME 1 1``: a process with a pulse that works now and then, or waits for nothing."""

from __future__ import annotations

import sys
import threading
import time

from api.runs import pulse

if __name__ == "__main__":
    pulse.BEAT_SECONDS = 0.1
    pulse.beat_over(sys.stdin.fileno())
    if sys.argv[1] == "at the database":
        with pulse.at_the_database():
            threading.Event().wait()
    while sys.argv[1] in ("works now and then", "stopped"):
        time.sleep(0.05)
        sum(range(100_000))
    threading.Event().wait()
