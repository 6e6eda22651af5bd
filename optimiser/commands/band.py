"""``optimiser band LATITUDE LONGITUDE``: the price band of a place."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.inputs import read_or_refuse
from optimiser.commands.shared.saying import refused, say, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 420
SUMMARY = "the price band of a place"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "band",
        description="The price band of a place in England: by its distance in a straight line from the nearest band centre.",
        example="optimiser band 52.6 1.1 --in data/three_villages",
        run=run,
        arguments=_arguments,
    )


def _arguments(band: argparse.ArgumentParser) -> None:
    band.add_argument("latitude", metavar="LATITUDE", type=float, help="in degrees north")
    band.add_argument("longitude", metavar="LONGITUDE", type=float, help="in degrees east")
    band.add_argument("--in", dest="folder", metavar="FOLDER", help="snapshot with the band centres (default: demonstration)")
    as_json(band, "the band and the distance")


def run(options: argparse.Namespace) -> int:
    """Prints the band and the distance; exit code 2 outside England."""
    from optimiser.geography.bands import band_at
    from optimiser.geography.grid import in_england
    from optimiser.io.folders import DEMONSTRATION, bundled

    if not in_england(options.latitude, options.longitude):
        swapped = in_england(options.longitude, options.latitude)
        return refused("the place is outside England" + (" (latitude and longitude swapped?)" if swapped else "") + ".")
    folder = str(bundled(DEMONSTRATION)) if options.folder is None else options.folder
    reading = read_or_refuse(folder, show_values=False, writes=False)
    if reading is None:
        return exits.REFUSED
    snapshot = reading.snapshot
    band, miles, nearest = band_at(options.latitude, options.longitude, snapshot.surgeries, snapshot.policy.band_limits_miles)
    whose = snapshot.title or folder
    words = (
        f"Band {band}: {miles:.2f} miles in a straight line from {nearest.name}, the nearest band centre (centres of: {whose})."
    )
    record = {"band": band, "miles": round(miles, 2), "nearest_band_centre": nearest.name, "centres_of": whose}
    tell(options, lambda: record, lambda: say(words))
    return exits.PROVEN
