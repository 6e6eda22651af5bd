"""``optimiser reoptimise FOLDER --out DIR``: few changes worth making, as a list of steps."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path

from optimiser import exits
from optimiser.commands.allocate import allocation_run, exit_code, say
from optimiser.commands.defects import telling_defects
from optimiser.commands.inputs import read_or_refuse, say_notes
from optimiser.commands.outputs import is_free, say_not_written
from optimiser.commands.progress import reporter
from optimiser.commands.tables import print_table, table
from optimiser.domain.moves import EarlierMove
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import InputRefusedError, clean
from optimiser.io.folders import FolderTakenError
from optimiser.io.moves import read_history
from optimiser.reoptimising.report import write_reoptimisation
from optimiser.reoptimising.story import Reoptimisation, reoptimise
from optimiser.rules.groups import Group, up_to
from optimiser.solving.outcome import Effort

STEPS_SHOWN = 10


class HistoryRefusedError(Exception):
    """The history has faults; all of them have been said."""


@telling_defects
def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line."""
    started, clock = dt.datetime.now(dt.UTC), time.perf_counter()
    out = Path(options.out)
    if not is_free(out, replace=options.replace):
        return exits.REFUSED
    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return exits.REFUSED
    say_notes(reading.notes)
    try:
        history = history_or_refuse(options.history, reading.snapshot)
    except HistoryRefusedError:
        return exits.REFUSED
    try:
        made = reoptimise(
            reading.snapshot,
            max_moves=options.max_moves,
            history=history,
            effort=Effort(wall_seconds=options.wall_seconds),
            report=reporter(quiet=options.quiet),
        )
        record = allocation_run(made.allocation, started, time.perf_counter() - clock)
        record["repeatable"] &= not any(few.by_the_clock for few in made.few)
        write_reoptimisation(made, out, record, replace=options.replace)
    except (FolderTakenError, OSError) as error:
        say_not_written(out, error)
        return exits.REFUSED
    _say_steps(made)
    say(made.allocation, out, quiet=options.quiet)
    return exit_code(made.allocation)


def history_or_refuse(file: str | None, snapshot: Snapshot) -> tuple[EarlierMove, ...] | None:
    """The history, None where none is given. Raises ``HistoryRefusedError`` after every fault has been said."""
    if file is None:
        return None
    try:
        history, notes = read_history(Path(file), snapshot)
    except InputRefusedError as refused:
        for fault in refused.faults:
            print(fault.message(show_values=False), file=sys.stderr)
        print(f"Refused: {len(refused.faults)} fault(s) in {clean(Path(file).name)}. Nothing was written.", file=sys.stderr)
        raise HistoryRefusedError from None
    say_notes(notes)
    return history


def _say_steps(made: Reoptimisation) -> None:
    """The first steps, and how the list's first few compare with the best few found on their own."""
    steps = made.steps.steps
    if not steps:
        print("No change is worth making.")
        return
    levels = made.allocation.rules.levels
    names = [level.name for level in levels[: up_to(levels, Group.WAITING, Group.MOVES)]]
    shown = table(f"The first {min(STEPS_SHOWN, len(steps))} of {len(steps)} steps", "step", "place", "move", *names, left=1)
    for number, step in enumerate(steps[:STEPS_SHOWN], start=1):
        after = made.values[number]
        shown.add_row(str(number), str(len(step.placements)), str(len(step.moves)), *(f"{after[name]:,}" for name in names))
    print_table(shown)
    beside = table("The list's first steps beside the best found independently", "level", *_headings(made), left=1)
    for name in (level.name for level in made.allocation.levels):
        beside.add_row(name, *(f"{values[name]:,}" for few in made.few for values in (few.listed, few.found, few.bounds)))
    if made.few:
        print_table(beside)
    who = "1 person" if made.moves == 1 else f"{made.moves} people"
    ways = "1 step" if len(steps) == 1 else f"{len(steps)} steps"
    print(f"{who} would change provider (at most {made.max_moves} may), in {ways}.")


def _headings(made: Reoptimisation) -> list[str]:
    return [f"{few.count} {what}" for few in made.few for what in ("listed", "found", "bound")]
