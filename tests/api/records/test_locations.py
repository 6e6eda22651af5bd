"""What CQC rates, over HTTP: the worst location counts for a provider's contracts, until a contract names one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from tests.api.desk import desk
from tests.api.talking import changed, code, exported
from tests.making import days, framework, offer, package, principal, snapshot

WHY = {"reason": "CQC's report of March"}
HOUSE = {"location_id": "1-1", "provider_id": "ALDER", "name": "House", "cqc_rating": "good", "cqc_rated": str(days(-400)), **WHY}
LODGE = HOUSE | {"location_id": "1-2", "name": "Lodge", "cqc_rating": "inadequate", "cqc_rated": str(days(-3))}


def ended(client: httpx.Client, address: str) -> httpx.Response:
    headers = {"If-Match": client.get(address).headers["etag"]}
    return client.post(f"{address}/end", json={"ends": str(days(0)), **WHY}, headers=headers)


def rating(client: httpx.Client) -> tuple[Any, ...]:
    found = client.get("/v1/providers/ALDER").json()
    return found["cqc_rating"], found["location_ids"], found["cqc_rating_is"]


def test_the_worst_counts_until_a_contract_names_one(database_url: str, tmp_path: Path) -> None:
    here = snapshot(
        [package("N1"), package("N2", priority="planned")],
        [principal("ALDER"), framework("BRACKEN")],
        offers=[offer("N2", "P-ALDER")],
    )
    with (
        desk(database_url, here) as at,
        at.served.client("quality") as quality,
        at.served.client("contracts") as officer,
    ):
        assert rating(quality) == ("good", [], "It is the provider's, as no locations of it are known: CQC rates locations.")
        assert code(officer.post("/v1/locations", json=HOUSE)) == (403, "forbidden"), "ratings are quality's"
        assert quality.post("/v1/locations", json=HOUSE).status_code == 201
        assert at.order("N1") == ["P-ALDER", "F-BRACKEN"]
        assert quality.post("/v1/locations", json=LODGE).status_code == 201
        assert rating(quality) == (
            "inadequate",
            ["1-1", "1-2"],
            "It is the worst of its 2 locations, and counts for every contract that names none.",
        )
        assert at.why_not("N1") == {"P-ALDER": ["rating"]}
        assert at.offers("N2") == {"P-ALDER": "withdrawn"}, "as by any change of a rating"
        beside = changed(quality, "/v1/providers/ALDER", {"cqc_rating": "good", **WHY})
        assert code(beside) == (422, "refused")
        assert "inadequate, the worst rating of its locations: a rating is changed at its location" in beside.json()["faults"][0]
        assert code(changed(officer, "/v1/contracts/P-ALDER", {"location_id": "1-9", **WHY})) == (422, "refused")
        assert changed(officer, "/v1/contracts/P-ALDER", {"location_id": "1-1", **WHY}).status_code == 200
        assert at.order("N1") == ["P-ALDER", "F-BRACKEN"], "the House is good"
        assert code(ended(quality, "/v1/locations/1-1")) == (409, "still_needed"), "a contract names it"
        out = exported(at.store, tmp_path / "out")
        assert [each.cqc_rating for each in out.providers] == ["inadequate", "good"], "what counts where no location is named"
        assert [each.location_id for each in out.locations] == ["1-1", "1-2"]
        assert (out, out.digest()) == (at.state().snapshot, at.state().snapshot.digest())
        assert changed(quality, "/v1/locations/1-2", {"cqc_rating": "requires_improvement", **WHY}).status_code == 200
        assert rating(quality)[0] == "requires_improvement"
        assert ended(quality, "/v1/locations/1-2").status_code == 200
        assert rating(quality)[0] == "good"
        written = [row for row in at.trail() if row["action"] == "providers.change"]
        assert [row["role"] for row in written] == ["quality"] * 3


def test_the_last_ones_rating_stays_and_a_day_to_come_is_refused(tmp_path: Path) -> None:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", snapshot([], [principal("ALDER")]), "quality") as at:
        assert code(at.client.post("/v1/locations", json=HOUSE | {"cqc_rated": str(days(1))})) == (422, "refused")
        assert code(at.client.post("/v1/locations", json=HOUSE | {"provider_id": "NOBODY"})) == (422, "refused")
        assert at.client.post("/v1/locations", json=LODGE).status_code == 201
        assert rating(at.client)[2] == "It is that of its one location, and counts for every contract that names none."
        assert ended(at.client, "/v1/locations/1-2").status_code == 200
        assert rating(at.client)[:2] == ("inadequate", [])
