"""Invented postcodes at the three villages, to within half a metre."""

from __future__ import annotations

from pathlib import Path

from optimiser.geography.grid import to_grid
from optimiser.geography.postcodes.index import index_bytes, packed
from tests.geography.postcodes.small_index import code

LARKMERE, MIDDLE_SEDGE, FAR_OSIER = "NR21 9AA", "NR20 9AB", "NR9 9AD"
ENDED, ESTIMATED = "NR21 9AB", "NR21 8AA"
PLACES = {LARKMERE: (52.654433, 0.80756), MIDDLE_SEDGE: (52.652155, 0.902049), FAR_OSIER: (52.649802, 0.996525)}


def written_index(folder: Path) -> Path:
    """An index of them in a file, and two more in Larkmere: one that ended, one whose position is an estimate."""
    grid = to_grid([each[0] for each in PLACES.values()], [each[1] for each in PLACES.values()]).round().astype(int).tolist()
    known = [packed(east, north, 1, 1) for east, north in grid]
    (east, north), *_ = grid
    known += [packed(east, north, 1, 1, (2020, 3)), packed(east, north + 50, 5, 1)]
    file = folder / "postcodes.index"
    file.write_bytes(index_bytes([*map(code, PLACES), code(ENDED), code(ESTIMATED)], known, {"sources": []}))
    return file
