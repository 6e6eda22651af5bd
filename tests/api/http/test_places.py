"""A postcode wherever a place goes over HTTP: its place is kept, and the postcode is nowhere."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.http.errors import Problem
from api.http.places import placed
from api.overview.schemas import BandPlace
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import Served, loaded, serving
from tests.api.http.test_observing import logged, logged_so_often
from tests.api.talking import code
from tests.api.villages_postcodes import ENDED, ESTIMATED, FAR_OSIER, LARKMERE, MIDDLE_SEDGE, PLACES, written_index

__all__ = ["logged"]

CARE = {"hours_per_week": 5.25, "visits_per_week": 7, "workers": 1, "priority": "standard"}
WHY = {"reason": "their letter of today"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, small: Snapshot) -> Iterator[Served]:
    """The three villages with an index of postcodes; what is shown here does not hang on the kind of database."""
    folder = tmp_path_factory.mktemp("postcodes")
    postcodes = str(written_index(folder))
    with serving(loaded(folder, small, run_workers=0, tick_seconds=0, postcodes=postcodes)) as running:
        yield running


@pytest.fixture(scope="module")
def admin(served: Served) -> Iterator[httpx.Client]:
    with served.client("admin") as client:
        yield client


def near(found: dict[str, Any], postcode: str) -> bool:
    """Within a hundred-thousandth of a degree, a metre or so."""
    latitude, longitude = PLACES[postcode]
    return bool(abs(found["latitude"] - latitude) < 1e-5 and abs(found["longitude"] - longitude) < 1e-5)


def test_a_request_for_care_by_postcode_is_one_for_its_place(admin: httpx.Client) -> None:
    made = admin.post("/v1/packages", json={"package_id": "N90", "postcode": "nr21 9aa", **CARE})
    assert made.status_code == 201, made.text
    assert near(made.json(), LARKMERE)
    assert made.json()["area_id"] == "A1", "its area is that of the place"
    assert "postcode" not in made.json()


def test_a_place_that_is_an_estimate_is_noted(admin: httpx.Client) -> None:
    note = "Its place is that of a postcode: its position is estimated from its neighbours."
    made = admin.post("/v1/packages", json={"package_id": "N95", "postcode": ESTIMATED, **CARE})
    assert (made.status_code, made.json()["notes"]) == (201, [note])
    tag = admin.get("/v1/offices/O2").headers["ETag"]
    moved = admin.patch("/v1/offices/O2", json={"postcode": ESTIMATED, **WHY}, headers={"If-Match": tag})
    assert (moved.status_code, moved.json()["notes"]) == (200, [note])


def test_call_offs_and_hospital_notices_take_them_too(admin: httpx.Client) -> None:
    packages = [{"package_id": f"N9{number}", "postcode": FAR_OSIER, **CARE} for number in (1, 2)]
    made = admin.post("/v1/call-offs", json={"kind": "bundle", "packages": packages})
    assert made.status_code == 201, made.text
    assert all(near(admin.get(f"/v1/packages/{each['package_id']}").json(), FAR_OSIER) for each in packages)
    notice = {
        "notice_id": "A",
        "case_ref": "CASE-1",
        "kind": "assessment",
        "sent_at": "2026-11-23T09:10:00",
        "needs": {"postcode": MIDDLE_SEDGE, "hours_per_week": 7, "visits_per_week": 7, "workers": 1},
    }
    for _ in range(2):  # sent again it says the same
        heard = admin.post("/v1/hospital-notices", json=notice)
        assert heard.status_code == 200, heard.text
    assert near(admin.get(f"/v1/packages/{heard.json()['package_id']}").json(), MIDDLE_SEDGE)


def test_offices_surgeries_and_a_provider_with_its_offices(admin: httpx.Client) -> None:
    office = admin.post("/v1/offices", json={"office_id": "O90", "provider_id": "ALDER", "postcode": LARKMERE, **WHY})
    assert office.status_code == 201, office.text
    assert near(office.json(), LARKMERE)
    moved = admin.patch("/v1/offices/O90", json={"postcode": FAR_OSIER, **WHY}, headers={"If-Match": office.headers["ETag"]})
    assert moved.status_code == 200, moved.text
    assert near(moved.json(), FAR_OSIER)
    surgery = {"surgery_id": "S90", "name": "Sedge Surgery", "area_id": None, "band_centre": False, "postcode": MIDDLE_SEDGE}
    made = admin.post("/v1/surgeries", json=surgery | WHY)
    assert made.status_code == 201, made.text
    assert (near(made.json(), MIDDLE_SEDGE), made.json()["area_id"]) == (True, "A1")
    provider: dict[str, Any] = {
        "provider_id": "FERN",
        "name": "Fern Care",
        "offices": [{"office_id": "O91", "postcode": LARKMERE}],
    }
    provider |= dict.fromkeys(("pamms_rating", "pamms_published", "max_hours_4w", "max_distance_miles"))
    made = admin.post("/v1/providers", json=provider | WHY)
    assert made.status_code == 201, made.text
    assert near(made.json()["offices"][0], LARKMERE)


def test_a_change_of_something_else_needs_no_place(admin: httpx.Client) -> None:
    tag = admin.get("/v1/surgeries/S1").headers["ETag"]
    changed = admin.patch("/v1/surgeries/S1", json={"name": "Larkmere Practice", **WHY}, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert near(changed.json(), LARKMERE)


@pytest.mark.parametrize(
    ("postcode", "said"),
    [
        (ENDED, f"{ENDED} is out of use since March 2020. The nearest in use is {LARKMERE}, 0 metres and 1 letter away."),
        ("NR21 9AZ", f"NR21 9AZ is no postcode that is known here. The nearest is {LARKMERE}, 1 letter away."),
        (
            "NR21 9",
            f"NR21 9 is only a part of a postcode. 1 in use begin so. The first is {LARKMERE}, 2 letters more.",
        ),
        ("EH1 1YZ", "EH1 1YZ is a postcode of Scotland. Only England is known here."),
    ],
)
def test_what_is_no_place_is_refused_with_the_nearest(admin: httpx.Client, postcode: str, said: str) -> None:
    refused = admin.post("/v1/packages", json={"package_id": "N99", "postcode": postcode, **CARE})
    assert (code(refused), refused.json()["detail"]) == ((422, "no_such_place"), said)
    assert admin.get("/v1/packages/N99").status_code == 404


def test_every_postcode_that_is_no_place_is_told_with_where_it_stands(admin: httpx.Client) -> None:
    given = {"N70": ENDED, "N71": LARKMERE, "N72": "EH1 1YZ"}
    packages = [{"package_id": package_id, "postcode": postcode, **CARE} for package_id, postcode in given.items()]
    refused = admin.post("/v1/call-offs", json={"kind": "bundle", "packages": packages})
    assert (code(refused), refused.json()["detail"]) == ((422, "no_such_place"), "2 postcodes are no places.")
    told = {tuple(each["where"]): each["problem"] for each in refused.json()["faults"]}
    assert told == {
        ("body", "packages", "0", "postcode"): f"{ENDED} is out of use since March 2020."
        f" The nearest in use is {LARKMERE}, 0 metres and 1 letter away.",
        ("body", "packages", "2", "postcode"): "EH1 1YZ is a postcode of Scotland. Only England is known here.",
    }
    assert [admin.get(f"/v1/packages/{package_id}").status_code for package_id in given] == [404] * 3


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"latitude": 52.65},
        {"postcode": LARKMERE, "latitude": 52.65},
        {"postcode": LARKMERE, "latitude": 52.65, "longitude": 0.8},
        {"postcode": ""},
        {"postcode": None},
        {"postcode": 7},
        {"postcode": "N" * 21},
        {"latitude": None, "longitude": 0.8},
    ],
)
def test_a_place_is_told_once_and_whole(admin: httpx.Client, place: dict[str, Any]) -> None:
    refused = admin.post("/v1/packages", json={"package_id": "N99", **place, **CARE})
    assert code(refused) == (422, "invalid_request")
    assert LARKMERE not in refused.text


def test_the_band_of_a_postcode_is_that_of_its_place(admin: httpx.Client) -> None:
    by_postcode = admin.post("/v1/bands", json={"postcode": MIDDLE_SEDGE}).json()
    assert (by_postcode["band"], by_postcode["miles"]) == (2, 3.98)


def test_a_message_to_providers_names_the_district_of_the_nearest_postcode(admin: httpx.Client) -> None:
    offer = admin.post("/v1/packages/N2/offers", json={})
    assert offer.status_code == 201, offer.text
    (made, *_) = offer.json()["items"]
    told = admin.get(f"/v1/offers/{made['offer_id']}/broadcast").json()
    place = admin.get("/v1/packages/N2").json()
    nearest = min(PLACES, key=lambda each: abs(PLACES[each][1] - place["longitude"]))  # the villages lie from west to east
    assert (told["district"], told["place"]) == (nearest.split()[0], None)


def test_no_postcode_is_kept_or_logged(admin: httpx.Client, served: Served, logged: io.StringIO) -> None:
    """Neither in a table nor in the trail nor in a line of the log, whether it was taken or refused."""
    given = ("NR21 9AA", "NR21 9AZ")
    for number, postcode in enumerate(given):
        admin.post("/v1/packages", json={"package_id": f"N8{number}", "postcode": postcode, **CARE})
        admin.post("/v1/bands", json={"postcode": postcode})
    assert logged_so_often(logged, "/v1/packages", 2)
    assert logged_so_often(logged, "/v1/bands", 2)
    database = sqlite3.connect(served.settings.database_url.removeprefix("sqlite:///"))
    kept = "\n".join(database.iterdump())
    database.close()
    assert "N80" in kept
    for postcode in (*PLACES, *given):
        for way in (postcode, postcode.lower(), postcode.replace(" ", "")):
            assert way not in logged.getvalue()
            assert way not in kept


def test_without_an_index_a_postcode_is_refused_in_words() -> None:
    with pytest.raises(Problem) as refused:
        placed(BandPlace(postcode="NR21 9AA"), None)
    assert refused.value.code == "no_postcodes"
