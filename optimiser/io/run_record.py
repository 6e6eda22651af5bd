"""``run.json``: whatever differs between two runs on the same input, and so stands in no other file."""

from __future__ import annotations

import datetime as dt
import platform
import resource
from typing import Any

from optimiser.version import SOFTWARE


def run_record(stopped: str, started: dt.datetime, seconds: float) -> dict[str, Any]:
    """When, how long, on what, and why it ended: ``no`` where nothing stopped it."""
    return {
        "started_at": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "stopped": stopped,
        "repeatable": stopped in ("no", "work"),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "software": SOFTWARE,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
    }
