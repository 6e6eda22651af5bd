"""``optimiser load FOLDER``: a snapshot becomes the service's state."""

from __future__ import annotations

import argparse
import sys

from optimiser import exits
from optimiser.commands.inputs import read_or_refuse, say_notes_of


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when it was loaded; 2 when it, or a database that is not empty, was refused. Makes the tables if need be."""
    from api.state.store import NotEmptyError
    from api.storage.engine import open_database
    from api.storage.migrating import revision_of, upgrade
    from api.terminal import open_store, operator, place_of, read_settings

    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return exits.REFUSED
    settings = read_settings()
    engine = open_database(settings.database_url)
    if revision_of(engine) is None:
        upgrade(engine)
    store = open_store(settings)
    if store is None:
        return exits.REFUSED
    try:
        store.load(reading.snapshot, operator())
    except NotEmptyError:
        print(f"Refused: {place_of(engine)} holds a county already. Nothing was written.", file=sys.stderr)
        return exits.REFUSED
    print(f"Loaded {len(reading.snapshot.packages):,} packages into {place_of(engine)}.")
    say_notes_of(reading, show_values=options.show_values)
    if (today := settings.clock.today()) != reading.snapshot.as_of:
        print(
            f"Note: the snapshot is of {reading.snapshot.as_of}, the service goes by today, {today} (OPTIMISER_AS_OF sets a day)."
        )
    return exits.PROVEN
