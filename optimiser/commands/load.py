"""``optimiser load FOLDER``: a snapshot becomes the service's state."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, show_values, snapshot_folder
from optimiser.commands.shared.inputs import notes_of, read_or_refuse
from optimiser.commands.shared.saying import print_json, refused

if TYPE_CHECKING:
    from api.settings import Settings
    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.snapshot import Snapshot

ORDER = 540
SUMMARY = "fill the service's empty database from a snapshot folder"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "load",
        description="Fill the service's empty database (DATABASE_URL) from a snapshot folder. It gets its tables if need be.",
        example="optimiser load data/three_villages --practice",
        run=run,
        arguments=_arguments,
    )


def _arguments(load: argparse.ArgumentParser) -> None:
    snapshot_folder(load)
    load.add_argument(
        "--practice",
        action="store_true",
        help="a county to try things out on, which nobody's care hangs on: OPTIMISER_AS_OF may fix its day",
    )
    show_values(load)
    as_json(load, "what was loaded, and where")


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when it was loaded; 2 when it, or a database that is not empty, was refused. Makes the tables if need be."""
    from api.state.store import NotEmptyError
    from api.terminal import at_the_terminal, place_of, read_settings, with_tables
    from api.upkeep import acts

    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return exits.REFUSED
    settings = read_settings()
    if settings.as_of is not None and not options.practice:
        return refused(
            "OPTIMISER_AS_OF fixes the day, which is for practice alone: say --practice, or unset it. Nothing was written."
        )
    with_tables(settings)
    with at_the_terminal(settings) as by:
        if by is None:
            return exits.REFUSED
        place = place_of(by.store.engine)
        try:
            acts.load(by, reading.snapshot, practice=options.practice)
        except NotEmptyError:
            return refused(
                f"{place} holds a county already. Nothing was written."
                f" 'optimiser sync {options.folder} --dry-run' lists what differs."
            )
    _tell(options, reading.snapshot, place, notes_of(reading, show_values=options.show_values), settings)
    return exits.PROVEN


def _tell(options: argparse.Namespace, snapshot: Snapshot, place: str, notes: list[str], settings: Settings) -> None:
    today = settings.clock.today()
    if today != snapshot.as_of:
        notes = [
            *notes,
            f"the snapshot is of {snapshot.as_of}, the service goes by {today} (OPTIMISER_AS_OF sets a day, for practice).",
        ]
    if options.json:
        print_json(
            {
                "database": place,
                "packages": len(snapshot.packages),
                "practice": options.practice,
                "as_of": str(snapshot.as_of),
                "today": str(today),
                "notes": notes,
                "snapshot_digest": snapshot.digest(),
            }
        )
    else:
        print(f"Loaded {len(snapshot.packages):,} packages into {place}{' for practice' if options.practice else ''}.")
    for note in notes:
        print(f"Note: {note}", file=sys.stderr if options.json else None)
