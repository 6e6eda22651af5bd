"""Maps and GeoJSON of rounds: what they show, and above all what they do not."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from optimiser.domain.snapshot import Snapshot
from optimiser.geography.grid import square_name, to_degrees, to_grid
from optimiser.rounds.report.drawn_rounds import drawn_rounds, rounds_geojson
from optimiser.rounds.report.maps import rounds_page
from tests.making import Place, at, legacy, package, snapshot
from tests.making.simple_rounds import simple_plan, visit

PEOPLE = {"PK-ADA": at(120, 340), "PK-BOB": at(2_450, 610), "PK-CAT": at(2_460, 615), "PK-DEE": at(150, 4_900)}


def county() -> Snapshot:
    """Four people of one provider, Bob and Cat in one kilometre square; a visit each, a second for Dee on two days."""
    people = [package(name, place, contract_id="L1") for name, place in PEOPLE.items()]
    visits = [visit(f"VI-{name}", name, "07:00", "09:30") for name in PEOPLE]
    visits.append(visit("VI-DEE-2", "PK-DEE", "11:00", "12:00", days=("mon", "tue")))
    return snapshot(people, [legacy("P1", contract_id="L1")], visits=visits)


def test_a_round_is_drawn_on_its_fullest_day_in_squares() -> None:
    (drawn,) = drawn_rounds(simple_plan(county()), county(), exact=False)
    assert drawn.day == "mon"
    assert (drawn.people, drawn.visits) == (4, 4 * 7 + 2)
    assert drawn.contact_minutes == 30 * 30
    for stop in drawn.stops:
        assert stop.easting % 1000 == stop.northing % 1000 == 500
    # Bob and Cat, one after the other in one square, are one stop; so are Dee's two visits.
    assert [len(stop.visits) for stop in drawn.stops] == [1, 2, 2]


def test_squares_are_named_as_the_ordnance_survey_does() -> None:
    """Norwich castle stands in TG2308, the Tower of London in TQ3380, Ben Nevis in NN1671, St Mary's (Scilly) in SV9010."""
    assert square_name(623_200, 308_500) == "TG2308"
    assert square_name(533_600, 180_500) == "TQ3380"
    assert square_name(216_700, 771_300) == "NN1671"
    assert square_name(90_300, 10_600) == "SV9010"


def test_degrees_and_metres_undo_each_other() -> None:
    places = to_grid([52.6, 50.1], [1.3, -5.5])
    assert to_degrees(places).round(7).tolist() == [[52.6, 1.3], [50.1, -5.5]]


def test_geojson_of_squares_tells_no_place_id_or_time() -> None:
    text = rounds_geojson(simple_plan(county()), county(), exact=False).decode()
    record = json.loads(text)
    assert record["personal_data"] is False
    (feature,) = record["features"]
    assert feature["geometry"]["type"] == "LineString"
    for longitude, latitude in feature["geometry"]["coordinates"]:
        assert min(abs(latitude - place.latitude) + abs(longitude - place.longitude) for place in PEOPLE.values()) > 1e-4
    assert_nothing_personal(text)


def test_exact_geojson_says_that_it_is_personal_data() -> None:
    record = json.loads(rounds_geojson(simple_plan(county()), county(), exact=True))
    assert record["personal_data"] is True
    assert record["note"].startswith("PERSONAL DATA")
    (feature,) = record["features"]
    first = feature["geometry"]["coordinates"][0]
    assert [first[1], first[0]] == pytest.approx(PEOPLE["PK-ADA"], abs=2e-6)
    assert feature["properties"]["stops"][0] == [
        {"visit_id": "VI-PK-ADA", "worker": "P1-1-mon", "start": "07:00", "end": "07:30"}
    ]


def test_a_round_in_one_place_is_a_point() -> None:
    alone = snapshot(
        [package("A", contract_id="L1")], [legacy("P1", contract_id="L1")], visits=[visit("V", "A", "07:00", "09:00")]
    )
    (feature,) = json.loads(rounds_geojson(simple_plan(alone), alone, exact=False))["features"]
    assert feature["geometry"]["type"] == "Point"


@pytest.mark.parametrize("exact", [False, True])
def test_the_page_opens_offline_and_is_well_formed(exact: bool) -> None:
    page = rounds_page(simple_plan(county()), county(), [("Care <workers>", "7")], exact=exact).decode()
    assert not re.search(r"https?://|url\(|@import|<script|<link|<img", page)
    assert "Care &lt;workers&gt;" in page
    pictures = re.findall(r"<svg viewBox.*?</svg>", page, re.DOTALL)
    assert len(pictures) == 2  # the provider's overview and its round
    for picture in pictures:
        drawing = ElementTree.fromstring(picture)
        assert drawing.get("role") == "img"
        names = drawing.get("aria-labelledby", "").split()
        assert [part.get("id") for part in drawing if part.tag in ("title", "desc")] == names
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')


def test_the_page_of_squares_tells_no_place_id_or_time() -> None:
    page = rounds_page(simple_plan(county()), county(), [], exact=False).decode()
    assert_nothing_personal(page)
    assert "PERSONAL" not in page
    assert "Kilometre squares in order: TF9813, TG0114, TF9818." in page


def test_the_exact_page_says_that_it_is_personal_data_in_its_title_too() -> None:
    page = rounds_page(simple_plan(county()), county(), [], exact=True).decode()
    assert "<title>PERSONAL DATA: Rounds" in page
    assert 'class="private"' in page
    assert "VI-DEE-2" in page


def test_what_is_drawn_does_not_hang_on_the_order_of_rows() -> None:
    given = county()
    turned: Any = Snapshot(
        **{name: getattr(given, name) for name in given.__dataclass_fields__ if name != "visits"}, visits=given.visits[::-1]
    )
    plan = simple_plan(given)
    assert rounds_page(plan, turned, [], exact=False) == rounds_page(plan, given, [], exact=False)


def assert_nothing_personal(text: str) -> None:
    """No package, visit, worker or round by its id, and no time of day."""
    for word in ("PK-", "VI-", "P1-1"):
        assert word not in text
    assert not re.search(r"\b[0-2]\d:[0-5]\d\b", text)


def test_the_places_of_this_file_are_places() -> None:
    """A guard for the guards above: exact places would be seen if they were there."""
    assert isinstance(PEOPLE["PK-ADA"], Place)
    with pytest.raises(AssertionError):
        assert_nothing_personal(rounds_page(simple_plan(county()), county(), [], exact=True).decode())
