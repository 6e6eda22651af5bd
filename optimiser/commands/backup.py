"""``optimiser backup FILE``: a verified copy of the service's SQLite database, while it is in use."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from optimiser import exits


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when there is a file already, or the database is not SQLite's; the audit trail tells of the backup."""
    from api.terminal import at_the_terminal, read_settings
    from api.upkeep import acts
    from api.upkeep.backing_up import BackupError

    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        if by.store.engine.dialect.name != "sqlite":
            print("Refused: PostgreSQL has its own program: pg_dump --format=custom --file=FILE NAME", file=sys.stderr)
            return exits.REFUSED
        try:
            made = acts.write_backup(by, Path(options.file))
        except BackupError as refused:
            print(f"Refused: {refused}. There is no backup.", file=sys.stderr)
            return exits.REFUSED
    print(f"Backed up to {options.file}, version {made.version:,}. It holds personal data: only you may read it.")
    print(f"Digest: {made.digest}\nHead: {made.head.seq}:{made.head.hash}")
    return exits.PROVEN
