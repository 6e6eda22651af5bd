"""Rounds as GeoJSON (RFC 7946): a line per round, in degrees."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.grid import to_degrees
from optimiser.rounds.report.drawn_rounds import DrawnRound, drawn_rounds
from optimiser.rounds.report.times import clock

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
