"""Calibrate the straight-line defaults on drive minutes that somebody else worked out, and tell their error.

    python -m tests.benchmarks.travel_times DRIVE_MINUTES.csv CENTRES.csv POSTCODES.csv

DRIVE_MINUTES: a line per small area (``LSOA``, its name), a column per hospital's postcode, minutes. CENTRES: ``name, easting,
northing`` of the areas. POSTCODES: ``postcode, easting, northing``; hospitals whose postcode it does not hold are left out.

Prints, per longest distance, minutes = slope x straight line + constant by least squares, with its mean and largest error and
the error on each hospital when fitted on the others alone; then how far the defaults lie above, in minutes.
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimiser.geography.travel_times.straight_line import DRIVING

FARTHEST_KM = (5, 10, 20, 200)
Floats = NDArray[np.float64]


def pairs(minutes_file: Path, centres_file: Path, postcodes_file: Path) -> tuple[Floats, Floats, NDArray[np.str_]]:
    """Kilometres in a straight line, minutes, and the hospital, of each pair of an area and a hospital."""
    centres = {row["name"]: (float(row["easting"]), float(row["northing"])) for row in _rows(centres_file)}
    places = {row["postcode"].replace(" ", ""): (float(row["easting"]), float(row["northing"])) for row in _rows(postcodes_file)}
    found = [
        (math.dist(centres[row["LSOA"]], places[hospital]) / 1000, float(minutes), hospital)
        for row in _rows(minutes_file)
        for hospital, minutes in row.items()
        if hospital in places and row["LSOA"] in centres and minutes
    ]
    kilometres, minutes, hospitals = zip(*found, strict=True)
    return np.array(kilometres), np.array(minutes), np.array(hospitals)


def fitted(kilometres: Floats, minutes: Floats) -> tuple[float, float]:
    """Minutes a kilometre, and the constant."""
    columns = np.column_stack((kilometres, np.ones(len(kilometres))))
    slope, constant = np.linalg.lstsq(columns, minutes, rcond=None)[0]
    return float(slope), float(constant)


def main() -> None:
    kilometres, minutes, hospitals = pairs(*map(Path, sys.argv[1:4]))
    print(f"{len(kilometres)} pairs of an area and one of {len(set(hospitals))} hospitals")
    print("up to km  pairs  s a km  constant, min  mean error  largest  mean error, hospital left out  | defaults: bias")
    for farthest in FARTHEST_KM:
        near = kilometres <= farthest
        km, told, where = kilometres[near], minutes[near], hospitals[near]
        slope, constant = fitted(km, told)
        error = np.abs(slope * km + constant - told)
        left_out = []
        for hospital in sorted(set(where)):
            there = where == hospital
            other_slope, other_constant = fitted(km[~there], told[~there])
            left_out.append(np.abs(other_slope * km[there] + other_constant - told[there]))
        bias = (km * DRIVING.seconds_per_kilometre / 60 + DRIVING.minutes_to_park - told).mean()
        print(
            f"{farthest:8}  {len(km):5}  {slope * 60:6.1f}  {constant:13.2f}  {error.mean():10.2f}  {error.max():7.2f}"
            f"  {np.concatenate(left_out).mean():30.2f}  | {bias:14.2f}"
        )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


if __name__ == "__main__":
    main()
