"""What CQC's ratings come to: it rates the locations of a provider, and a contract may name one of them.

Until a contract names one, the worst among its provider's locations counts for it (our reading: nobody knows which of them would
come). ``cqc_rating`` of a provider with locations is that worst one, so that whoever reads providers alone reads what counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from optimiser.domain.records import Location

BEST_FIRST = ("outstanding", "good", "requires_improvement", "not_rated", "inadequate")
"""A location that is not rated yet is not known to be good (our reading)."""


def worst_of(locations: Iterable[Location]) -> Location:
    """The worst rated of one or more locations; of several the first."""
    return max(locations, key=lambda location: BEST_FIRST.index(location.cqc_rating))


def by_provider(locations: Iterable[Location]) -> dict[str, tuple[Location, ...]]:
    """Each provider's locations, in their order, by its id."""
    found: dict[str, list[Location]] = defaultdict(list)
    for location in locations:
        found[location.provider_id].append(location)
    return {provider_id: tuple(own) for provider_id, own in found.items()}


def said_of_worst(locations: int) -> str:
    """Why a provider's rating is what it is, where it has so many locations and the contract names none."""
    return f"{whose_worst(locations)}, as the contract names none"


def whose_worst(locations: int) -> str:
    """Whose rating a provider's is, where it has so many locations."""
    return "that of its one location" if locations == 1 else f"the worst of its {locations} locations"
