"""The council's own routing server, played by a real one on this machine."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from optimiser.geography.travel_times.choosing import travel_from
from optimiser.geography.travel_times.dialects import Osrm, Valhalla
from optimiser.geography.travel_times.interface import Degrees, TravelError, degrees
from optimiser.geography.travel_times.server import ServerTravel
from optimiser.geography.travel_times.wire import Wire
from tests.geography.travel_times.playing import Asked, Reply, osrm_answer, seconds_between


def travel(address: str, dialect: Any = None, **options: Any) -> ServerTravel:
    return ServerTravel(Wire(address, pause_seconds=0.0, **options), dialect or Osrm(), batch=3)


POINTS = degrees([52.60, 52.61, 52.62, 52.63, 52.64, 52.65, 52.66], [1.30, 1.30, 1.31, 1.32, 1.30, 1.35, 1.36])


@pytest.mark.parametrize("dialect", [Osrm(), Valhalla()])
def test_times_are_the_servers_with_minutes_to_park(asked: tuple[Asked, str], dialect: Any) -> None:
    told = travel(asked[1], dialect).matrix(POINTS)
    for row, one in enumerate(POINTS):
        for column, other in enumerate(POINTS):
            away = seconds_between(tuple(one), tuple(other))
            assert told.seconds[row, column] == (0 if row == column else round(away) + 240)
            assert told.metres[row, column] == round(10 * away)
    assert told.provenance.startswith(dialect.name + " server 127.0.0.1:")
    assert told.provenance.endswith("driving, 4 minutes to park")


def test_batches_are_shuffled_and_hold_places_alone(asked: tuple[Asked, str]) -> None:
    """Four blocks of three by three; among 40 places the order of asking is not the order given."""
    travel(asked[1]).matrix(POINTS[:6])
    assert len(asked[0].paths) == 4
    many = degrees([52.6 + number / 1000 for number in range(40)], [1.3] * 40)
    asked[0].paths.clear()
    ServerTravel(Wire(asked[1]), Osrm()).matrix(many)
    (path,) = asked[0].paths
    sent = [float(place.split(",")[1]) for place in path.split("/driving/")[1].split("?")[0].split(";")[:40]]
    assert sorted(sent) == many[:, 0].round(5).tolist() != sent


def test_nothing_is_asked_twice(asked: tuple[Asked, str]) -> None:
    source = travel(asked[1])
    source.matrix(POINTS[:3])
    before = len(asked[0].paths)
    again = source.between(POINTS[1:3] + 1e-7, POINTS[:2])  # a centimetre is the same place
    assert len(asked[0].paths) == before
    assert again.seconds[0, 1] == 0
    source.between(POINTS[:1], POINTS[3:4])
    assert len(asked[0].paths) == before + 1


def test_the_cache_grows_with_the_places(asked: tuple[Asked, str]) -> None:
    source = ServerTravel(Wire(asked[1]), Valhalla())
    first = source.matrix(POINTS).seconds
    many = degrees([52.6 + number / 2000 for number in range(90)], [1.4] * 90)
    source.matrix(many)
    calls = len(asked[0].paths)
    assert (source.matrix(POINTS).seconds == first).all()
    assert len(asked[0].paths) == calls


def test_a_server_that_stumbles_is_asked_again(asked: tuple[Asked, str]) -> None:
    replies = iter([(503, b""), (429, b"{}")])
    asked[0].answer = lambda path, _body: next(replies, None) or osrm_answer(path)
    waits: list[float] = []
    source = ServerTravel(Wire(asked[1], sleep=waits.append), Osrm())
    assert source.between(POINTS[:1], POINTS[1:2]).seconds[0, 0] == 350
    assert waits == [0.5, 1.0]


@pytest.mark.parametrize(
    ("reply", "said", "times"),
    [
        ((500, b""), "it answered 500", 3),
        ((400, b'{"code": "TooBig", "message": "52.6,1.3"}'), r"it answered 400 \(TooBig\)", 1),
        ((400, b'{"code": "52.60000,1.30000"}'), "it answered 400\\.", 1),
        ((404, b"<html>"), "it answered 404", 1),
        ((200, b"<html>"), "not a JSON object", 1),
        ((200, b"[1]"), "not a JSON object", 1),
        ((200, b"[" * 100_000), "not a JSON object", 1),
        ((200, b"{}"), "not a table of the size asked for", 1),
        ((200, b'{"durations": [[1]], "distances": [[-1]]}'), "not a table of the size asked for", 1),
        ((200, b'{"durations": [[NaN]], "distances": [[1]]}'), "not a table of the size asked for", 1),
        ((200, b'{"durations": [["x"]], "distances": [[1]]}'), "what is not a number", 1),
        ((200, b'{"durations": [7], "distances": [[1]]}'), "what is not a number", 1),
        ((200, b'{"durations": [[1]], "distances": [[1]]}'), "does not say where on its roads the places lie", 1),
        ((200, b'{"durations": [[1]], "distances": [[1]], "sources": [{}, {}]}'), "does not say where on its roads", 1),
        ((200, b'{"durations": [[1, 2], [3]], "distances": [[1]]}'), "what is not a number", 1),
    ],
)
def test_no_answer_is_told_and_nothing_put_in_its_place(asked: tuple[Asked, str], reply: Reply, said: str, times: int) -> None:
    asked[0].answer = lambda _path, _body: reply
    with pytest.raises(TravelError, match=said) as failed:
        travel(asked[1]).between(POINTS[:1], POINTS[1:2])
    assert len(asked[0].paths) == times
    assert "127.0.0.1" in str(failed.value)
    assert "52.6" not in str(failed.value)


def test_valhalla_of_another_form_is_told(asked: tuple[Asked, str]) -> None:
    asked[0].answer = lambda _path, _body: (200, b'{"sources_to_targets": [[{"minutes": 3}]]}')
    with pytest.raises(TravelError, match="not in the form of Valhalla's matrix"):
        travel(asked[1], Valhalla()).between(POINTS[:1], POINTS[1:2])


def test_a_redirect_is_not_followed(asked: tuple[Asked, str]) -> None:
    asked[0].answer = lambda _path, _body: (302, b"")
    asked[0].headers["Location"] = asked[1] + "/elsewhere"
    with pytest.raises(TravelError, match="it answered 302"):
        travel(asked[1]).between(POINTS[:1], POINTS[1:2])
    assert len(asked[0].paths) == 1


def test_no_proxy_is_used(asked: tuple[Asked, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    assert travel(asked[1]).between(POINTS[:1], POINTS[1:2]).seconds[0, 0] == 350


def test_a_slow_server_is_given_up(asked: tuple[Asked, str]) -> None:
    release = threading.Event()
    asked[0].answer = lambda path, _body: (release.wait(5), osrm_answer(path))[1]
    with pytest.raises(TravelError, match="it did not answer in time"):
        travel(asked[1], timeout_seconds=0.05, tries=1).between(POINTS[:1], POINTS[1:2])
    release.set()


def test_no_server_is_said_in_words() -> None:
    with pytest.raises(TravelError, match=r"127\.0\.0\.1:9: Connection refused\. Nothing was estimated in their place"):
        travel("http://127.0.0.1:9").between(POINTS[:1], POINTS[1:2])


@pytest.mark.parametrize(
    "address", ["routing:5000", "ftp://x", "http://", "http://a:b@host", "http://h?x=1", "http://h:99999", "http://[x"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(TravelError, match="address is not one"):
        Wire(address)


@pytest.mark.parametrize("host", ["router.project-osrm.org", "valhalla1.openstreetmap.de", "api.mapbox.com"])
def test_public_servers_are_refused(host: str) -> None:
    with pytest.raises(TravelError, match="people's homes would leave the council"):
        travel_from(f"osrm:https://{host}")


def test_the_source_that_a_user_names() -> None:
    assert travel_from("straight-line").provenance.startswith("straight line")
    assert travel_from("osrm:http://routing.council.example:5000/").provenance.startswith(
        "OSRM server routing.council.example:5000"
    )
    assert travel_from("valhalla:https://routes.example").provenance.startswith("Valhalla server routes.example")
    for text in ("", "osrm", "graph:", "google"):
        with pytest.raises(TravelError, match="expected straight-line, graph:FILE"):
            travel_from(text)


def test_no_places_ask_nothing() -> None:
    nowhere: Degrees = np.empty((0, 2))
    assert travel("http://127.0.0.1:9").matrix(nowhere).seconds.shape == (0, 0)
