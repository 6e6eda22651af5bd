"""``optimiser county new DIR``: a snapshot folder from official files as they are published."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.official_inputs import official_files, read_official, say_left_out
from optimiser.commands.shared.saying import is_free, refused_with, say, tell, written

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.official.county_of_files import Official

ORDER = 10
SUMMARY = "make a snapshot folder from official files"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "new",
        description="Make a valid snapshot folder of any county of England from official files as they are published: its PCNs,"
        " practices and branches, home care agencies with CQC's ratings. Contracts and people are the council's to add. Each file"
        " is known by its layout; sources.json names what was read and how to credit it.",
        example="optimiser county new wight --practices epraccur.csv --practices ebranchs.csv --pcns ePCN.xlsx"
        " --commissioner D9Y0V --providers HSCA_Active_Locations.ods --authority 'Isle of Wight'"
        " --postcodes postcodes.index --as-of 2026-11-23 --title 'Isle of Wight'",
        run=run,
        arguments=_arguments,
    )


def _arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", metavar="DIR", help="a new folder; made whole or not at all")
    command.add_argument("--title", default="", metavar="WORDS", help="what the county is called")
    official_files(command)
    as_json(command, "what was made, and of what")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where a file is refused, each with what was found and expected, or nothing could be written."""
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.official.county_folder import folder_files, new_snapshot

    out = Path(options.folder)
    if not is_free(out, replace=False):
        return exits.REFUSED
    read = read_official(options)
    if read is None:
        return exits.REFUSED
    files, found = read
    try:
        made = folder_files(new_snapshot(found, files, options.title), found)
    except InputRefusedError as faults:
        return refused_with(faults)
    if not written(out, made, replace=False):
        return exits.REFUSED
    record = _record(found, str(out))
    tell(options, lambda: record, lambda: _say(record))
    return exits.PROVEN


def _record(found: Official, out: str) -> dict[str, Any]:
    kinds = ("areas", "surgeries", "providers", "offices", "locations", "notices")
    return {
        "folder": out,
        **{kind: len(getattr(found, kind)) for kind in kinds},
        "areas_with_an_outline": sum(area.geometry is not None for area in found.areas),
        "left_out": list(found.left_out),
        "sources": list(found.sources),
    }


def _say(record: dict[str, Any]) -> None:
    say(
        f"Written to {record['folder']}: {record['areas']} areas ({record['areas_with_an_outline']} with an outline),"
        f" {record['surgeries']} surgeries, {record['providers']} providers with {record['offices']} offices."
    )
    say_left_out(record["left_out"])
    for each in record["sources"]:
        say(f"Source: {each['source']}, {each['file']} ({each['taken']:,} taken). {each['licence']}.")
    say(f"Contracts and packages are empty; areas have no go-live. Fill them in, then: optimiser check {record['folder']}")
