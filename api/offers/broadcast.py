"""What a message to providers may hold before anybody has accepted: enough to say yes or no.

No place: the district is that of the nearest postcode in use (``NR1``), which an index of postcodes knows. Without one it is the
area's name with the quarter of it (north-east, ...) in which the person lives, and that only where at least ``FEWEST`` packages
share the quarter: parts of divided care are of one person. After acceptance the place is told to the provider who accepted.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from api.state.state import State
from optimiser.domain.records import Package, Visit
from optimiser.domain.visit_windows import is_over_midnight
from optimiser.geography.postcodes.postcode_places import district_at

if TYPE_CHECKING:
    from optimiser.geography.postcodes.index import PostcodeIndex

FEWEST = 5
NIGHT = (dt.time(23), dt.time(5))
PARTS = ((dt.time(11), "morning"), (dt.time(14), "midday"), (dt.time(17), "afternoon"), (dt.time.max, "evening"))
"""Parts of the day, each with the time at which it ends (our reading). A visit that may begin over midnight is of the night,
and so is one that may first begin from 23:00 to before 05:00."""
NAMES = (*(name for _, name in PARTS), "night")


def broadcast(state: State, offer_id: str, postcodes: PostcodeIndex | None = None) -> dict[str, Any]:
    """The minimum for a known offer; the place as well once that offer is accepted."""
    offer = state.stock["offers"][offer_id].record
    package = state.county.package_index[offer.package_id]
    person = state.county.packages[package]
    told: dict[str, Any] = {
        "offer_id": offer_id,
        "contract_id": offer.contract_id,
        "district": _postcode_district(postcodes, person) or _district(state, package),
        "needs": list(person.skills_needed),
        "worker_gender": person.worker_gender or None,
        "worker_languages": list(person.worker_languages),
        "parts_of_day": parts_of_day(state, person.package_id),
        "hours_per_week": person.minutes_per_week / 60,
        "visits_per_week": person.visits_per_week,
        "age_days": state.days_since_request(person),
        "priority": person.priority,
        "start_by": None if person.start_by is None else person.start_by.isoformat(),
        "visits": [
            {
                "number": number,
                "part_of_day": _part_of_day(visit),
                "minutes": visit.duration_minutes,
                "times_a_week": len(visit.days),
                "workers": visit.workers,
            }
            for number, visit in enumerate(numbered(state, person.package_id), 1)
        ],
        "place": None,
    }
    if offer.response == "accepted":
        told["place"] = {"latitude": person.latitude, "longitude": person.longitude}
    return told


def numbered(state: State, package_id: str) -> list[Visit]:
    """The visits of a package in the order of their numbers, which say nothing of whose they are."""
    visits = state.visits_of.get(package_id, ())
    return sorted(visits, key=lambda each: (NAMES.index(_part_of_day(each)), each.duration_minutes, each.workers, each.visit_id))


def _postcode_district(postcodes: PostcodeIndex | None, person: Package) -> str | None:
    """None without an index, and where no postcode of it is near."""
    return None if postcodes is None else district_at(postcodes, person.latitude, person.longitude)


def _district(state: State, package: int) -> str:
    """The area's name, with the quarter around the middle of its packages where enough people share it."""
    county = state.county
    area = county.package_area[package]
    name = county.snapshot.areas[int(area)].name
    mine = county.place[package]
    here = np.flatnonzero(county.package_area == area).tolist()
    others = county.place[[each for each in here if not county.packages[each].part_of or each == package]]
    middle = np.median(others, axis=0)
    east, north = bool(mine[0] >= middle[0]), bool(mine[1] >= middle[1])
    share = np.count_nonzero(((others[:, 0] >= middle[0]) == east) & ((others[:, 1] >= middle[1]) == north))
    if share < FEWEST:
        return name
    return f"{name}, {'north' if north else 'south'}-{'east' if east else 'west'}"


def parts_of_day(state: State, package_id: str) -> list[str]:
    """The parts of the day in which a package's visits begin, in the order of the day; none where no visits are known."""
    found = {_part_of_day(visit) for visit in state.visits_of.get(package_id, ())}
    return [name for name in NAMES if name in found]


def _part_of_day(visit: Visit) -> str:
    begins, ends = NIGHT
    if is_over_midnight(visit) or visit.earliest_start >= begins or visit.earliest_start < ends:
        return "night"
    return next(name for closes, name in PARTS if visit.earliest_start < closes)
