"""A server whose map is another region's, and one that knows no way between two places of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from optimiser.geography.travel_times.dialects import Dialect, Osrm, Valhalla
from optimiser.geography.travel_times.interface import TravelError, degrees
from optimiser.geography.travel_times.server import ServerTravel
from optimiser.geography.travel_times.wire import Wire
from tests.geography.travel_times.playing import Asked, Reply, locate_answer, osrm_answer, valhalla_answer

COUNTY = degrees([52.60, 52.65, 52.70, 52.75], [1.30, 1.31, 1.32, 1.33])
BESIDE = degrees([51.97, 51.97], [1.34, 1.30])
"""Three kilometres south of the southernmost road."""
ELSEWHERE = degrees([51.90, 51.80, 51.50], [1.34, 1.35, 1.30])
"""Eleven kilometres south of it and more."""
Play = tuple[Asked, str]


def travel(address: str, dialect: Dialect, batch: int = 3) -> ServerTravel:
    return ServerTravel(Wire(address, pause_seconds=0.0), dialect, batch=batch)


def old_valhalla(body: bytes, name: Callable[[list[Any]], Any] = lambda places: places) -> Reply:
    """Says again what it was asked, in a list or in a list of lists."""
    told = json.loads(valhalla_answer(body)[1])
    told |= {each: name(json.loads(body)[each]) for each in ("sources", "targets")}
    return 200, json.dumps(told).encode()


def answering(path: str, body: bytes) -> Reply:
    if path.startswith("/table"):
        return osrm_answer(path)
    return locate_answer(body) if path == "/locate" else valhalla_answer(body)


def old(path: str, body: bytes) -> Reply:
    return locate_answer(body) if path == "/locate" else old_valhalla(body)


def oldest(path: str, body: bytes) -> Reply:
    return locate_answer(body) if path == "/locate" else old_valhalla(body, lambda places: [places])


def without(path: str, body: bytes) -> Reply:
    """Says nothing of where the places lie."""
    if path == "/locate":
        return locate_answer(body)
    return 200, json.dumps({"sources_to_targets": json.loads(valhalla_answer(body)[1])["sources_to_targets"]}).encode()


REFUSAL = json.dumps({"error_code": 171, "error": "No suitable edges near location", "status_code": 400}).encode()


def refusing(path: str, body: bytes) -> Reply:
    """As Valhalla does a table with a place that has no road within 35 km."""
    asked = json.loads(body)
    if any(place["lat"] < 51.67 for name in ("sources", "targets") for place in asked.get(name, [])):
        return 400, REFUSAL
    return answering(path, body)


KINDS = [(Osrm, answering), (Valhalla, answering), (Valhalla, old), (Valhalla, oldest), (Valhalla, without)]


@pytest.mark.parametrize(("dialect", "answer"), [*KINDS, (Valhalla, refusing)])
def test_a_map_of_another_region_is_refused_as_a_road_graph_is(asked: Play, dialect: type[Dialect], answer: Any) -> None:
    asked[0].answer = answer
    with pytest.raises(TravelError) as refused:
        travel(asked[1], dialect()).between(np.vstack((COUNTY, ELSEWHERE)), COUNTY[:2])
    assert "3 of 7 places are more than 5 km from any road of the server 127.0.0.1:" in str(refused.value)
    assert "take a map of all roads of the county and what lies around it, or correct the places." in str(refused.value)
    for place in ("51.9", "51.8", "1.34"):
        assert place not in str(refused.value)


@pytest.mark.parametrize(("dialect", "answer"), KINDS)
def test_places_near_a_road_are_told_of_and_where_they_lie_is_asked_once(
    asked: Play, dialect: type[Dialect], answer: Any
) -> None:
    asked[0].answer = answer
    source = travel(asked[1], dialect())
    everywhere = np.vstack((COUNTY, BESIDE))
    assert source.matrix(everywhere).seconds[0, 1] > 240
    located = [
        len(json.loads(body)["locations"])
        for path, body in zip(asked[0].paths, asked[0].bodies, strict=True)
        if path == "/locate"
    ]
    assert sum(located) in (0, 6)
    assert (not located) == (answer is answering)


def test_another_region_is_refused_before_every_way_is_asked_for(asked: Play) -> None:
    """Of nine blocks only the five in which a place is named for the first time."""
    far = degrees([51.5 - number / 100 for number in range(9)], [1.3] * 9)
    with pytest.raises(TravelError, match="9 of 9 places"):
        travel(asked[1], Osrm()).matrix(far)
    assert len(asked[0].paths) == 5


def test_a_place_that_was_refused_is_refused_again(asked: Play) -> None:
    source = travel(asked[1], Osrm())
    for _ in range(2):
        with pytest.raises(TravelError, match="1 of 2 places"):
            source.between(ELSEWHERE[:1], COUNTY[:1])


def test_a_refusal_that_the_places_do_not_explain_stands(asked: Play) -> None:
    asked[0].answer = lambda path, body: locate_answer(body) if path == "/locate" else (400, REFUSAL)
    with pytest.raises(TravelError, match=r"it answered 400 \(171\)"):
        travel(asked[1], Valhalla()).between(COUNTY[:1], COUNTY[1:2])


def test_valhalla_that_may_not_locate_is_told(asked: Play) -> None:
    asked[0].answer = lambda path, body: (404, b"{}") if path == "/locate" else old(path, body)
    with pytest.raises(TravelError, match="it answered 404"):
        travel(asked[1], Valhalla()).matrix(COUNTY)
    asked[0].answer = lambda path, body: (200, b"[]") if path == "/locate" else old(path, body)
    with pytest.raises(TravelError, match="does not say where on its roads the places lie"):
        travel(asked[1], Valhalla()).matrix(COUNTY)


def losing(*pairs: tuple[float, float]) -> Callable[[str, bytes], Reply]:
    """A server that knows no way from the first latitude to the second."""

    def answer(path: str, body: bytes) -> Reply:
        status, content = answering(path, body)
        if path == "/locate":
            return status, content
        told = json.loads(content)
        ends = told["destinations"] if "destinations" in told else told["targets"]
        for row, one in enumerate(told["sources"]):
            for column, other in enumerate(ends):
                if (_north(one), _north(other)) in pairs:
                    if "durations" in told:
                        told["durations"][row][column] = told["distances"][row][column] = None
                    else:
                        told["sources_to_targets"][row][column] = {"time": None, "distance": None}
        return status, json.dumps(told).encode()

    return answer


def _north(told: Any) -> float:
    return round(float(told["location"][1] if "location" in told else told["lat"]) - 0.0001, 4)


@pytest.mark.parametrize("dialect", [Osrm(), Valhalla()])
def test_a_pair_without_a_way_is_named_by_its_kilometre_squares(asked: Play, dialect: Dialect) -> None:
    """Both ends are on the map, so it is not said to be wrong; all such pairs are told at once, whatever order they came in."""
    asked[0].answer = losing((52.6, 52.75), (52.7, 52.6))
    source = travel(asked[1], dialect, batch=2)
    for _ in range(2):
        with pytest.raises(TravelError) as lost:
            source.matrix(COUNTY)
        assert "knows no way for 2 of 12 ways, though both ends are near its roads:" in str(lost.value)
        assert "from TG2305 to TG2422; from TG2416 to TG2305." in str(lost.value)
        assert "52.6" not in str(lost.value)
    assert source.between(COUNTY[:1], COUNTY[1:2]).seconds[0, 0] > 240


def test_valhalla_that_knows_no_way_at_all_names_the_pair(asked: Play) -> None:
    refusal = b'{"error_code": 442, "error": "No path could be found for input"}'
    asked[0].answer = lambda path, body: locate_answer(body) if path == "/locate" else (400, refusal)
    with pytest.raises(TravelError, match=r"no way for 1 of 1 ways.*: from TG2305 to TG2310\."):
        travel(asked[1], Valhalla()).between(COUNTY[:1], COUNTY[1:2])


def test_many_pairs_without_a_way_are_counted(asked: Play) -> None:
    norths = [round(52.6 + number / 50, 2) for number in range(5)]
    asked[0].answer = losing(*((one, other) for one in norths for other in norths))
    with pytest.raises(TravelError, match=r"20 of 20 ways.*; and between 15 more pairs of squares\."):
        travel(asked[1], Osrm(), batch=9).matrix(degrees(norths, [1.3] * 5))
