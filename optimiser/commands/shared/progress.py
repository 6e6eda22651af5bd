"""Progress on a terminal, on the error stream: what is at work, how far it is, and what has been settled."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimiser.solving.outcome import Progress


def is_watched(*, quiet: bool) -> bool:
    """Whether there is anybody to show progress to."""
    return not quiet and sys.stderr.isatty()


def reporter(*, quiet: bool) -> Callable[[Progress], None] | None:
    """Level, value, bound, gap, elapsed; the line of the level at work is written over. None where nobody watches."""
    if not is_watched(quiet=quiet):
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


def counter(what: str, *, quiet: bool) -> Callable[[int, int], None]:
    """Says how many of something are done."""

    def tell(done: int, of: int) -> None:
        if is_watched(quiet=quiet):
            sys.stderr.write(f"\r\x1b[K{done} of {of} {what}" + ("\n" if done == of else ""))
            sys.stderr.flush()

    return tell
