"""A command: its arguments and its run. Copy to ``optimiser/commands/``, under the command's name, and fill in what says so."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from optimiser import exits

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_fill_in_name(commands: Commands) -> None:
    """Its arguments. Nothing heavy is imported for them: ``--help`` answers at once."""
    made = commands.add_parser(
        "fill_in_name",
        help="FILL IN: what it does, in a few words",
        description="FILL IN: what it does, what it reads, what it writes.",
        epilog="example: optimiser fill_in_name data/three_villages",  # FILL IN: one that runs
    )
    made.add_argument("folder", metavar="FOLDER", help="a snapshot folder")


def run(options: argparse.Namespace) -> int:
    """FILL IN: what it does. See the exit codes of the command line."""
    from optimiser.commands.inputs import read_or_refuse, say_notes  # what is heavy is imported when it runs
    from optimiser.io.faults import clean

    reading = read_or_refuse(options.folder, show_values=False, writes=False)
    if reading is None:
        return exits.REFUSED
    say_notes(reading.notes)
    # FILL IN: the use case is called here, and decides; a command reads, calls, writes and says, and nothing else.
    waiting = [package for package in reading.snapshot.packages if package.status == "new"]
    if not waiting:
        print(clean(f"Nobody waits in {reading.snapshot.title}."), file=sys.stderr)
        return exits.PROVEN
    print(f"{len(waiting)} packages wait, {sum(package.minutes_per_week for package in waiting) / 60:g} hours a week.")
    return exits.PROVEN
