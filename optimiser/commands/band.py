"""``optimiser band LATITUDE LONGITUDE`` or ``optimiser band POSTCODE``: the price band of a place."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, postcodes
from optimiser.commands.shared.inputs import read_or_refuse
from optimiser.commands.shared.saying import complain, refused, say, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 420
SUMMARY = "the price band of a place"
NUMBER = re.compile(r"[-+]?[\d.]+", re.ASCII)


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "band",
        description="The price band of a place in England, by its postcode or in degrees: by its distance in a straight line from"
        " the nearest band centre.",
        example="optimiser band NR1 2DH",
        run=run,
        arguments=_arguments,
    )


def _arguments(band: argparse.ArgumentParser) -> None:
    band.add_argument(
        "place", metavar="PLACE", nargs="+", help="a postcode, or two numbers: degrees north and degrees east (52.6 1.1)"
    )
    band.add_argument("--in", dest="folder", metavar="FOLDER", help="snapshot with the band centres (default: demonstration)")
    postcodes(band)
    as_json(band, "the band and the distance")


def run(options: argparse.Namespace) -> int:
    """Prints the band and the distance; exit code 2 outside England, and where a postcode is no place of it."""
    from optimiser.geography.bands import band_at
    from optimiser.geography.grid import in_england
    from optimiser.geography.postcodes.postcode_places import NoSuchPlaceError
    from optimiser.io.folders import DEMONSTRATION, bundled
    from optimiser.io.postcode_index import NoIndexError

    if len(options.place) == 1 and NUMBER.fullmatch(options.place[0]):
        return refused("expected a postcode, or two numbers: degrees north and degrees east.")
    try:
        latitude, longitude = _degrees(options.place) or _of_postcode(" ".join(options.place), options.postcodes)
    except (NoSuchPlaceError, NoIndexError) as error:
        return refused(str(error))
    if not in_england(latitude, longitude):
        swapped = in_england(longitude, latitude)
        return refused("the place is outside England" + (" (latitude and longitude swapped?)" if swapped else "") + ".")
    folder = str(bundled(DEMONSTRATION)) if options.folder is None else options.folder
    reading = read_or_refuse(folder, show_values=False, writes=False)
    if reading is None:
        return exits.REFUSED
    snapshot = reading.snapshot
    band, miles, nearest = band_at(latitude, longitude, snapshot.surgeries, snapshot.policy.band_limits_miles)
    whose = snapshot.title or folder
    words = (
        f"Band {band}: {miles:.2f} miles in a straight line from {nearest.name}, the nearest band centre (centres of: {whose})."
    )
    record = {"band": band, "miles": round(miles, 2), "nearest_band_centre": nearest.name, "centres_of": whose}
    tell(options, lambda: record, lambda: say(words))
    return exits.PROVEN


def _degrees(place: list[str]) -> tuple[float, float] | None:
    """Two numbers as latitude and longitude; None where they are not two numbers."""
    try:
        latitude, longitude = map(float, place)
    except ValueError:
        return None
    return latitude, longitude


def _of_postcode(text: str, index_file: str) -> tuple[float, float]:
    """Where a postcode is; what is to be known of that is said. Raises ``NoSuchPlaceError``, ``NoIndexError``."""
    from optimiser.geography.postcodes.postcode_places import NoSuchPlaceError, place_of
    from optimiser.io.postcode_index import SETTING, index_or_sample

    index, is_sample = index_or_sample(index_file)
    try:
        found = place_of(index, text)
    except NoSuchPlaceError as error:
        few = f" This is the small index that comes with the product: set {SETTING}, or give --postcodes, for all others."
        raise NoSuchPlaceError(error.kind, str(error) + (few if is_sample else "")) from None
    if found.note:
        complain(f"Note: {found.postcode}: {found.note}.")
    return found.latitude, found.longitude
