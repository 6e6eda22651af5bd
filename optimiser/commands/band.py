"""``optimiser band LATITUDE LONGITUDE``: the price band of a place."""

from __future__ import annotations

import argparse
import sys

from optimiser import exits
from optimiser.commands.inputs import read_or_refuse
from optimiser.geography.bands import band_at
from optimiser.geography.grid import in_england
from optimiser.io.bundled import DEMONSTRATION, bundled
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
    snapshot = reading.snapshot
    band, miles, nearest = band_at(options.latitude, options.longitude, snapshot.surgeries, snapshot.policy.band_limits_miles)
    whose = clean(snapshot.title or folder)
    print(
        f"Band {band}: {miles:.2f} miles in a straight line from {clean(nearest.name)}, the nearest band centre"
        f" (centres of: {whose})."
    )
    return exits.PROVEN
