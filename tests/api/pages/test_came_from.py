"""A person opened from the list: who stands before and after, and offices of those that can be asked on a map; worked by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from sqlalchemy import select
from starlette.requests import Request

from api.pages.area_outlines import Outlined
from api.pages.people.came_from import came_from
from api.pages.people.where import where_of
from api.storage.database import reading
from api.storage.table_schema import audit
from tests.api.conftest import Served
from tests.api.pages.outlining import areas
from tests.api.pages.reading import Browser

HOST = "brokerage.example"


def request(method: str, query: str = "", referer: str | None = None) -> Request:
    headers = [(b"host", HOST.encode())] + ([(b"referer", referer.encode())] if referer is not None else [])
    scope = {"type": "http", "method": method, "path": "/people/N4", "query_string": query.encode(), "headers": headers}
    return Request(scope | {"server": (HOST, 443), "scheme": "https"})


def test_the_list_is_kept_through_a_person_and_what_is_done_for_them(villages: Served, planner: Browser) -> None:
    """The villages' list in its order: N1, N2, N6, N3, N4, N5, N7, all of area A1; only N2 waits in hospital as a discharge."""
    first = next(each["href"] for each in planner.read("/waiting?area=A1").all("a") if each["href"].startswith("/people/"))
    assert first == "/people/N1?list=waiting&area=A1"
    page = planner.read(first)
    assert [each["href"] for each in page.all("a") if "rel" in each] == ["/people/N2?list=waiting&area=A1"], "nobody is before N1"
    assert "1 of 7" in page.said("p") and any(each["href"] == "/waiting?area=A1" for each in page.all("a"))
    beside = planner.read("/people/N3?list=waiting&area=A1")
    hrefs = [each["href"] for each in beside.all("a") if "rel" in each]
    assert hrefs == ["/people/N6?list=waiting&area=A1", "/people/N4?list=waiting&area=A1"]
    alone = planner.read("/people/N3?list=waiting&priority=discharge")
    assert "No longer on this list of 1" in alone.said("p"), "where N3 would stand there: after N2"
    assert [each["href"] for each in alone.all("a") if "rel" in each] == ["/people/N2?list=waiting&priority=discharge"]
    assert [each for each in planner.read("/people/N3").all("a") if "rel" in each] == [], "opened from no list"
    stood_on = str(planner.client.base_url.join("/people/N3?list=waiting&area=A1"))
    done = planner.post("/people/N3/working", {"instead": ""}, referer=stood_on, **{"sec-fetch-site": "same-origin"})
    assert (done.status_code, done.headers["location"]) == (303, "/people/N3?done=working&list=waiting&area=A1")
    assert planner.post("/people/N3/not-working", {"instead": ""}).headers["location"] == "/people/N3?done=not-working"
    with reading(villages.service.store.engine) as connection:
        told = connection.execute(select(audit).where(audit.c.action == "worklist.read").order_by(audit.c.seq)).all()
    assert [each.details.partition('"package_ids":')[2] for each in told[-1:]] == ['["N2"]}'], "whoever was named is written down"


def test_what_is_none_of_the_choices_narrows_nothing(planner: Browser) -> None:
    """An area's name with a control character in it is none that a list may be narrowed to."""
    assert "1 of 7" in planner.read("/people/N1?list=waiting&area=%01&priority=soon&where=there").said("p")
    assert planner.read("/waiting?area=%01&priority=soon&where=there").rows == planner.read("/waiting").rows
    assert planner.get("/waiting.csv?area=%01").text == planner.get("/waiting.csv").text


@pytest.mark.parametrize(
    "referer",
    [None, "", "http://[", f"https://{HOST}/waiting?list=waiting", "https://elsewhere.example/people/N4?list=waiting&area=A1"],
)
def test_a_form_that_was_sent_from_elsewhere_knows_no_list(referer: str | None) -> None:
    came = came_from(request("POST", "list=waiting&area=A2", referer))
    assert not came.is_list and came.query == "" and came.back == "/waiting"


