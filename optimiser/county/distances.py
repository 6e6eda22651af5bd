"""How far people live from the centres of price bands and from providers' offices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from optimiser.domain.records import Package
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.bands import nearest_centre_miles
from optimiser.geography.grid import Metres, TravelSource, to_grid


@dataclass(frozen=True)
class Measured:
    """Where everybody lives, and how far that is: ``place`` as eastings and northings, ``centre_miles`` to the nearest band
    centre, ``office_metres`` per package and provider to the provider's nearest office.
    """

    place: Metres
    centre_miles: Metres
    office_metres: Metres

    @staticmethod
    def of(snapshot: Snapshot, travel: TravelSource, homes: Sequence[Package]) -> Measured:
        """Everything of some packages, measured from their places."""
        index = {provider.provider_id: place for place, provider in enumerate(snapshot.providers)}
        place = to_grid([p.latitude for p in homes], [p.longitude for p in homes])
        return Measured(place, centre_miles(snapshot, place), office_metres(snapshot, index, place, travel))

    def for_others(self, before: Snapshot, after: Snapshot, travel: TravelSource) -> Measured:
        """The same for another snapshot with the same offices, centres and providers: only homes that are new are measured."""
        if list(map(_home, before.packages)) == list(map(_home, after.packages)):
            return self
        known = {_home(package): row for row, package in enumerate(before.packages)}
        new = [package for package in after.packages if _home(package) not in known]
        known |= {_home(package): len(before.packages) + row for row, package in enumerate(new)}
        rows = [known[_home(package)] for package in after.packages]
        parts = [self, Measured.of(after, travel, new)] if new else [self]

        def joined(name: str) -> Metres:
            return np.concatenate([getattr(part, name) for part in parts])[rows]

        return Measured(joined("place"), joined("centre_miles"), joined("office_metres"))


_home = attrgetter("latitude", "longitude")


def same_to_measure(before: Snapshot, after: Snapshot) -> bool:
    """Whether offices, band centres and providers are the same: then only homes can be elsewhere."""
    return (
        before.offices == after.offices
        and before.surgeries == after.surgeries
        and [p.provider_id for p in before.providers] == [p.provider_id for p in after.providers]
    )


def centre_miles(snapshot: Snapshot, place: Metres) -> Metres:
    """Miles from each package to the nearest band centre."""
    centres = [surgery for surgery in snapshot.surgeries if surgery.band_centre]
    return nearest_centre_miles(place, to_grid([c.latitude for c in centres], [c.longitude for c in centres]))


def office_metres(snapshot: Snapshot, provider_index: dict[str, int], place: Metres, travel: TravelSource) -> Metres:
    """Metres from each package to each provider's nearest office."""
    offices = snapshot.offices
    metres = travel.metres(place, to_grid([o.latitude for o in offices], [o.longitude for o in offices]))
    nearest = np.full((len(place), len(provider_index)), np.inf)
    for column, office in enumerate(offices):
        provider = provider_index[office.provider_id]
        nearest[:, provider] = np.minimum(nearest[:, provider], metres[:, column])
    return nearest
