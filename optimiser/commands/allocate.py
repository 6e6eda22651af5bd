"""``optimiser allocate FOLDER --out DIR``: the county's allocation, written whole or not at all."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.allocating.report import write_allocation
from optimiser.allocating.story import Allocation, allocate
from optimiser.commands.defects import telling_defects
from optimiser.commands.inputs import read_or_refuse, say_likely_typos, say_notes
from optimiser.commands.outputs import is_free, say_not_written
from optimiser.commands.progress import reporter
from optimiser.commands.tables import print_table, table
from optimiser.domain.level_result import level_row
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.travel_times.interface import TravelError
from optimiser.io.faults import InputRefusedError, clean
from optimiser.io.folders import FolderTakenError
from optimiser.io.likely_typos import typo_notes
from optimiser.io.run_record import run_record
from optimiser.solving.outcome import Effort

if TYPE_CHECKING:
    from optimiser.commands.travel_by import TravelByRounds


@telling_defects
def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line."""
    code, _ = allocate_folder(options)
    return code


def allocate_folder(options: argparse.Namespace) -> tuple[int, Allocation | None]:
    """Read, allocate, write; the exit code and the allocation (None when there is none)."""
    started, clock = dt.datetime.now(dt.UTC), time.perf_counter()
    out = Path(options.out)
    if not is_free(out, replace=options.replace):
        return exits.REFUSED, None
    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return exits.REFUSED, None
    say_notes(reading.notes)
    try:
        by_rounds = _by_rounds(options, reading.snapshot)
    except (InputRefusedError, TravelError) as refused:
        return _refused(refused), None
    try:
        allocation = allocate(
            reading.snapshot,
            rules=by_rounds.rules if by_rounds else None,
            effort=Effort(wall_seconds=options.wall_seconds),
            report=reporter(quiet=options.quiet),
        )
        if by_rounds:
            by_rounds.confirm(allocation)
        run = allocation_run(allocation, started, time.perf_counter() - clock) | (by_rounds.record() if by_rounds else {})
        write_allocation(allocation, out, run, replace=options.replace)
    except (FolderTakenError, OSError) as error:
        say_not_written(out, error)
        return exits.REFUSED, None
    say(allocation, out, quiet=options.quiet)
    return exit_code(allocation), allocation


def _by_rounds(options: argparse.Namespace, snapshot: Snapshot) -> TravelByRounds | None:
    """What the travel level goes by; None where distance decides."""
    if options.travel_by is None:
        return None
    from optimiser.commands.travel_by import travel_by  # what fits is compiled, which takes its time to import

    return travel_by(options, snapshot)


def _refused(refused: InputRefusedError | TravelError) -> int:
    for line in [fault.message() for fault in refused.faults] if isinstance(refused, InputRefusedError) else [str(refused)]:
        print(clean(line), file=sys.stderr)
    print("Refused: --travel-by. Nothing was written.", file=sys.stderr)
    return exits.REFUSED


def exit_code(allocation: Allocation) -> int:
    if allocation.stopped == "cancelled":
        return exits.INTERRUPTED
    return exits.PROVEN if allocation.all_proven else exits.OPEN_GAPS


def allocation_run(allocation: Allocation, started: dt.datetime, seconds: float) -> dict[str, Any]:
    """What ``run.json`` says of an allocation."""
    mistyped = [note.message() for note in typo_notes(allocation.county.snapshot)]
    return {**run_record(allocation.stopped, started, seconds), "probably_mistyped": mistyped}


def say(allocation: Allocation, out: Path, *, quiet: bool) -> None:
    """The levels as a table, and what became of the packages."""
    if not quiet and sys.stderr.isatty():
        print(file=sys.stderr)
    columns = ("level", "unit", "value", "best", "bound", "tolerance", "given away", "proven")
    made = table("Levels, in strict order", *columns, left=2)
    for level in allocation.levels:
        row = level_row(level, open_by=lambda each: f"gap {each.best - each.bound:,} ({each.gap:.2%})")
        made.add_row(*(row[column] for column in columns))
    print_table(made)
    new = [index for index, package in enumerate(allocation.county.packages) if package.status == "new"]
    outcomes = Counter(allocation.outcome(package) for package in new)
    print(
        f"{len(new)} new packages: {outcomes['placed']} placed, {outcomes['unmet']} unmet,"
        f" {outcomes['pending']} waiting for an answer. Checked: every rule holds."
    )
    if allocation.stopped == "cancelled":
        print("Interrupted: this is the best plan found so far; the gaps above say how much better another might be.")
    elif allocation.stopped == "wall":
        print("Stopped by the clock: a run so cut need not repeat byte for byte.")
    elif not allocation.all_proven:
        open_at = next(level.name for level in allocation.levels if not level.proven)
        print(f"Not every level is proven: bounds of levels after {open_at} hold for the bests shown, not for better ones.")
    say_likely_typos(allocation.county.snapshot)
    print(f"Written to {out}.")
