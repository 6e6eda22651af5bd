"""The official files that ``county new`` and ``county refresh`` read."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from optimiser.commands.shared.arguments import day, postcodes
from optimiser.commands.shared.saying import complain, refused, refused_with, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimiser.official.county_of_files import Official, OfficialFiles

SHOWN = 12


def official_files(command: argparse.ArgumentParser) -> None:
    """Their options."""
    command.add_argument("--as-of", type=day, required=True, metavar="DATE", help="the day of the county: who is open on it")
    command.add_argument(
        "--practices",
        "--surgeries",
        action="append",
        required=True,
        metavar="FILE",
        help="NHS ODS epraccur or ebranchs (CSV); may be repeated",
    )
    command.add_argument(
        "--pcns", required=True, metavar="FILE", help="NHS ODS ePCN (.xlsx), which says whose PCN a practice is in"
    )
    command.add_argument(
        "--commissioner",
        action="append",
        required=True,
        metavar="CODE",
        help="of the PCNs' sub ICB location (26A); may be repeated",
    )
    command.add_argument(
        "--only-pcn",
        action="append",
        default=[],
        metavar="CODE",
        help="of the commissioner's PCNs these alone (U67590), where it has those of other councils too; may be repeated",
    )
    command.add_argument(
        "--providers",
        required=True,
        metavar="FILE",
        help="CQC's active locations with ratings, or its directory (.ods, .xlsx, .csv)",
    )
    command.add_argument(
        "--authority", action="append", required=True, metavar="NAME", help="a local authority, as CQC writes it; may be repeated"
    )
    postcodes(command)
    command.add_argument("--areas", metavar="FILE", help="outlines of the PCNs: a map file (needs the extra gis)")
    command.add_argument("--id", default="", metavar="COLUMN", help="map: the column with the codes of PCNs")
    command.add_argument("--name", default="", metavar="COLUMN", help="map: the column with their names")
    command.add_argument("--layer", metavar="NAME", help="map: which layer, where it has several")
    command.add_argument(
        "--region-named", default="", metavar="WORDS", help="the region of all areas (default: the commissioner)"
    )
    command.add_argument("--notices", metavar="FILE", help="the council's own notices (OCDS JSON), listed in notices.csv")


def read_official(options: argparse.Namespace) -> tuple[OfficialFiles, Official] | None:
    """What the files say; None after every fault has been said."""
    from optimiser.io.faults import InputRefusedError
    from optimiser.io.postcode_index import SETTING, NoIndexError, index_or_sample
    from optimiser.official.county_of_files import OfficialFiles, official

    if options.areas is not None and not (options.id and options.name):
        refused("--areas: expected --id and --name, the columns of the map. Nothing was written.")
        return None
    files = OfficialFiles(
        as_of=options.as_of,
        practices=[Path(each) for each in options.practices],
        memberships=Path(options.pcns),
        commissioners=options.commissioner,
        only_pcns=options.only_pcn,
        providers=Path(options.providers),
        authorities=options.authority,
        region=options.region_named,
        outlines=None if options.areas is None else Path(options.areas),
        outline_id=options.id,
        outline_name=options.name,
        layer=options.layer,
        notices=None if options.notices is None else Path(options.notices),
    )
    try:
        index, is_sample = index_or_sample(options.postcodes)
        found = official(files, index)
    except NoIndexError as error:
        refused(str(error))
        return None
    except InputRefusedError as faults:
        refused_with(faults)
        return None
    if is_sample:
        complain(f"Note: by the small index that comes with the product; set {SETTING}, or give --postcodes, for all others.")
    return files, found


def say_left_out(left_out: Sequence[dict[str, str]]) -> None:
    """What has no place in the county, and why."""
    for each in left_out[:SHOWN]:
        say(f"Left out: {each['what']} {each['id']} {each['name']}: {each['why']}")
    if len(left_out) > SHOWN:
        say(f"{len(left_out) - SHOWN} more are in left-out.csv.")
