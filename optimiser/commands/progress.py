"""Progress on a terminal: level, value, bound, gap, elapsed; the line of the level at work is written over."""

from __future__ import annotations

import sys
from collections.abc import Callable

from optimiser.solving.outcome import Progress


def reporter(*, quiet: bool) -> Callable[[Progress], None] | None:
    """Something that shows progress on the error stream when that is a terminal; None where there is nobody to watch."""
    if quiet or not sys.stderr.isatty():
        return None
    shown = ""

    def report(progress: Progress) -> None:
        nonlocal shown
        if shown and progress.level != shown:
            sys.stderr.write("\n")
        shown = progress.level
        sys.stderr.write(
            f"\r\x1b[K{progress.level:16} value {progress.value:>12,}  bound {progress.bound:>12,}"
            f"  gap {progress.gap:>9,}  {progress.elapsed:6.1f} s"
        )
        sys.stderr.flush()

    return report
