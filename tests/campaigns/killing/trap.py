"""How a process of the campaign ends itself at a named point, and where it writes down that it did."""

from __future__ import annotations

import os
import signal
from pathlib import Path

FOLDER = "KILL_CAMPAIGN_FOLDER"


def folder() -> Path:
    return Path(os.environ[FOLDER])


def die(phase: str) -> None:
    """Write the phase down, and end as ``kill -9`` ends."""
    with (folder() / "deaths").open("a") as log:
        log.write(f"{os.getpid()} {phase}\n")
        log.flush()
        os.fsync(log.fileno())
    os.kill(os.getpid(), signal.SIGKILL)


def deaths() -> list[tuple[int, str]]:
    """Every process that ended itself, with the phase."""
    path = folder() / "deaths"
    lines = path.read_text().splitlines() if path.exists() else []
    return [(int(pid), phase) for pid, phase in (line.split(" ", 1) for line in lines)]


def set_trap(phase: str) -> None:
    """The next solver ends itself at this point."""
    (folder() / "trap.new").write_text(phase)
    (folder() / "trap.new").replace(folder() / "trap")


def take_trap() -> str:
    """The point at which this solver is to end itself; empty: nowhere. No other solver takes it."""
    mine = folder() / f"trap.{os.getpid()}"
    try:
        (folder() / "trap").replace(mine)
    except FileNotFoundError:
        return ""
    return mine.read_text()
