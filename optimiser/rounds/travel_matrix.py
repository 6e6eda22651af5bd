"""The matrix of travel times and distances between a provider's people, and from its care workers' bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.domain.staffing import Worker
from optimiser.geography.travel_times.interface import Travel, degrees
from optimiser.rounds.problem import Floats, Ints
from optimiser.rounds.visits_by_shift import Care

WALKS = 1
"""The kind of those who walk, among the kinds of travellers; 0 drives."""


@dataclass(frozen=True)
class TravelMatrix:
    """Ways between a provider's places: per kind of traveller whole seconds and metres; the last place is nowhere, 0 from all."""

    place_of: dict[str, int]
    base_of: dict[str, int]
    seconds: Floats
    metres: Ints
    provenance: str


def travel_matrix_of(care: Care, known: Sequence[Worker], driving: Travel, walking: Travel) -> TravelMatrix:
    """Asked of the travel times at once for all."""
    lines = {line.package_id: line for lines in care.by_shift.values() for line in lines}
    names = sorted(lines)
    based = [worker for worker in known if worker.latitude is not None and worker.longitude is not None]
    places = degrees(
        [lines[name].latitude for name in names] + [float(worker.latitude or 0) for worker in based],
        [lines[name].longitude for name in names] + [float(worker.longitude or 0) for worker in based],
    )
    kinds = [driving] + ([walking] if any(worker.travels == "walks" for worker in known) else [])
    size = len(places) + 1
    seconds, metres = np.zeros((len(kinds), size, size)), np.zeros((len(kinds), size, size), dtype=np.int64)
    told = []
    for kind, travel in enumerate(kinds):
        if len(places):
            found = travel.matrix(places)
            seconds[kind, :-1, :-1], metres[kind, :-1, :-1] = found.seconds, found.metres
        told.append(travel.provenance)
    place_of = {name: index for index, name in enumerate(names)}
    base_of = {worker.worker_id: len(names) + index for index, worker in enumerate(based)}
    return TravelMatrix(place_of, base_of, seconds, metres, "; on foot: ".join(told))
