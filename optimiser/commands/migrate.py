"""``optimiser migrate``: the tables as this version needs them, or the way back."""

from __future__ import annotations

import argparse
import sys

from optimiser import exits


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 for a form that there is no way to."""
    from api.storage.engine import open_database
    from api.storage.migrating import downgrade, revision_of, upgrade
    from api.terminal import place_of, read_settings

    engine = open_database(read_settings().database_url)
    try:
        if options.down_to:
            downgrade(engine, options.down_to)
        else:
            upgrade(engine)
        print(f"{place_of(engine)}: tables of form {revision_of(engine) or 'base'}.")
    except ValueError as failure:
        print(f"Refused: {failure}. Nothing was changed.", file=sys.stderr)
        return exits.REFUSED
    finally:
        engine.dispose()
    return exits.PROVEN
