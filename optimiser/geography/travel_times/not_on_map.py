"""Places that no road comes near, and ways that a map does not know although both ends are on it: neither is ever guessed.

The map is another region's or too small, or a place is wrong. Places are never told; ways are told by kilometre squares, as on
maps of rounds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import inf

import numpy as np

from optimiser.geography.grid import Metres, crow_metres, in_england, square_name, to_grid
from optimiser.geography.travel_times.interface import Place, TravelError

FARTHEST_METRES = 5_000
"""A place farther than this from any road is not on the map."""
Spot = tuple[float, float] | None
"""Where on a road a place was put, in degrees north and east; None where no road was found for it."""


def metres_to_road(places: Sequence[Place], spots: Sequence[Spot]) -> Metres:
    """As the crow flies; beyond measure for a place that was put nowhere."""
    here = to_grid([north for north, _ in places], [east for _, east in places])
    there = to_grid([spot[0] if spot else inf for spot in spots], [spot[1] if spot else inf for spot in spots])
    return np.nan_to_num(crow_metres(here, there), nan=inf)


def refuse_far(gaps: Metres, roads: str, kind: str) -> None:
    """``gaps``: metres from each place to its road. Raises ``TravelError`` with how many places are too far, but not which."""
    if far := int((gaps > FARTHEST_METRES).sum()):
        raise TravelError(
            f"{far} of {len(gaps)} places are more than {FARTHEST_METRES // 1000} km from any road of {roads}:"
            f" take a {kind} of all roads of the county and what lies around it, or correct the places."
        )


MOST_SHOWN = 5
Pair = tuple[Place, Place]


def refuse_unreachable(lost: Collection[Pair], asked: int, server: str) -> None:
    """Raises ``TravelError`` where there is a pair without a way. ``asked``: how many ways were asked for."""
    if not lost:
        return
    raise TravelError(
        f"The server {server} knows no way for {len(lost):,} of {asked:,} ways, though both ends are near its roads:"
        f" {_said(lost)}. A ferry, a private road or a one-way street may be missing from its map there, or a place is wrong."
        " Mend one of them, or choose another source with --travel."
    )


def _said(lost: Collection[Pair]) -> str:
    shown = sorted({f"from {square_of(one)} to {square_of(other)}" for one, other in lost})
    more = len(shown) - MOST_SHOWN
    return "; ".join(shown[:MOST_SHOWN]) + (f"; and between {more} more pairs of squares" if more > 0 else "")


def square_of(place: Place) -> str:
    """The kilometre square of the national grid that holds a place: a home is one of many in it."""
    if not in_england(*place):
        return "outside England"
    return square_name(*to_grid([place[0]], [place[1]])[0])
