"""``optimiser sync FOLDER``: the service's county is brought to what a snapshot folder says; what differs is listed first."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, show_values, snapshot_folder
from optimiser.commands.shared.inputs import read_or_refuse
from optimiser.commands.shared.saying import print_json, refused, refused_with, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.imports.schemas import Synced, TableSynced
    from optimiser.commands.shared.arguments import Commands

ORDER = 545
SUMMARY = "bring the service's county to what a snapshot folder says"
LISTED = 20
"""So many records of a table are named in words; ``--json`` names all."""


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "sync",
        description="List what a snapshot folder says otherwise than the service's database (DATABASE_URL), and write it: all"
        " of it in one transaction, with its entries in the audit trail, or nothing. Rows that are not in the folder are listed"
        " and left; people and offers are never removed.",
        example="optimiser sync county-of-april --dry-run",
        run=run,
        arguments=_arguments,
    )


def _arguments(sync: argparse.ArgumentParser) -> None:
    snapshot_folder(sync)
    sync.add_argument("--dry-run", action="store_true", help="list the differences and write nothing")
    sync.add_argument("--reason", metavar="TEXT", default="", help="why; needed to write, and kept in the audit trail")
    sync.add_argument(
        "--end-missing", action="store_true", help="end contracts and restrictions that the folder does not have, on its date"
    )
    sync.add_argument("--care", action="store_true", help="take status, contract and holds of packages from the folder, too")
    show_values(sync)
    as_json(sync, "every difference, by table")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when the folder, what the county would become, or a database without a county was refused."""
    from api.http.errors import Problem
    from api.imports import acts
    from api.imports.folder_differences import Wanted
    from api.terminal import at_the_terminal, read_settings
    from optimiser.io.faults import InputRefusedError

    if not options.dry_run and not options.reason.strip():
        return refused("say why with --reason TEXT, which the audit trail keeps; or list the differences with --dry-run.")
    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return exits.REFUSED
    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        try:
            done = acts.sync(
                by, reading, Wanted(options.end_missing, options.care), options.reason.strip(), dry_run=options.dry_run
            )
        except InputRefusedError as faults:
            shown = options.show_values and sys.stderr.isatty()
            return refused_with(faults, of="the county as it would be", show_values=shown)
        except Problem as problem:
            return refused(f"{problem.detail} Nothing was written.")
    _tell(options, done)
    return exits.PROVEN


def _tell(options: argparse.Namespace, done: Synced) -> None:
    if options.json:
        print_json(done.model_dump(mode="json"))
    else:
        _say(done, options.folder)
    for note in done.notes:
        print(f"Note: {note}", file=sys.stderr if options.json else None)


def _say(done: Synced, folder: str) -> None:
    for table in done.tables:
        _say_table(table)
    if done.settings:
        say(f"settings: {', '.join(done.settings)} changed")
    if not done.writes:
        say(f"Nothing in {folder} is to be written.")
    elif done.dry_run:
        say("Nothing was written: a dry run. Without --dry-run and with --reason TEXT it is written, all of it or nothing.")
    else:
        say(f"Written, with an entry in the audit trail for each record. Digest of the differences: {done.digest}")


def _say_table(table: TableSynced) -> None:
    """A line with figures, and a line for each record, as far as they are few."""
    groups: dict[str, dict[str, Sequence[str]]] = {
        "added": dict.fromkeys(table.added, ()),
        "changed": {each.id: each.columns for each in table.changed},
        "ended": {each.id: each.columns for each in table.ended},
        "removed": dict.fromkeys(table.removed, ()),
        "kept": {each.id: each.columns for each in table.kept},
        "missing, left": dict.fromkeys(table.missing, ()),
    }
    figures = [f"{len(records):,} {what}" for what, records in groups.items() if records]
    say(f"{table.table}: {'; '.join([*figures, f'{table.untouched:,} untouched'])}")
    for what, records in groups.items():
        for record_id, columns in list(records.items())[:LISTED]:
            named = f" ({', '.join(columns)})" if columns else ""
            say(f"  {what}: {record_id}{named}")
        if len(records) > LISTED:
            say(f"  {what}: … and {len(records) - LISTED:,} more (--json names all)")
    if table.own_columns:
        say(f"  columns of your own: {', '.join(table.own_columns)}")
