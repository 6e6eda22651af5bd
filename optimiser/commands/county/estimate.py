"""``optimiser county estimate FOLDER``: how much home care each area may need, from census counts."""

from __future__ import annotations

import argparse
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import file_written, is_new, refused_with, say, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 30
SUMMARY = "estimate each area's need of home care from census counts"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "estimate",
        description="Estimate how many people of each area may have home care, and their hours, from the ONS's census counts of"
        " older people by small area. An estimate for planning alone, which every line says; it makes no packages.",
        example="optimiser county estimate wight --census census2021-ts007a-lsoa.csv --lsoas LSOA_2021.gpkg --out demand.csv",
        run=run,
        arguments=_arguments,
    )


def _arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", metavar="FOLDER", help="a folder with areas.geojson, its outlines drawn or derived")
    command.add_argument(
        "--census", required=True, metavar="FILE", help="census counts by age and LSOA (TS007A, CSV or workbook)"
    )
    command.add_argument("--lsoas", required=True, metavar="FILE", help="outlines of small areas: a map file")
    command.add_argument("--lsoa-id", default="LSOA21CD", metavar="COLUMN", help="where it has their codes (default: LSOA21CD)")
    command.add_argument(
        "--per-1000",
        type=of_a_thousand,
        metavar="N",
        help="people with home care for each 1,000 aged 65 and over (default: 24, as in Norfolk)",
    )
    command.add_argument("--out", required=True, metavar="FILE", help="a new file (.csv)")
    as_json(command, "the estimate")


def of_a_thousand(text: str) -> Fraction:
    """How many of a thousand people, exact: from 0 on with at most four decimals."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?|1000", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"expected people of 1,000 such as 24 or 10.25, found {text!r}")
    return Fraction(text)


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where a file is refused, or nothing could be written."""
    from pathlib import Path

    from optimiser.boundaries.areas_and_places import areas_and_places
    from optimiser.io.faults import InputRefusedError
    from optimiser.io.spreadsheets import spreadsheet
    from optimiser.official.demand_estimate import ESTIMATE, PEOPLE_PER_1000, estimated

    if not is_new(options.out):
        return exits.REFUSED
    rate = PEOPLE_PER_1000 if options.per_1000 is None else options.per_1000
    try:
        areas = areas_and_places(Path(options.folder)).areas
        made = estimated(areas, Path(options.census), Path(options.lsoas), options.lsoa_id, rate)
    except InputRefusedError as faults:
        return refused_with(faults)
    if not file_written(options.out, spreadsheet(ESTIMATE, made.rows)):
        return exits.REFUSED
    record: dict[str, Any] = {"file": options.out, "areas": list(made.rows), "small_areas_elsewhere": list(made.elsewhere)}
    tell(options, lambda: record, lambda: _say(record))
    return exits.PROVEN


def _say(record: dict[str, Any]) -> None:
    from optimiser.official.demand_estimate import LICENCE, NOTE

    for each in record["areas"]:
        people = f"{each['estimated_people']} people, {each['estimated_hours_per_week']} hours a week"
        say(f"{each['name']}: about {people} ({each['people_65_plus']} are 65 or older).")
    if record["small_areas_elsewhere"]:
        say(f"{len(record['small_areas_elsewhere'])} small area(s) lie in no area or in several, and are not counted.")
    say(f"Written to {record['file']}: {NOTE} ({LICENCE}).")
