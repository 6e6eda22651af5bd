"""``optimiser areas import FILE``: a map file of a council or the ONS to ``areas.geojson``."""
# ruff: noqa: N999 (the file of a command has the command's name)

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import file_written, is_new, refused_with, say, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 10
SUMMARY = "bring areas in from GeoJSON, a GeoPackage or a Shapefile"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "import",
        description="Make areas.geojson of a map file as councils and the ONS publish them: GeoJSON, GeoPackage or Shapefile,"
        " also in a zip, in whatever system of coordinates it names. Nothing is repaired: 'areas check' looks it over.",
        example="optimiser areas import PCN_boundaries.gpkg --id PCN24CD --name PCN24NM --out areas.geojson",
        run=run,
        arguments=_arguments,
    )


def _arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a map: .geojson, .gpkg, .shp with its files beside it, or a zip with one")
    command.add_argument("--id", required=True, metavar="COLUMN", help="the column with the ids of areas")
    command.add_argument("--name", required=True, metavar="COLUMN", help="the column with their names")
    region = command.add_mutually_exclusive_group()
    region.add_argument("--region", default="", metavar="COLUMN", help="the column with their regions")
    region.add_argument("--region-named", default="", metavar="WORDS", help="one region for all")
    command.add_argument("--go-live", default="", metavar="COLUMN", help="the column with the dates on which areas go live")
    command.add_argument("--go-live-planned", default="", metavar="COLUMN", help="the column with the dates first planned")
    command.add_argument("--layer", metavar="NAME", help="which layer, where the file has several")
    command.add_argument("--crs", metavar="CODE", help="the system of coordinates, where the file names none: EPSG:27700")
    command.add_argument("--merge", action="store_true", help="features that have one id are one area")
    command.add_argument("--out", required=True, metavar="FILE", help="a new file (.geojson)")
    as_json(command, "what was read")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where the file is refused, each fault with its feature, or is there already."""
    from pathlib import Path

    from optimiser.boundaries.importing import Columns, areas_of_map
    from optimiser.io.exporting import areas_file
    from optimiser.io.faults import InputRefusedError

    if not is_new(options.out):
        return exits.REFUSED
    columns = Columns(
        options.id, options.name, options.region, options.region_named, options.go_live, options.go_live_planned
    )  # fmt: skip
    try:
        made = areas_of_map(Path(options.file), columns, layer=options.layer, system=options.crs, merge=options.merge)
    except InputRefusedError as faults:
        return refused_with(faults)
    if not file_written(options.out, areas_file(made.areas)):
        return exits.REFUSED
    record: dict[str, Any] = {
        "file": options.out,
        "areas": len(made.areas),
        "features": made.features,
        "coordinates": made.system,
        "columns_left_out": list(made.left_out),
    }
    tell(options, lambda: record, lambda: _say(record))
    return exits.PROVEN


def _say(record: dict[str, Any]) -> None:
    left = ", ".join(record["columns_left_out"])
    made = f"{record['areas']} area(s) of {record['features']} feature(s)"
    say(f"{record['file']}: {made}, from {record['coordinates']} to degrees.")
    if left:
        say(f"Columns left out: {left}.")
    say(f"Look it over: optimiser areas check {record['file']} --out boundaries")
