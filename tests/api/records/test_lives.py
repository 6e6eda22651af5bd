"""The lives of records over HTTP: an uplift, a successor, a provider that comes and goes, areas, band centres, rounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from optimiser.domain.snapshot import Snapshot
from optimiser.nightly.kept_facts import facts_of
from tests.api.desk import Desk, desk
from tests.api.talking import all_pages, changed, code, exported
from tests.making import legacy, provider, snapshot

WHY = {"reason": "minute 14 of the board"}
UPLIFT = {"contract_id": "P-ALDER", "starts": "2027-04-01", "rate_band_1": 25.0, **WHY}
OFFICE: dict[str, Any] = {"office_id": "O9", "latitude": 52.652155, "longitude": 0.902049}
FERN = {"provider_id": "FERN", "name": "Fern Care", "skills": ["medication"], "offices": [OFFICE], **WHY}
NO_PRICES = {"on": "2026-11-23", "people": 0, "weekly_change_gbp": 0.0, "people_waiting_in_another_band": 0}


@pytest.fixture
def villages(tmp_path: Path, small: Snapshot) -> Iterator[Desk]:
    """The three villages, with a contract officer at the desk."""
    with desk(f"sqlite:///{tmp_path / 'county.db'}", small, "contracts") as at:
        yield at


def ended(client: httpx.Client, address: str, day: str, **query: Any) -> httpx.Response:
    """A record of an address ends as it is now."""
    headers = {"If-Match": client.get(address).headers["etag"]}
    return client.post(f"{address}/end", json={"ends": day, **WHY}, headers=headers, params=query)


def faults(answer: httpx.Response, status: int, name: str) -> list[str]:
    assert code(answer) == (status, name), answer.text
    return [str(each) for each in answer.json()["faults"]]


def test_an_uplift_is_told_withdrawn_and_written_anew(villages: Desk) -> None:
    """Two people with twenty hours each: a pound more an hour is forty pounds a week."""
    with villages.served.client("finance") as client:
        tried = client.post("/v1/rates", json=UPLIFT, params={"dry_run": True})
        prices = {"on": "2027-04-01", "people": 2, "weekly_change_gbp": 40.0, "people_waiting_in_another_band": 0}
        assert (tried.status_code, tried.json()["prices"], tried.json()["dry_run"]) == (200, prices, True)
        assert villages.state().version == 1, "nothing was written"
        made = client.post("/v1/rates", json=UPLIFT)
        assert (made.status_code, made.headers["location"]) == (201, "/v1/rates/P-ALDER%202027-04-01")
        at = made.headers["location"]
        assert (made.json()["prices"], made.json()["rate_band_3"]) == (prices, 25.0)
        assert code(client.post("/v1/rates", json=UPLIFT)) == (409, "already_there")
        told = faults(client.post("/v1/rates", json=UPLIFT | {"contract_id": "P-NONE"}), 422, "refused")
        assert "a known contract_id" in told[0]
        assert changed(client, at, {"rate_band_1": 24.5, **WHY}).json()["prices"]["weekly_change_gbp"] == -10.0
        assert ended(client, at, "2026-11-23").status_code == 200
        assert code(client.get(at)) == (404, "not_found")
        lately = client.post("/v1/rates", json=UPLIFT | {"starts": "2026-11-02"}).headers["location"]
        (sentence,) = faults(ended(client, lately, "2026-11-23"), 409, "still_needed")
        assert sentence == "These prices began on 2026-11-02: add others from a later day."
        assert len(faults(changed(client, lately, {"rate_band_1": 24.5, **WHY}), 409, "still_needed")) == 1
        assert changed(client, "/v1/contracts/L-DOCK", {"rate_band_1": 28, **WHY}).json()["prices"]["weekly_change_gbp"] == 5.0
        assert code(changed(client, "/v1/contracts/L-DOCK", {"max_hours_4w": 28, **WHY})) == (403, "forbidden")
    actions = [(row["action"], row["role"]) for row in villages.trail() if row["action"].startswith(("rates", "contracts"))]
    assert actions == [
        (name, "finance") for name in ("rates.add", "rates.change", "rates.end", "rates.add", "contracts.change")
    ], "what was tried or refused is no entry"


def test_a_principal_ends_and_another_follows(villages: Desk, tmp_path: Path) -> None:
    client = villages.client
    at = "/v1/contracts/P-ALDER"
    second: dict[str, Any] = {
        "contract_id": "P-2",
        "provider_id": "ALDER",
        "tier": "principal",
        "area_id": "A1",
        "starts": "2027-04-01",
        **WHY,
    }
    second |= {"max_hours_4w": 200, "rate_band_1": 25}
    told = faults(client.post("/v1/contracts", json=second | {"area_id": "A9", "provider_id": "NO"}), 422, "refused")
    assert len(told) == 2, "every fault"
    assert (
        "one principal contract in force in an area on 2027-04-01"
        in faults(client.post("/v1/contracts", json=second), 422, "refused")[0]
    )
    assert "ends" in faults(ended(client, at, "2026-01-01"), 422, "refused")[0]
    over = ended(client, at, "2027-04-01")
    assert over.json()["ends"] == "2027-04-01"
    assert over.json()["notes"] == ["The care of 2 people stays on this contract after 2027-04-01: no other takes over from it."]
    made = client.post("/v1/contracts", json=second | {"succeeds": "P-ALDER"})
    assert (made.status_code, made.json()["notes"], made.json()["prices"]) == (201, [], NO_PRICES)
    assert "not before P-ALDER" in faults(ended(client, at, "2027-05-01"), 422, "refused")[0]
    stale = client.post(f"{at}/end", json={"ends": "2027-03-01", **WHY}, headers={"If-Match": '"1"'})
    assert code(stale) == (412, "changed_since")
    assert code(client.post(f"{at}/end", json={"ends": "2027-03-01", **WHY})) == (428, "precondition_required")
    care = {each.package_id: each.contract_id for each in exported(villages.store, tmp_path / "out").packages}
    assert care["R1"] == "P-ALDER", "running care stays where it is"


def test_a_provider_comes_and_goes_with_what_it_holds(villages: Desk, tmp_path: Path) -> None:
    client = villages.client
    reach = {"telephone": "01603 496 0123", "email": "desk@fern.example", "notice_days": 91, "subcontractors": ["Moss Nights"]}
    wrong = FERN | {"email": "nobody", "notice_days": 0, "offices": []}
    assert len(faults(client.post("/v1/providers", json=wrong), 422, "invalid_request")) == 3
    assert code(client.post("/v1/providers", json=FERN | {"cqc_rating": "good"})) == (403, "forbidden"), "quality rates"
    assert code(client.post("/v1/providers", json=FERN | {"offices": [OFFICE, OFFICE]})) == (409, "already_there")
    made = client.post("/v1/providers", json=FERN | reach)
    assert made.status_code == 201
    assert {**made.json(), **reach} == made.json()
    assert (made.json()["cqc_rating"], made.json()["offices"], made.json()["ends"]) == ("not_rated", [OFFICE], None)
    spot = {"contract_id": "L-FERN", "provider_id": "FERN", "tier": "legacy", "rate_band_1": 24, **WHY}
    assert client.post("/v1/contracts", json=spot).status_code == 201
    assert faults(ended(client, "/v1/providers/FERN", "2026-11-23"), 409, "still_needed") == [
        "Contract L-FERN runs without an end."
    ]
    assert faults(ended(client, "/v1/providers/ALDER", "2026-11-23"), 409, "still_needed") == [
        "Contract P-ALDER runs until 2032-04-01.",
        "The care of 2 people runs under contract P-ALDER.",
        "Offers on contract P-ALDER for 1 person wait for an answer or were accepted.",
    ]
    assert ended(client, "/v1/contracts/L-FERN", "2026-11-23").status_code == 200
    assert ended(client, "/v1/providers/FERN", "2026-11-23").json()["ends"] == "2026-11-23"
    told = faults(client.post("/v1/contracts", json=spot | {"contract_id": "L-AGAIN"}), 422, "refused")
    assert "not after its provider FERN ends" in told[0]
    ends = {"ends": "2026-11-23", **WHY}
    assert len(faults(changed(client, "/v1/providers/ALDER", ends), 409, "still_needed")) == 3, "an end however it is sent"
    assert changed(client, "/v1/providers/FERN", {"ends": None, **WHY}).json()["ends"] is None, "it was a mistake"
    assert faults(ended(client, "/v1/offices/O9", "2026-11-23"), 409, "still_needed") == [
        "It is the only office of FERN: add another one first."
    ]
    again = exported(villages.store, tmp_path / "out")
    (fern,) = [each for each in again.providers if each.provider_id == "FERN"]
    assert (fern.email, fern.notice_days, fern.subcontractors) == ("desk@fern.example", 91, ("Moss Nights",))
    assert "desk@fern.example" not in repr(fern)


def test_areas_surgeries_offices_and_rounds(villages: Desk, tmp_path: Path) -> None:
    client = villages.client
    new = {"area_id": "A2", "name": "Fens", "region": "West", "go_live": "2027-04-01", "go_live_planned": "2027-02-01", **WHY}
    assert client.post("/v1/areas", json=new).json()["go_live"] == "2027-04-01"
    ring = [[0.2, 52.6], [0.3, 52.6], [0.3, 52.7], [0.2, 52.6]]
    bad = changed(client, "/v1/areas/A2", {"outline": {"type": "Polygon", "coordinates": [ring[:2]]}, **WHY})
    assert "outline" in str(faults(bad, 422, "refused")) or "geometry" in str(bad.json())
    drawn = changed(client, "/v1/areas/A2", {"outline": {"type": "Polygon", "coordinates": [ring]}, "go_live": None, **WHY})
    assert (drawn.json()["outline"]["coordinates"], drawn.json()["go_live"]) == ([ring], None)
    assert client.get("/v1/areas/A2").json()["outline"] == drawn.json()["outline"]
    place = {"latitude": 52.62, "longitude": 0.28}
    surgery = client.post("/v1/surgeries", json={"surgery_id": "S9", "name": "Fen", "band_centre": False, **place, **WHY})
    assert surgery.json()["area_id"] == "A2", "by the outline"
    office = client.post("/v1/offices", json={"office_id": "O8", "provider_id": "DOCK", **place, **WHY})
    assert office.status_code == 201
    assert client.post("/v1/rounds", json={"round_id": "RD2", "provider_id": "DOCK", "area_id": "A2", **WHY}).status_code == 201
    assert changed(client, "/v1/rounds/RD2", {"staff": 3, **WHY}).json()["staff"] == 3
    tag = client.get("/v1/areas/A2").headers["etag"]
    over, seen = {"ends": "2026-11-23", **WHY}, {"If-Match": tag}
    assert faults(client.post("/v1/areas/A2/end", json=over, headers=seen), 409, "still_needed") == [
        "It is named by surgeries S9.",
        "It is named by rounds RD2.",
    ]
    assert faults(ended(client, "/v1/rounds/RD1", "2026-11-23"), 409, "still_needed") == ["The care of 2 people is in it."]
    assert "The care of 12 people is in it." in faults(ended(client, "/v1/areas/A1", "2026-11-23"), 409, "still_needed")
    assert code(ended(client, "/v1/rounds/RD2", "2026-12-24")) == (422, "not_ahead")
    for address in ("/v1/rounds/RD2", "/v1/surgeries/S9", "/v1/offices/O8"):
        assert ended(client, address, "2026-11-20").status_code == 200, address
        assert code(client.get(address)) == (404, "not_found")
    assert client.post("/v1/areas/A2/end", json=over, headers=seen).status_code == 200, "nobody has changed it since it was read"
    assert exported(villages.store, tmp_path / "out").digest() == villages.store.state().snapshot.digest()
    kept = [row["details"] for row in villages.trail() if row["action"] == "areas.end"]
    assert '"name":"Fens"' in kept[0], "the trail keeps what has left the county"


def test_the_first_round_makes_the_others_that_care_names_unknown(tmp_path: Path, small: Snapshot) -> None:
    """R1 and R2 are in RD1, of which nobody knew until there is a list of rounds."""
    without = replace(small, rounds=())
    with desk(f"sqlite:///{tmp_path / 'county.db'}", without, "contracts") as at:
        told = faults(at.client.post("/v1/rounds", json={"round_id": "RD2", "provider_id": "ALDER", **WHY}), 422, "refused")
        assert len(told) == 2
        assert "a known round_id" in told[0]
        assert at.client.post("/v1/rounds", json={"round_id": "RD1", "provider_id": "ALDER", **WHY}).status_code == 201


def test_a_new_band_centre_tells_whose_prices_change(villages: Desk) -> None:
    """Far Osier becomes a centre: R3 there pays 25.00 in place of 27.00 for five hours; N3 and N4 wait there."""
    client = villages.client
    prices = {"on": "2026-11-23", "people": 1, "weekly_change_gbp": -10.0, "people_waiting_in_another_band": 2}
    headers = {"If-Match": client.get("/v1/surgeries/S2").headers["etag"]}
    centre = {"band_centre": True, **WHY}
    tried = client.patch("/v1/surgeries/S2", json=centre, headers=headers, params={"dry_run": True})
    assert (tried.json()["prices"], tried.json()["dry_run"], "etag" in tried.headers) == (prices, True, False)
    assert changed(client, "/v1/surgeries/S2", centre).json()["prices"] == prices
    assert ended(client, "/v1/surgeries/S2", "2026-11-23", dry_run=True).json()["prices"]["weekly_change_gbp"] == 10.0
    assert ended(client, "/v1/surgeries/S1", "2026-11-23").status_code == 200
    assert "true for at least one surgery" in faults(ended(client, "/v1/surgeries/S2", "2026-11-23"), 422, "refused")[0]


def test_who_may_set_what(villages: Desk) -> None:
    """Ratings are quality's, own limits the planners' too; what nobody may set together, somebody with both roles may."""
    rating, limit = {"cqc_rating": "inadequate"}, {"max_hours_4w": 20}
    for role, allowed, barred in (("planner", limit, rating), ("quality", rating, limit), ("contracts", limit, rating)):
        with villages.served.client(role) as client:
            assert changed(client, "/v1/providers/ELDER", {**allowed, **WHY}).status_code == 200, role
            assert code(changed(client, "/v1/providers/ELDER", {**barred, **WHY})) == (403, "forbidden"), role
            assert code(changed(client, "/v1/providers/ELDER", {**rating, **limit, **WHY})) == (403, "forbidden"), role
    with villages.served.client("planner", "quality") as client:
        assert changed(client, "/v1/providers/ELDER", {**rating, **limit, **WHY}).status_code == 200
    entries = [(row["role"], row["details"]) for row in villages.trail() if row["action"] == "providers.change"][-2:]
    assert [role for role, _ in entries] == ["quality", "planner"]
    assert ["cqc_rating" in details for _, details in entries] == [True, False]
    with villages.served.client("viewer") as client:
        for address in ("/v1/providers", "/v1/offices", "/v1/rates"):
            assert code(client.get(address)) == (403, "forbidden")


def test_nobody_is_told_how_to_reach_a_provider() -> None:
    """Its telephone and e-mail are read, written and shown by its columns alone: no other line takes them from a provider."""
    files = [path for room in ("optimiser", "api") for path in Path(room).rglob("*.py")]
    assert len(files) > 300
    assert not [path for path in files if re.search(r"\.(telephone|email)\b", path.read_text(encoding="utf-8"))]
    reached = replace(provider("FERN"), telephone="01603 496 0123", email="desk@fern.example")
    here = snapshot([], [legacy("FERN")], providers=[reached])
    assert "fern.example" not in str(facts_of(here, {}, complete=True)) + repr(here.providers)


def test_lists_can_be_narrowed(villages: Desk) -> None:
    client = villages.client
    assert [each["office_id"] for each in all_pages(client, "/v1/offices", provider_id="DOCK")] == ["O4"]
    assert [each["surgery_id"] for each in all_pages(client, "/v1/surgeries", area_id="A1", limit=1)] == ["S1", "S2"]
    assert [each["contract_id"] for each in all_pages(client, "/v1/contracts", tier="legacy")] == ["L-DOCK", "L-ELDER"]
    assert code(client.get("/v1/contracts", params={"tier": "golden"})) == (422, "invalid_request")