def test_the_address_carries_what_the_list_was_narrowed_by_and_nothing_else() -> None:
    came = came_from(request("GET", "list=waiting&area=A+1&where=pending&done=asked&who=somebody"))
    assert came.query == "list=waiting&area=A+1&where=pending" and came.back == "/waiting?area=A+1&where=pending"
    sent = came_from(request("POST", "", f"https://{HOST}/people/N4?list=waiting&priority=urgent"))
    assert sent.query == "list=waiting&priority=urgent"


def square(west: float, south: float, side: float) -> dict[str, Any]:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def outlines(*squares: tuple[str, float]) -> tuple[Outlined, ...]:
    """Areas 0.2 degrees wide (13.5 km), by their western edge."""
    told = [({"area_id": name, "name": name.lower(), "inside": None}, square(west, 52.6, 0.2)) for name, west in squares]
    return areas(*({"properties": properties, "geometry": geometry} for properties, geometry in told))


def place(rank: int, provider: str, miles: float) -> dict[str, Any]:
    return {"place": rank, "provider_id": provider, "provider": f"Provider {provider}", "office_miles": miles}


def office(office_id: str, provider: str, longitude: float) -> dict[str, Any]:
    return {"office_id": office_id, "provider_id": provider, "latitude": 52.7, "longitude": longitude}


def test_each_rank_stands_at_the_nearest_office_and_whoever_is_far_is_named_beside_the_map() -> None:
    """At 52.7 degrees north 0.1 of longitude are 4.2 miles: P has an office at 8.4 and one at 4.2 miles, Q one at 42."""
    told = {"places": [place(1, "Q", 42.0), place(2, "P", 4.2)]}
    package = {"latitude": 52.7, "longitude": 0.9, "area_id": "A"}
    offices = [office("O1", "P", 1.1), office("O2", "P", 0.8), office("O3", "Q", 1.9)]
    where = where_of(told, package, outlines(("A", 0.75), ("B", 0.95), ("FAR", 3.0)), offices)
    assert where.rows == [["1", "Provider Q", "42.0 miles"], ["2", "Provider P", "4.2 miles"]] and where.further == "1"
    assert where.map is not None
    (home,), (label,) = where.map.signs, where.map.labels
    assert (label.text, label.words) == ("2", "Provider P")
    assert label.x < home.x, "the office to the west, not the one to the east that is twice as far"
    assert 4.1 < math.dist((home.x, home.y), (label.x, label.y)) / where.map.paper.miles(1) < 4.3
    assert [(each.words, each.kind) for each in where.map.shapes] == [("a", "here"), ("b", "around")], "what is far is not drawn"


def test_of_many_who_can_be_asked_the_first_twelve_are_told() -> None:
    told = {"places": [place(rank, f"P{rank}", 4.2) for rank in range(1, 15)]}
    package = {"latitude": 52.7, "longitude": 0.9, "area_id": "A"}
    where = where_of(told, package, outlines(("A", 0.75)), [office(f"O{rank}", f"P{rank}", 1.0) for rank in range(1, 15)])
    assert [row[0] for row in where.rows] == [str(rank) for rank in range(1, 13)]
    assert where.map is not None and len(where.map.labels) == 12


def test_without_a_place_or_an_outline_the_table_alone_is_there() -> None:
    told = {"places": [place(1, "P", 4.2)]}
    nowhere = {"latitude": None, "longitude": None, "area_id": None}
    assert where_of(told, nowhere, outlines(("A", 0.8)), []).map is None
    here = {"latitude": 52.7, "longitude": 0.9, "area_id": "A"}
    without = where_of(told, here, outlines(), [office("O1", "P", 1.0)])
    assert without.map is None and without.rows == [["1", "Provider P", "4.2 miles"]]
    assert where_of(told, here, outlines(("A", 0.8)), []).further == "1", "an office that is not known is on no map"
