"""A solver that fails at every attempt."""

from __future__ import annotations

import sys
from dataclasses import replace

from api.runs import solve
from api.runs.kinds import KINDS
from api.runs.kinds.kind import Outcome, Task


def _fails(_: Task) -> Outcome:
    raise MemoryError


if __name__ == "__main__":
    KINDS["allocate"] = replace(KINDS["allocate"], work=_fails)
    sys.exit(solve.main(sys.argv[1:]))
