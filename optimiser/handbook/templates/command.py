"""A command: its arguments and its run. Copy to ``optimiser/commands/``, under the command's name, and fill in what says so."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, snapshot_folder
from optimiser.commands.shared.inputs import read_or_refuse, say_notes
from optimiser.commands.shared.saying import say, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.snapshot import Snapshot

ORDER = 999  # FILL IN: its place in the list of commands, which no other has
SUMMARY = "FILL IN: what it does, in a few words"


def add(commands: Commands) -> None:
    """What it is for. Nothing heavy is imported above: its help answers at once."""
    commands.add_parser(
        "fill_in_name",
        description="FILL IN: what it does, what it reads, what it writes.",
        example="optimiser fill_in_name data/three_villages",  # FILL IN: one that parses
        run=run,
        arguments=_arguments,
    )


def _arguments(command: argparse.ArgumentParser) -> None:
    snapshot_folder(command)
    as_json(command, "FILL IN: what it reports")


def run(options: argparse.Namespace) -> int:
    """FILL IN: what it does. See the exit codes of the command line."""
    # What is heavy is imported here, when it runs.
    reading = read_or_refuse(options.folder, show_values=False, writes=False)
    if reading is None:
        return exits.REFUSED
    say_notes(reading.notes)
    # FILL IN: the use case is called here, and decides; a command reads, calls, writes and says, and nothing else.
    tell(options, lambda: _record(reading.snapshot), lambda: _say(reading.snapshot))
    return exits.PROVEN


def _record(snapshot: Snapshot) -> dict[str, Any]:
    """FILL IN: for programs, the figures that people read."""
    waiting = [package for package in snapshot.packages if package.status == "new"]
    return {"packages": len(waiting), "minutes_per_week": sum(package.minutes_per_week for package in waiting)}


def _say(snapshot: Snapshot) -> None:
    record = _record(snapshot)
    say(f"{record['packages']} packages wait, {record['minutes_per_week'] / 60:g} hours a week.")
