"""``optimiser merge FOLDER FOLDER… --out DIR``: the snapshots of several councils to one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, result, show_values
from optimiser.commands.shared.inputs import read_or_refuse, say_notes
from optimiser.commands.shared.running import defect
from optimiser.commands.shared.saying import complain, is_free, refused, say, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.snapshot import Snapshot

ORDER = 414
SUMMARY = "the snapshots of several councils to one, the way back of split"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "merge",
        description="The snapshots of several councils of one day to one: the way back of 'optimiser split'. A record in several"
        " is one record, whose limits are added up; whatever else differs is refused, with every difference.",
        example="optimiser merge councils/East councils/West --out county",
        run=run,
        arguments=_arguments,
    )


def _arguments(merge: argparse.ArgumentParser) -> None:
    merge.add_argument("folders", metavar="FOLDER", nargs="+", help="snapshot folders, at least two")
    merge.add_argument(
        "--title", metavar="WORDS", help="what the county is called (default: what its parts say they are part of)"
    )
    result(merge, "the snapshot of all")
    show_values(merge)
    as_json(merge, "counts and the digest")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where anything is refused; 4 where the check does not confirm the result, and nothing was written."""
    from pathlib import Path

    from optimiser.commands.split import written_and_read_again
    from optimiser.io.exporting import snapshot_files
    from optimiser.splitting.check import faults_of_split
    from optimiser.splitting.joined_parts import CannotJoinError, joined, shared_among

    out = Path(options.out)
    if not is_free(out, replace=False):
        return exits.REFUSED
    if len({Path(folder).resolve() for folder in options.folders}) < max(2, len(options.folders)):
        return refused("expected at least two folders, each once. Nothing was written.")
    parts: dict[str, Snapshot] = {}
    for folder in options.folders:
        reading = read_or_refuse(folder, show_values=options.show_values)
        if reading is not None:
            say_notes(reading.notes)
            parts[folder] = reading.snapshot
    if len(parts) < len(options.folders):
        return exits.REFUSED
    try:
        whole = joined(parts, options.title)
    except CannotJoinError as cannot:
        for fault in cannot.faults:
            complain(fault)
        return refused(f"{len(cannot.faults)} fault(s) between the folders. Nothing was written.")
    shared = shared_among(parts)
    if broken := faults_of_split(whole, parts, shared, {}):
        return defect("the check does not confirm the result, so nothing was written.", broken)
    record: dict[str, Any] = {
        "title": whole.title,
        "as_of": str(whole.as_of),
        "snapshot_digest": whole.digest(),
        "folders": len(parts),
        "shared_records": len(shared),
        "packages": len(whole.packages),
        "contracts": len(whole.contracts),
        "providers": len(whole.providers),
    }
    code = written_and_read_again(out, snapshot_files(whole), {"": whole.digest()})
    if code == exits.PROVEN:
        tell(
            options,
            lambda: record,
            lambda: say(
                f"{record['folders']} folders to one: {record['packages']:,} packages, {record['contracts']:,} contracts,"
                f" {record['providers']:,} providers, digest {record['snapshot_digest'][:16]}. Checked, and written to {out}."
            ),
        )
    return code
