"""``optimiser migrate``: the tables as this version needs them, or the way back."""

from __future__ import annotations

import argparse
import sys

from optimiser import exits


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 for a form that there is no way to."""
    from api.terminal import at_the_database, place_of, read_settings
    from api.upkeep import acts

    with at_the_database(read_settings()) as by:
        try:
            form = acts.migrate(by, options.down_to)
        except ValueError as failure:
            print(f"Refused: {failure}. Nothing was changed.", file=sys.stderr)
            return exits.REFUSED
        print(f"{place_of(by.store.engine)}: tables of form {form or 'base'}.")
    return exits.PROVEN
