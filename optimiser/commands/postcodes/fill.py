"""``optimiser postcodes fill FOLDER``: the places of a folder's packages, offices and surgeries by their postcodes."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, postcodes, show_values, snapshot_folder
from optimiser.commands.shared.inputs import say_notes
from optimiser.commands.shared.saying import complain, is_free, refused, refused_with, say, tell, written

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 20
SUMMARY = "fill in the places of packages, offices and surgeries by their postcodes"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "fill",
        description="Copy a snapshot folder and fill in latitude and longitude where they are empty, by a column 'postcode' of"
        " packages.csv, offices.csv and surgeries.csv. Places that are given stay. People's postcodes are left out of the copy.",
        example="optimiser postcodes fill county --out county-with-places --postcodes postcodes.index",
        run=run,
        arguments=_arguments,
    )


def _arguments(fill: argparse.ArgumentParser) -> None:
    snapshot_folder(fill)
    fill.add_argument("--out", required=True, metavar="DIR", help="folder for the copy; made whole or not at all")
    postcodes(fill)
    show_values(fill)
    as_json(fill, "how many places were filled in")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where a postcode is no place of England, each with its line, or nothing could be written."""
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.io.filling_places import filled
    from optimiser.io.postcode_index import SETTING, NoIndexError, index_or_sample

    out = Path(options.out)
    if not is_free(out, replace=False):
        return exits.REFUSED
    try:
        index, is_sample = index_or_sample(options.postcodes)
        made = filled(Path(options.folder), index)
    except NoIndexError as error:
        return refused(str(error))
    except InputRefusedError as faults:
        return refused_with(faults, show_values=options.show_values and sys.stderr.isatty())
    if is_sample:
        complain(f"Note: by the small index that comes with the product; set {SETTING}, or give --postcodes, for all others.")
    say_notes(made.notes)
    if not written(out, made.files, replace=False):
        return exits.REFUSED
    record: dict[str, Any] = {"filled": made.places, "out": str(out)}
    places = sum(made.places.values())
    tell(options, lambda: record, lambda: say(f"{places:,} place(s) filled in; the copy is {out}: optimiser check {out}"))
    return exits.PROVEN
