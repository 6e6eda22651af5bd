"""Ways that a map does not know although both places are on it: which they are, by kilometre squares, as on maps of rounds."""

from __future__ import annotations

from collections.abc import Collection

from optimiser.geography.grid import in_england, square_name, to_grid
from optimiser.geography.travel_times.cache import Place
from optimiser.geography.travel_times.interface import TravelError

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
