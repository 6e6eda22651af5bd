"""``optimiser backup FILE``: a verified copy of the service's SQLite database, while it is in use."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import complain, refused, tell, told_left

if TYPE_CHECKING:
    from api.upkeep.backing_up import Backup
    from optimiser.commands.shared.arguments import Commands

ORDER = 580
SUMMARY = "copy the service's SQLite database, while it is in use, and verify the copy"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "backup",
        description="Copy the service's SQLite database, while it is in use, and verify the copy. PostgreSQL has pg_dump.",
        example="optimiser backup optimiser-2026-11-23.db",
        run=run,
        arguments=_arguments,
    )


def _arguments(backup: argparse.ArgumentParser) -> None:
    backup.add_argument("file", metavar="FILE", help="a new file; only you may read it")
    as_json(backup, "where the copy is, and what it holds")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when there is a file already, or the database is not SQLite's; the audit trail tells of the backup."""
    from pathlib import Path

    from api.terminal import at_the_terminal, read_settings
    from api.upkeep import acts
    from api.upkeep.backing_up import BackupError, take_away_left

    told_left(take_away_left(Path(options.file).absolute().parent))
    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        if by.store.engine.dialect.name != "sqlite":
            return refused("PostgreSQL has its own program: pg_dump --format=custom --file=FILE NAME")
        try:
            made = acts.write_backup(by, Path(options.file))
        except BackupError as why:
            return refused(f"{why}. There is no backup.")
    record = {"file": options.file, "version": made.version, "snapshot_digest": made.digest, "head": str(made.head)}
    if made.rows_changed:
        complain(f"Note: {made.rows_changed:,} row(s) are not as the audit trail tells of them: see 'optimiser audit verify'.")
    tell(options, lambda: record, lambda: _say(made, options.file))
    return exits.PROVEN


def _say(made: Backup, file: str) -> None:
    print(f"Backed up to {file}, version {made.version:,}. It holds personal data: only you may read it.")
    print(f"Digest: {made.digest}\nHead: {made.head}")
