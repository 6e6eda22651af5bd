"""Why people wait who wait at the end of a draw: what keeps them from the contracts of their area whose hours are looked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimiser.county import Ints
from optimiser.forecasting.played import PlayedCounty
from optimiser.forecasting.sizing.sized_areas import SizedArea
from optimiser.forecasting.this_week import ThisWeek

HINDERED_BY = {
    "declined": "a provider of these contracts has said no, and the no stands",
    "not_allowed": "rules let none of these contracts be asked (quality, restrictions, needs, places)",
    "no_room": "a limit is full (a provider's own, or the contract's hours)",
    "not_reached": "not asked yet, or not of all (offers that a planner makes in a week)",
}
NAMES = tuple(HINDERED_BY)


def waiting_because(played: PlayedCounty, areas: Sequence[SizedArea]) -> Ints:
    """Minutes a week of those who wait, shape (areas, ``NAMES``): the first of the reasons that is so for one."""
    week, index = ThisWeek(played), played.ground.county.contract_index
    found = np.zeros((len(areas), len(NAMES)), dtype=np.int64)
    row_of = {area.place: row for row, area in enumerate(areas)}
    declined = played.declines_in_force(week.waiting)
    for number, person in enumerate(week.waiting):
        row = row_of.get(person.area)
        if row is None:
            continue
        here = [index[each] for each in areas[row].contracts]
        able = [each for each in here if week.allowed[number, each]]
        if any((person.name, played.contracts[each].provider_id) in declined for each in here):
            why = "declined"
        elif not able:
            why = "not_allowed"
        elif not any(week.has_room((number,), each) for each in able):
            why = "no_room"
        else:
            why = "not_reached"
        found[row, NAMES.index(why)] += person.minutes
    return found
