"""What is drawn of a week of rounds: each round's run on its fullest day, with exact places or kilometre squares; and the same
as GeoJSON (RFC 7946): a line per round, in degrees.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from optimiser.domain.rounds_plan import PlannedRound, PlannedVisit, RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS
from optimiser.geography.grid import Metres, square_name, to_degrees, to_grid
from optimiser.rounds.report.week_figures import clock

KILOMETRE = 1000


@dataclass(frozen=True)
class Stop:
    """A place of a run, in its order: eastings and northings in metres."""

    easting: float
    northing: float
    name: str
    """The kilometre square."""
    visits: tuple[PlannedVisit, ...]
    """What is done there; only exact drawings show it."""


@dataclass(frozen=True)
class DrawnRound:
    """A round as a map and a few figures of its week. ``number``: its place among the plan's rounds, from 1."""

    number: int
    round: PlannedRound
    provider: str
    day: str
    """The day that is drawn."""
    stops: tuple[Stop, ...]
    people: int
    visits: int
    contact_minutes: int
    travel_minutes: int
    waiting_minutes: int
    metres: int


def drawn_rounds(plan: RoundsPlan, snapshot: Snapshot, *, exact: bool) -> list[DrawnRound]:
    """Every round with a visit, in the plan's order. Unless ``exact`` a place is the middle of its kilometre square."""
    package_of = {visit.visit_id: visit.package_id for visit in snapshot.visits}
    places = _places(snapshot, exact=exact)
    names = {provider.provider_id: provider.name for provider in snapshot.providers}
    by_round: dict[str, list[PlannedVisit]] = {}
    for visit in plan.visits:
        by_round.setdefault(visit.round_id, []).append(visit)
    drawn = []
    for number, each in enumerate(plan.rounds, 1):
        visits = by_round.get(each.round_id)
        if not visits:
            continue
        day = _fullest_day(visits)
        run = sorted((visit for visit in visits if visit.day == day), key=lambda visit: visit.position)
        drawn.append(
            DrawnRound(
                number=number,
                round=each,
                provider=names[each.provider_id],
                day=day,
                stops=tuple(_stops(run, [places[package_of[visit.visit_id]] for visit in run])),
                people=len({package_of[visit.visit_id] for visit in visits}),
                visits=len(visits),
                contact_minutes=_minutes(visit.end - visit.start for visit in visits),
                travel_minutes=_minutes(visit.travel_seconds for visit in visits),
                waiting_minutes=_minutes(visit.start - visit.arrival for visit in visits),
                metres=sum(visit.metres for visit in visits),
            )
        )
    return drawn


def _places(snapshot: Snapshot, *, exact: bool) -> dict[str, tuple[float, float]]:
    """Eastings and northings of every person."""
    packages = snapshot.packages
    grid: Metres = to_grid([package.latitude for package in packages], [package.longitude for package in packages])
    if not exact:
        grid = grid // KILOMETRE * KILOMETRE + KILOMETRE / 2
    return {package.package_id: (float(east), float(north)) for package, (east, north) in zip(packages, grid, strict=True)}


def _fullest_day(visits: Sequence[PlannedVisit]) -> str:
    """The day with most visits; of equal ones the first of the week."""
    count = Counter(visit.day for visit in visits)
    return max(DAYS, key=lambda day: (count[day], -DAYS.index(day)))


def _stops(run: Sequence[PlannedVisit], places: Sequence[tuple[float, float]]) -> Iterator[Stop]:
    """Visits one after the other at one place are one stop."""
    for place, visits in groupby(zip(places, run, strict=True), key=lambda pair: pair[0]):
        yield Stop(place[0], place[1], square_name(*place), tuple(visit for _, visit in visits))


def _minutes(seconds: Iterator[int]) -> int:
    """Whole minutes, half up."""
    return (sum(seconds) + 30) // 60


DECIMALS = {True: 6, False: 4}
"""Of a degree: exact places to a decimetre; middles of squares to ten metres."""
PERSONAL = "PERSONAL DATA: exact places of people who receive care, with times. Keep and pass on as such."
COARSE = "Places are the middles of kilometre squares, without ids or times."


def rounds_geojson(plan: RoundsPlan, snapshot: Snapshot, *, exact: bool) -> bytes:
    """A Feature per round: its run on its fullest day. Exact ones carry ids and times, and say that they are personal data."""
    features = [_feature(each, exact=exact) for each in drawn_rounds(plan, snapshot, exact=exact)]
    record = {
        "type": "FeatureCollection",
        "personal_data": exact,
        "note": PERSONAL if exact else COARSE,
        "features": features,
    }
    return (json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _feature(drawn: DrawnRound, *, exact: bool) -> dict[str, Any]:
    grid = np.array([(stop.easting, stop.northing) for stop in drawn.stops])
    decimals = DECIMALS[exact]
    line = [[round(float(lon), decimals), round(float(lat), decimals)] for lat, lon in to_degrees(grid)]
    # A line has two points or more (RFC 7946, 3.1.4): a round in one place is a point.
    geometry = {"type": "LineString", "coordinates": line} if len(line) > 1 else {"type": "Point", "coordinates": line[0]}
    properties: dict[str, Any] = {
        "number": drawn.number,
        "provider": drawn.provider,
        "shift": drawn.round.shift,
        "days": list(drawn.round.days),
        "people": drawn.people,
        "visits_per_week": drawn.visits,
        "contact_minutes_per_week": drawn.contact_minutes,
        "travel_minutes_per_week": drawn.travel_minutes,
        "waiting_minutes_per_week": drawn.waiting_minutes,
        "metres_per_week": drawn.metres,
    }
    if exact:
        properties |= {
            "round_id": drawn.round.round_id,
            "day": drawn.day,
            "stops": [
                [
                    {"visit_id": visit.visit_id, "worker": visit.worker, "start": clock(visit.start), "end": clock(visit.end)}
                    for visit in stop.visits
                ]
                for stop in drawn.stops
            ],
        }
    return {"type": "Feature", "properties": properties, "geometry": geometry}
