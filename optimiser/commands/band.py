"""``optimiser band LATITUDE LONGITUDE``: the price band of a place."""

from __future__ import annotations

import argparse
import sys

from optimiser import exits
from optimiser.commands.inputs import read_or_refuse
from optimiser.demonstration import DEMONSTRATION, bundled
from optimiser.geography.bands import band_of, nearest_centre_miles
from optimiser.geography.grid import in_england, to_grid
from optimiser.io.faults import clean


def run(options: argparse.Namespace) -> int:
    """Prints the band and the distance; exit code 2 outside England."""
    if not in_england(options.latitude, options.longitude):
        swapped = in_england(options.longitude, options.latitude)
        print(
            "Refused: the place is outside England" + (" (latitude and longitude swapped?)" if swapped else "") + ".",
            file=sys.stderr,
        )
        return exits.REFUSED
    folder = str(bundled(DEMONSTRATION)) if options.folder is None else options.folder
    reading = read_or_refuse(folder, show_values=False, writes=False)
    if reading is None:
        return exits.REFUSED
    centres = [surgery for surgery in reading.snapshot.surgeries if surgery.band_centre]
    place = to_grid([options.latitude], [options.longitude])
    each = to_grid([centre.latitude for centre in centres], [centre.longitude for centre in centres])
    miles = nearest_centre_miles(place, each)
    band = int(band_of(miles, reading.snapshot.policy.band_limits_miles)[0])
    nearest = min(centres, key=lambda centre: (_miles(place, centre.latitude, centre.longitude), centre.surgery_id))
    whose = clean(reading.snapshot.title or folder)
    print(
        f"Band {band}: {miles[0]:.2f} miles in a straight line from {clean(nearest.name)}, the nearest band centre"
        f" (centres of: {whose})."
    )
    return exits.PROVEN


def _miles(place: object, latitude: float, longitude: float) -> float:
    return float(nearest_centre_miles(place, to_grid([latitude], [longitude]))[0])  # type: ignore[arg-type]
