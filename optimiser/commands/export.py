"""``optimiser export DIR``: the service's state as a snapshot folder that loads to the same state."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from optimiser import exits
from optimiser.io.exporting import write_snapshot


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when the folder exists already. The export is written into the audit trail."""
    from api.terminal import at_the_terminal, read_settings
    from api.upkeep import acts

    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        if Path(options.out).exists():
            print(f"Refused: {options.out} exists already. Nothing was written.", file=sys.stderr)
            return exits.REFUSED
        snapshot = acts.export(by)
    write_snapshot(snapshot, Path(options.out))
    print(f"Written to {options.out}, as of {snapshot.as_of}. It holds personal data: only you may read it.")
    print(f"Digest: {snapshot.digest()}")
    return exits.PROVEN
