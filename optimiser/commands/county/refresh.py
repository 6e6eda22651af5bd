"""``optimiser county refresh FOLDER``: a newer release of official files over a county, as a folder for ``sync``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, show_values, snapshot_folder
from optimiser.commands.shared.inputs import read_or_refuse
from optimiser.commands.shared.official_inputs import official_files, read_official, say_left_out
from optimiser.commands.shared.saying import is_free, refused_with, say, tell, written

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 20
SUMMARY = "lay a newer release of official files over a county"
SHOWN = 40


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "refresh",
        description="Lay a newer release of official files over a snapshot folder and write the county as it would be: new and"
        " closed practices, PCNs that changed, new agencies, CQC's latest ratings. A provider that has registered anew keeps its"
        " id and its history; what the council has said stays. Bring it in with 'optimiser sync'.",
        example="optimiser county refresh wight --out wight-january --practices epraccur.csv --pcns ePCN.xlsx"
        " --commissioner D9Y0V --providers HSCA_Active_Locations.ods --authority 'Isle of Wight' --as-of 2027-01-04",
        run=run,
        arguments=_arguments,
    )


def _arguments(command: argparse.ArgumentParser) -> None:
    snapshot_folder(command)
    command.add_argument("--out", required=True, metavar="DIR", help="a new folder; made whole or not at all")
    official_files(command)
    show_values(command)
    as_json(command, "every change")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where a file is refused, each with what was found and expected, or nothing could be written."""
    from dataclasses import replace
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.official.county_folder import folder_files
    from optimiser.official.refreshing import refreshed

    out = Path(options.out)
    if not is_free(out, replace=False):
        return exits.REFUSED
    reading = read_or_refuse(options.folder, show_values=options.show_values)
    read = None if reading is None else read_official(options)
    if reading is None or read is None:
        return exits.REFUSED
    files, found = read
    made = refreshed(replace(reading.snapshot, as_of=files.as_of), found)
    try:
        content = folder_files(made.snapshot, found, made.told)
    except InputRefusedError as faults:
        return refused_with(faults)
    if not written(out, content, replace=False):
        return exits.REFUSED
    record: dict[str, Any] = {"folder": str(out), "changes": list(made.told), "left_out": list(found.left_out)}
    tell(options, lambda: record, lambda: _say(record))
    return exits.PROVEN


def _say(record: dict[str, Any]) -> None:
    say(f"Written to {record['folder']}: {len(record['changes'])} change(s).")
    for each in record["changes"][:SHOWN]:
        say(f"{each[0].upper()}{each[1:]}.")
    if len(record["changes"]) > SHOWN:
        say(f"{len(record['changes']) - SHOWN} more are in sources.json.")
    say_left_out(record["left_out"])
    say(f"Bring it in: optimiser sync {record['folder']} --dry-run")
