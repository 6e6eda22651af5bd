"""How a run goes and ends: progress on a terminal's error stream, its exit code, its record, and what is said when the check
does not confirm the model.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.saying import complain, refused

if TYPE_CHECKING:
    from optimiser.judging.checking import PlanRefusedError
if TYPE_CHECKING:
    from optimiser.solving.outcome import Progress


MOST_SHOWN = 20
"""How many broken rules of a defect are shown."""


def exit_code(*, interrupted: bool, proven: bool) -> int:
    """130 for a run that somebody ended, whatever it had proven by then; 3 where a plan has open gaps."""
    if interrupted:
        return exits.INTERRUPTED
    return exits.PROVEN if proven else exits.OPEN_GAPS


class Begun:
    """When a run began."""

    def __init__(self) -> None:
        import datetime as dt

        self._at, self._clock = dt.datetime.now(dt.UTC), time.perf_counter()

    def record(self, stopped: str) -> dict[str, Any]:
        """Whatever differs between two runs on the same input."""
        from optimiser.io.folders import run_record

        return run_record(stopped, self._at, time.perf_counter() - self._clock)


def defect(what: str, found: Iterable[str], about: str = "") -> int:
    """Say what the check found (``about``: what stands above the list); the exit code of a defect."""
    print(f"DEFECT: {what}", file=sys.stderr)
    if about:
        print(about, file=sys.stderr)
    for said in list(found)[:MOST_SHOWN]:
        complain(f"  {said}")
    print("This is a mistake in the software, not in your data. Please report it with the lines above.", file=sys.stderr)
    return exits.DEFECT


def telling_defects(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A command that makes plans: what cannot be asked of it is refused with every fault, and after saying what the check found
    it ends with the exit code of a defect.
    """

    @wraps(run)
    def told(options: argparse.Namespace) -> int:
        from optimiser.judging.briefing import BriefRefusedError
        from optimiser.judging.checking import DisagreementError, PlanRefusedError

        what = "the check does not confirm the model, so nothing was written."
        try:
            return run(options)
        except BriefRefusedError as asked:
            for fault in asked.faults:
                complain(fault)
            return refused(f"{len(asked.faults)} fault(s) in the part or the pins. Nothing was written.")
        except DisagreementError as differs:
            return defect(what, (), about=str(differs))
        except PlanRefusedError as broken:
            return defect(what, _as_in_a_log(broken), about=f"the plan breaks {len(broken.broken)} rule(s):")

    return told


def _as_in_a_log(refused: PlanRefusedError) -> list[str]:
    """The broken rules; one whose findings may tell something of the person is named, no more."""
    from optimiser.rules.book import standard_rules

    private = standard_rules().private_names
    return [
        f"{broken.subject}: {broken.finding.rule}: (left out, since it may tell something of the person)"
        if broken.finding.rule in private
        else str(broken)
        for broken in refused.broken[:MOST_SHOWN]
    ]


def is_watched(*, quiet: bool) -> bool:
    """Whether there is anybody to show progress to."""
    return not quiet and sys.stderr.isatty()


def reporter(*, quiet: bool) -> Callable[[Progress], None] | None:
    """Level, value, bound, gap, elapsed; the line of the level at work is written over. None where nobody watches.

    Runs that price pins say which of how many they are.
    """
    if not is_watched(quiet=quiet):
        return None
    shown = ""

    def report(progress: Progress) -> None:
        nonlocal shown
        which = "" if progress.price_run is None else "price {} of {}  ".format(*progress.price_run)
        if shown and which + progress.level != shown:
            sys.stderr.write("\n")
        shown = which + progress.level
        sys.stderr.write(
            f"\r\x1b[K{which}{progress.level:16} value {progress.value:>12,}  bound {progress.bound:>12,}"
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
