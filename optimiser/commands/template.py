"""``optimiser template FILE.xlsx``: a workbook to fill in, or one that holds a county."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, show_values
from optimiser.commands.shared.inputs import read_or_refuse
from optimiser.commands.shared.saying import file_written, is_new_workbook, refused, say, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 406
SUMMARY = "write a workbook to fill in, or the tables' description for programs"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "template",
        description="Write a workbook with a sheet for each table of a snapshot: what each column takes, drop-downs and examples."
        " Filled in, it becomes a snapshot by optimiser tidy. With --from it holds a county's tables already. A FILE that ends in"
        " .json becomes the description of the tables for programs instead (datapackage.json, Table Schema).",
        example="optimiser template county.xlsx\noptimiser template datapackage.json",
        run=run,
        arguments=_arguments,
    )


def _arguments(template: argparse.ArgumentParser) -> None:
    template.add_argument("out", metavar="FILE", help="a new workbook (.xlsx), or a description (.json)")
    template.add_argument("--from", dest="folder", metavar="FOLDER", help="a snapshot folder whose tables stand in it")
    show_values(template)
    as_json(template, "what was written")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when the folder is refused or the file is there already."""
    from optimiser.tidying.workbook_to_fill import filled, template

    if options.out.lower().endswith(".json"):
        return _describe(options)
    if not is_new_workbook(options.out):
        return exits.REFUSED
    if options.folder is None:
        content = template()
    else:
        reading = read_or_refuse(options.folder, show_values=options.show_values)
        if reading is None:
            return exits.REFUSED
        content = filled(reading.snapshot)
    if not file_written(options.out, content):
        return exits.REFUSED
    tell(options, lambda: {"file": options.out, "holds": options.folder}, lambda: _say(options))
    return exits.PROVEN


def _describe(options: argparse.Namespace) -> int:
    from pathlib import Path

    from optimiser.tidying.datapackage import datapackage

    if options.folder is not None or Path(options.out).exists():
        return refused(f"{options.out}: expected a new file, and no --from. Nothing was written.")
    if not file_written(options.out, datapackage()):
        return exits.REFUSED
    tell(options, lambda: {"file": options.out, "holds": None}, lambda: say(f"Written to {options.out}."))
    return exits.PROVEN


def _say(options: argparse.Namespace) -> None:
    say(f"Written to {options.out}, for you alone.")
    if options.folder is not None:
        say(
            "Put it into a folder with that county's snapshot.toml and areas.geojson; to read it back: optimiser tidy FOLDER OUT."
        )
    else:
        say(f"Fill it in, then: optimiser tidy {options.out} FOLDER.")
