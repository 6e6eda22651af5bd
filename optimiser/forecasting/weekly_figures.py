"""What is counted of a county in play at the end of a week: whole numbers, per area and for the whole county."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from optimiser.county import NOWHERE, Ints
from optimiser.domain.money import whole_half_up
from optimiser.explaining.who_comes_last import LARGE_MINUTES, SMALL_MINUTES
from optimiser.forecasting.played import Played, PlayedCounty

SIZES = ("up_to_7_hours", "above_7_to_15_hours", "above_15_hours")
"""By hours a week, as who comes last is told."""
FIGURES = (
    "people_with_care", "people_waiting", "unmet_minutes", *(f"waiting_{size}" for size in SIZES), "waiting_over_4_weeks",
    "demand_minutes", "share_of_minutes", "principal_minutes", "framework_minutes", "legacy_minutes", "ended_contract_minutes",
    "cost_pence", "guarantee_unused_pence", *(f"placed_{size}" for size in SIZES), *(f"weeks_waited_{size}" for size in SIZES),
)  # fmt: skip
"""``share_of_minutes``: the home care of live areas with a principal, which shares are parts of. ``placed`` and
``weeks_waited`` are of the week; the others stand at its end."""
AT = {name: index for index, name in enumerate(FIGURES)}
LONG_WEEKS = 4


def size_of(minutes: int) -> int:
    """0, 1 or 2: how large care is."""
    return (minutes > SMALL_MINUTES) + (minutes > LARGE_MINUTES)


def counted(played: PlayedCounty, week: int, placed: Iterable[tuple[Played, int]]) -> Ints:
    """Shape (areas + 1, figures); the last row is the county. ``placed``: who found a place this week, after how many weeks."""
    county = played.ground.county
    areas = len(county.snapshot.areas)
    found = np.zeros((areas + 1, len(FIGURES)), dtype=np.int64)
    for person in played.waiting.values():
        row = found[person.area]
        row[AT["people_waiting"]] += 1
        row[AT["unmet_minutes"]] += person.minutes
        row[AT["waiting_up_to_7_hours"] + size_of(person.minutes)] += 1
        row[AT["waiting_over_4_weeks"]] += week - person.week > LONG_WEEKS
    for person, waited in placed:
        size = size_of(person.minutes)
        found[person.area][AT["placed_up_to_7_hours"] + size] += 1
        found[person.area][AT["weeks_waited_up_to_7_hours"] + size] += waited
    found[:areas, AT["people_with_care"]] = played.people_on.sum(axis=0)
    found[:areas, AT["unmet_minutes"]] += played.more
    found[:areas, AT["demand_minutes"]] = played.demand
    _by_tier(played, found)
    found[:areas, AT["cost_pence"]] = played.pence.sum(axis=0)
    unused_elsewhere = _guarantees(played, found)
    found[areas] = found[:areas].sum(axis=0)
    found[areas, AT["cost_pence"]] += unused_elsewhere
    found[areas, AT["guarantee_unused_pence"]] += unused_elsewhere
    return found


def _by_tier(played: PlayedCounty, found: Ints) -> None:
    """Minutes by who delivers them. Shares are those of live areas that have a principal in force."""
    county, day = played.ground.county, played.day
    live = [area.is_live(day) for area in county.snapshot.areas]
    area_of_contract = county.contract_area.tolist()
    for contract, record in enumerate(played.contracts):
        minutes = played.minutes[contract]
        if record.tier == "legacy":
            found[:-1, AT["legacy_minutes"]] += minutes
        if record.has_ended(day):
            found[:-1, AT["ended_contract_minutes"]] += minutes
        area = area_of_contract[contract]
        if area == NOWHERE or not live[area]:
            continue
        if record.tier == "framework":
            found[area, AT["framework_minutes"]] += minutes[area]
        elif record.tier == "principal":
            found[area, AT["principal_minutes"]] += minutes[area]
            if record.in_force(day):
                found[area, AT["share_of_minutes"]] = played.demand[area]


def _guarantees(played: PlayedCounty, found: Ints) -> int:
    """What is guaranteed and not delivered, in its contract's area; returns what is of county-wide contracts."""
    county, elsewhere = played.ground.county, 0
    delivered = played.pence.sum(axis=1).tolist()
    for contract, record in enumerate(played.contracts):
        if not record.guarantee or record.max_hours_4w is None or not record.in_force(played.day):
            continue
        guaranteed = whole_half_up(record.guarantee * record.max_hours_4w / 4 * played.rates[contract][0])
        unused = max(0, guaranteed - delivered[contract])
        area = int(county.contract_area[contract])
        if area == NOWHERE:
            elsewhere += unused
        else:
            found[area, AT["guarantee_unused_pence"]] += unused
            found[area, AT["cost_pence"]] += unused
    return elsewhere
