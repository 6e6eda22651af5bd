"""Which source of travel times a command uses: the straight line, unless another is named."""

from __future__ import annotations

from pathlib import Path

from optimiser.geography.travel_times.interface import Travel, TravelError
from optimiser.geography.travel_times.straight_line import DRIVING

FORMS = "straight-line, graph:FILE.graphml, osrm:ADDRESS or valhalla:ADDRESS (a server of the council's own)"


def travel_from(text: str) -> Travel:
    """The source that a user named. Raises ``TravelError``."""
    kind, _, rest = text.partition(":")
    if text == "straight-line":
        return DRIVING
    if kind == "graph" and rest:
        from optimiser.geography.travel_times.road_graph import RoadGraph

        return RoadGraph(Path(rest))
    if kind in ("osrm", "valhalla") and rest:
        from optimiser.geography.travel_times.dialects import Osrm, Valhalla
        from optimiser.geography.travel_times.server import ServerTravel
        from optimiser.geography.travel_times.wire import Wire

        return ServerTravel(Wire(rest), Osrm() if kind == "osrm" else Valhalla())
    raise TravelError(f"--travel: expected {FORMS}.")
