"""``optimiser load FOLDER``: a snapshot becomes the service's state."""

from __future__ import annotations

import argparse
import sys

from optimiser import exits
from optimiser.commands.inputs import read_or_refuse, say_notes_of


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when it was loaded; 2 when it, or a database that is not empty, was refused. Makes the tables if need be."""
    from api.state.store import NotEmptyError
    from api.terminal import at_the_terminal, place_of, read_settings, with_tables
    from api.upkeep import acts

    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return exits.REFUSED
    settings = read_settings()
    with_tables(settings)
    with at_the_terminal(settings) as by:
        if by is None:
            return exits.REFUSED
        place = place_of(by.store.engine)
        try:
            acts.load(by, reading.snapshot)
        except NotEmptyError:
            print(f"Refused: {place} holds a county already. Nothing was written.", file=sys.stderr)
            return exits.REFUSED
    print(f"Loaded {len(reading.snapshot.packages):,} packages into {place}.")
    say_notes_of(reading, show_values=options.show_values)
    if (today := settings.clock.today()) != reading.snapshot.as_of:
        print(
            f"Note: the snapshot is of {reading.snapshot.as_of}, the service goes by today, {today} (OPTIMISER_AS_OF sets a day)."
        )
    return exits.PROVEN
