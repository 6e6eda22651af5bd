"""``optimiser areas derive FOLDER``: outlines for areas that nobody has drawn."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import file_written, is_new, refused, refused_with, say, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimiser.boundaries.deriving import Derived
    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.records import Surgery

ORDER = 30
SUMMARY = "make outlines from where patients are registered, or from surgeries"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "derive",
        description="Make outlines for the areas of a county by its surgeries: each small area (LSOA) goes where most of its"
        " patients are registered (--registrations, --lsoas), or each place to the area of its nearest surgery (--within). An"
        " estimate, which the result says of itself.",
        example="optimiser areas derive county --registrations gp-reg-lsoa.csv --lsoas LSOA_2021.gpkg --out areas.geojson\n"
        "optimiser areas derive county --within county_outline.geojson --out areas.geojson",
        run=run,
        arguments=_arguments,
    )


def _arguments(derive: argparse.ArgumentParser) -> None:
    derive.add_argument("folder", metavar="FOLDER", help="a folder with areas.geojson (ids, names, dates) and surgeries.csv")
    derive.add_argument("--registrations", metavar="FILE", help="NHS England's patients registered at a practice, by LSOA (CSV)")
    derive.add_argument("--lsoas", metavar="FILE", help="outlines of small areas: a map file")
    derive.add_argument("--lsoa-id", default="LSOA21CD", metavar="COLUMN", help="where it has their codes (default: LSOA21CD)")
    derive.add_argument("--within", metavar="FILE", help="the outline of the county: a map file")
    derive.add_argument("--layer", metavar="NAME", help="which layer of the map file, where it has several")
    derive.add_argument("--out", required=True, metavar="FILE", help="a new file (.geojson)")
    as_json(derive, "what was made")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where a file is refused, or no way to derive was named."""
    from pathlib import Path

    from optimiser.boundaries.areas_and_places import areas_and_surgeries
    from optimiser.io.exporting import areas_file
    from optimiser.io.faults import InputRefusedError
    from optimiser.mapping.shapes import with_shapes

    if not is_new(options.out):
        return exits.REFUSED
    registered = options.registrations is not None and options.lsoas is not None
    if registered == (options.within is not None) or (options.registrations is None) != (options.lsoas is None):
        return refused("expected either --registrations with --lsoas, or --within. Nothing was written.")
    try:
        areas, own, surgeries = areas_and_surgeries(Path(options.folder))
        derived, extract_date = _derived(options, surgeries)
    except InputRefusedError as faults:
        return refused_with(faults)
    if not file_written(options.out, areas_file(with_shapes(areas, dict(derived.shapes)), own)):
        return exits.REFUSED
    record: dict[str, Any] = {
        "file": options.out,
        "how": derived.how,
        "extract_date": extract_date,
        "areas": len(derived.shapes),
        "areas_without": [area.area_id for area in areas if area.area_id not in derived.shapes],
        "small_areas_without_a_majority": [{"code": code, "share": round(share, 3)} for code, share in derived.divided],
        "small_areas_left_out": derived.left_out,
    }
    tell(options, lambda: record, lambda: _say(record))
    return exits.PROVEN


def _derived(options: argparse.Namespace, surgeries: Sequence[Surgery]) -> tuple[Derived, str | None]:
    from pathlib import Path

    from optimiser.boundaries.deriving import by_neighbourhoods, by_registrations
    from optimiser.boundaries.registrations import read_registrations

    if options.within is not None:
        return by_neighbourhoods(surgeries, Path(options.within), options.layer), None
    told = read_registrations(Path(options.registrations))
    made = by_registrations(surgeries, told.patients, Path(options.lsoas), options.lsoa_id, options.layer)
    return made, told.extract_date


def _say(record: dict[str, Any]) -> None:
    from optimiser.boundaries.registrations import LICENCE

    say(f"{record['file']}: {record['areas']} area(s). {record['how'].capitalize()}.")
    if record["areas_without"]:
        say(f"Without an outline, since no surgery leads there: {', '.join(record['areas_without'])}.")
    if record["extract_date"] is not None:
        divided = len(record["small_areas_without_a_majority"])
        say(f"Registrations of {record['extract_date']} ({LICENCE}). {divided} small area(s) have no majority in one area;")
        say(f"{record['small_areas_left_out']} are left out, since most of their patients are registered elsewhere.")
    say(f"Look it over: optimiser areas check {record['file']} --out boundaries")
