"""``python -m tests.api.runs.slow``: the solver process, with a search that finds no end until it is told to stop."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace

from api.runs.kinds import KINDS, allocate
from api.runs.kinds.kind import Outcome, Task
from api.runs.solve import main
from optimiser.solving.outcome import Progress


def endless(task: Task) -> Outcome:
    """Searches, tells, and asks whether to stop, as a real one does."""
    value = 1_000_000
    while not task.should_stop():
        task.report(Progress("unmet", value, 0, value, 0.0))
        value -= 1
        time.sleep(0.02)
    return allocate.work(task)


if __name__ == "__main__":
    KINDS["allocate"] = replace(allocate.KIND, work=endless)
    os._exit(main(sys.argv[1:]))
