"""``optimiser export DIR``: the service's state as a snapshot folder that loads to the same state."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import refused, tell, told_left

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.snapshot import Snapshot

ORDER = 550
SUMMARY = "write the service's state as a snapshot folder"
LEFT_TO_A_BACKUP = (
    "call-offs as they were filed, assessments, hospital notices, letters, alerts, which first visits are due and who confirmed"
    " them, what was said of enhanced home support, corrections and objections, claims of who is working on whom, runs,"
    " the counts of days gone by,"
    " keys, why and by whom the reserve was opened, and the audit trail"
)
"""What no snapshot has a place for."""


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "export",
        description="Write the service's state as a snapshot folder, which loads to the same state. The audit trail tells of it."
        f" What no snapshot has a place for is in a backup alone: {LEFT_TO_A_BACKUP}.",
        example="optimiser export county-today",
        run=run,
        arguments=_arguments,
    )


def _arguments(export: argparse.ArgumentParser) -> None:
    export.add_argument("out", metavar="DIR", help="a new folder; only you may read it")
    as_json(export, "what was written, and where")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when the folder exists already. The export is written into the audit trail."""
    from pathlib import Path

    from api.terminal import at_the_terminal, read_settings
    from api.upkeep import acts
    from optimiser.io.exporting import write_snapshot
    from optimiser.io.folders import FolderTakenError, take_away_left

    told_left(take_away_left(Path(options.out).absolute().parent))
    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        if Path(options.out).exists():
            return refused(f"{options.out} exists already. Nothing was written.")
        snapshot = acts.export(by)
    try:
        write_snapshot(snapshot, Path(options.out))
    except (FolderTakenError, OSError) as failure:
        return refused(f"{options.out} cannot be written: {getattr(failure, 'strerror', None) or failure}. Nothing was written.")
    record = {
        "folder": options.out,
        "packages": len(snapshot.packages),
        "as_of": str(snapshot.as_of),
        "snapshot_digest": snapshot.digest(),
        "not_in_it": LEFT_TO_A_BACKUP,
    }
    tell(options, lambda: record, lambda: _say(snapshot, options.out))
    return exits.PROVEN


def _say(snapshot: Snapshot, out: str) -> None:
    print(f"Written to {out}, as of {snapshot.as_of}. It holds personal data: only you may read it.")
    print(f"Digest: {snapshot.digest()}")
    print(f"Not in it, and in a backup alone: {LEFT_TO_A_BACKUP}.")
