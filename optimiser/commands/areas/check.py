"""``optimiser areas check FOLDER``: what is wrong with the outlines of areas, drawn, with a repair to look at."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, metres, replace, result
from optimiser.commands.shared.saying import is_free, print_table, refused_with, say, table, tell, written

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 20
SUMMARY = "find overlaps, gaps, slivers, wrong rings and islands, and draw them"
SHOWN = 15


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "check",
        description="Look over the outlines of a county's areas: places in two areas or in none, rings that cross themselves,"
        " parts away from the rest. Writes a page with pictures, a table, and the areas as a repair would have them, which nobody"
        " has to take: it gives slivers to an area beside them and leaves what is wider to a person.",
        example="optimiser areas check county --out boundaries",
        run=run,
        arguments=_arguments,
    )


def _arguments(check: argparse.ArgumentParser) -> None:
    check.add_argument("folder", metavar="FOLDER", help="a snapshot folder, or its areas.geojson alone")
    check.add_argument(
        "--sliver-metres",
        type=metres,
        metavar="M",
        default=None,
        help="what is at most so wide at its widest is a sliver, which the repair gives away (default: 20)",
    )
    result(check, "boundaries.html, boundaries.csv, boundaries.json and repaired-areas.geojson")
    replace(check)
    as_json(check, "what boundaries.json holds")


def run(options: argparse.Namespace) -> int:
    """Exit code 0, whatever was found; 2 where the areas cannot be read or nothing could be written."""
    from pathlib import Path

    from optimiser.boundaries.areas_and_places import areas_and_places
    from optimiser.boundaries.flaws import SLIVER_METRES
    from optimiser.boundaries.inspection import look_over
    from optimiser.io.faults import InputRefusedError

    out = Path(options.out)
    if not is_free(out, replace=options.replace):
        return exits.REFUSED
    try:
        found = areas_and_places(Path(options.folder))
    except InputRefusedError as faults:
        return refused_with(faults)
    sliver = SLIVER_METRES if options.sliver_metres is None else options.sliver_metres
    looked = look_over(found.areas, found.places, sliver)
    if not written(out, looked.files(Path(options.folder).name, found.own), replace=options.replace):
        return exits.REFUSED
    record = looked.record()
    tell(options, lambda: record, lambda: _say(record, out / "boundaries.html"))
    return exits.PROVEN


def _say(record: dict[str, Any], page: object) -> None:
    from optimiser.boundaries.flaws import KINDS

    made = table("Outlines", "what", "now", "with the repair")
    for kind in (*KINDS, "sliver"):
        made.add_row(kind.replace("_", " "), str(record["counts"][kind]), str(record["counts_with_the_repair"][kind]))
    for name, each in record["places"].items():
        made.add_row(name, str(each["now"]), str(each["with_the_repair"]))
    print_table(made)
    for each in record["flaws"][:SHOWN]:
        ids = ", ".join(each["area_ids"])
        say(f"{each['kind'].replace('_', ' ')} {ids}: {each['said']}, {each['square_metres']:,} m2, {each['repair']}.")
    if len(record["flaws"]) > SHOWN:
        say(f"{len(record['flaws']) - SHOWN} more in the files.")
    say(f"Nothing was changed. The pictures: {page}; the repair: repaired-areas.geojson beside it.")
