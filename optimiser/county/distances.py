"""How far people live from the centres of price bands and from providers' offices."""

from __future__ import annotations

import numpy as np

from optimiser.domain.snapshot import Snapshot
from optimiser.geography.bands import nearest_centre_miles
from optimiser.geography.grid import Metres, TravelSource, to_grid


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
