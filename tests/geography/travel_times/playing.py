"""A routing server of the council's own, played by a real one on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Reply = tuple[int, bytes]


@dataclass
class Asked:
    """What the server was sent, and what it answers."""

    paths: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answer: Callable[[str, bytes], Reply] | None = None
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def asked() -> Iterator[tuple[Asked, str]]:
    record = Asked(answer=lambda path, body: osrm_answer(path) if path.startswith("/table") else valhalla_answer(body))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply(b"")

        def do_POST(self) -> None:
            self._reply(self.rfile.read(int(self.headers["Content-Length"])))

        def _reply(self, body: bytes) -> None:
            record.paths.append(self.path)
            record.bodies.append(body)
            assert record.answer is not None
            status, content = record.answer(self.path, body)
            self.send_response(status)
            for name, value in record.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            with suppress(ConnectionError):  # whoever asked may have given up
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield record, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def seconds_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The played server's roads: 100 s for a hundredth of a degree north, 50 s for one east, and uphill costs."""
    north, east = other[0] - one[0], other[1] - one[1]
    return abs(north) * 10_000 + abs(east) * 5_000 + max(0.0, north) * 1_000


def osrm_answer(path: str) -> Reply:
    where, _, asked = path.partition("?")
    places = [tuple(map(float, place.split(",")))[::-1] for place in where.split("/driving/")[1].split(";")]
    query = dict(part.split("=") for part in asked.split("&"))
    origins, destinations = ([places[int(i)] for i in query[name].split(";")] for name in ("sources", "destinations"))
    table = [[seconds_between(one, other) for other in destinations] for one in origins]  # type: ignore[arg-type]
    told = {"durations": table, "distances": [[10 * cell for cell in row] for row in table]}
    snapped = {name: [waypoint(place) for place in each] for name, each in (("sources", origins), ("destinations", destinations))}
    return 200, json.dumps({"code": "Ok", **told, **snapped}).encode()


ROADS_NORTH_OF = 52.0
"""The played server's map; what lies further south is put on its southernmost road."""


def road_at(place: Any) -> tuple[float, float]:
    """The nearest road: some metres away."""
    north, east = place
    return max(north, ROADS_NORTH_OF) + 0.0001, east


def waypoint(place: Any) -> dict[str, Any]:
    north, east = road_at(place)
    return {"hint": "x", "name": "High Road", "location": [east, north], "distance": 11.1}


def valhalla_answer(body: bytes) -> Reply:
    sent = json.loads(body)
    origins, destinations = ([(place["lat"], place["lon"]) for place in sent[name]] for name in ("sources", "targets"))
    cells = [[{"time": seconds_between(one, other), "distance": seconds_between(one, other) / 100} for other in destinations]
             for one in origins]  # fmt: skip
    snapped = {name: [spot(place) for place in each] for name, each in (("sources", origins), ("targets", destinations))}
    return 200, json.dumps({"sources_to_targets": cells, "units": "kilometers", **snapped}).encode()


def spot(place: Any, north: str = "lat", east: str = "lon") -> dict[str, float]:
    return dict(zip((north, east), road_at(place), strict=True))


def locate_answer(body: bytes, north: str = "correlated_lat", east: str = "correlated_lon") -> Reply:
    """Two edges a place, the farther first; none where there is no road within a third of a degree."""
    told: list[dict[str, Any]] = []
    for place in json.loads(body)["locations"]:
        near = spot((place["lat"], place["lon"]), north, east)
        found = abs(near[north] - place["lat"]) < 1 / 3
        told.append(
            {"input_lat": place["lat"], "edges": [{**near, north: near[north] + 1}, near] if found else None, "nodes": None}
        )
    return 200, json.dumps(told).encode()
