"""``optimiser tidy IN OUT``: spreadsheets as people have them to a strict snapshot, or every reason why not."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, show_values
from optimiser.commands.shared.marked_faults import into, is_new, write_into
from optimiser.commands.shared.saying import is_free, refused, refused_with, tell, written

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.tidying.column_map import ColumnMap
    from optimiser.tidying.story import Tidied

ORDER = 405
SUMMARY = "turn spreadsheets as people have them into a snapshot folder"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "tidy",
        description="Turn a folder or a workbook (.xlsx, .ods, CSV as spreadsheets write it) into a snapshot folder. How each"
        " column was understood is told and kept in tidied.json; what can be understood in two ways is refused, all faults in one"
        " go.",
        example="optimiser tidy county.xlsx county --day-first",
        run=run,
        arguments=_arguments,
    )


def _arguments(tidy: argparse.ArgumentParser) -> None:
    tidy.add_argument("source", metavar="IN", help="a folder, or a workbook")
    tidy.add_argument("out", metavar="OUT", help="a new folder for the snapshot; made whole or not at all")
    tidy.add_argument("--map", metavar="FILE", help="names of a council's own export (TOML): see the handbook")
    tidy.add_argument(
        "--day-first", action="store_true", help="dates such as 01/04/2026 have the day first, as in the United Kingdom"
    )
    tidy.add_argument("--dry-run", action="store_true", help="say what would be understood, and write nothing")
    into(tidy)
    show_values(tidy)
    as_json(tidy, "what was understood, and where it was written")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when something is refused, with every fault."""
    from pathlib import Path

    from optimiser.io.faults import Findings, InputRefusedError
    from optimiser.tidying.collecting import collected
    from optimiser.tidying.column_map import NO_MAP
    from optimiser.tidying.story import tidy

    if not options.source or not options.out:
        return refused("expected a folder or a workbook, and a new folder; found an empty name.")
    source, out = Path(options.source), Path(options.out)
    if not is_new(options.into):
        return exits.REFUSED
    given = NO_MAP
    if not options.dry_run and not is_free(out, replace=False):
        return exits.REFUSED
    try:
        given = _map(options.map)
        beside = None if options.dry_run else out.absolute().parent
        done = tidy(source, given, day_first=options.day_first, beside=beside)
    except InputRefusedError as faults:
        shows = options.show_values and sys.stderr.isatty()
        write_into(options.into, faults, lambda: collected(source, given, Findings()).sheets, show_values=shows)
        return refused_with(faults, of=source.name, show_values=shows)
    if not options.dry_run and not written(out, done.files, replace=False):
        return exits.REFUSED
    folder = None if options.dry_run else options.out
    tell(options, lambda: _record(done, folder), lambda: _say(done, folder))
    return exits.PROVEN


def _map(file: str | None) -> ColumnMap:
    from pathlib import Path

    from optimiser.tidying.column_map import NO_MAP, read_map

    return NO_MAP if file is None else read_map(Path(file))


def _record(done: Tidied, folder: str | None) -> dict[str, Any]:
    return {"folder": folder, **done.record, "reader_notes": [note.message() for note in done.reading.notes]}


def _say(done: Tidied, folder: str | None) -> None:
    from optimiser.commands.shared.saying import say

    snapshot = done.reading.snapshot
    for column in done.columns:
        say(f"Understood: {column}.")
    for said in done.others:
        say(f"Note: {said}.")
    for note in done.reading.notes:
        say(f"Note: {note.message()}")
    where = (
        "Nothing was written (a dry run)."
        if folder is None
        else f"Written to {folder}, for you alone; how it was read is in it, too."
    )
    say(f"{snapshot.title or 'A snapshot'} as of {snapshot.as_of}, accepted by the strict reader. {where}")
    print(f"Digest: {snapshot.digest()}")
