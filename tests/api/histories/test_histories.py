"""What has been done about a person: deeds, the newest first; not who has read what, and not whole records."""

from __future__ import annotations

from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.desk import code_of

pytestmark = ON_SQLITE


def test_deeds_are_told_and_readings_are_not(served: Served) -> None:
    with served.client("planner") as ada:
        assert ada.get("/v1/packages/N4").status_code == 200
        made = ada.post("/v1/packages/N4/offers").json()["items"]
        clover = next(each["offer_id"] for each in made if each["contract_id"] == "F-CLOVER")
        no = {"response": "declined", "reason": "too_far", "answered_by": "S. Marsh"}
        assert ada.patch(f"/v1/offers/{clover}", json=no).status_code == 200
        assert ada.post("/v1/packages/N4/end", json={"reason": "Moved away"}).status_code == 200
        told = ada.get("/v1/packages/N4/history").json()["items"]
        told = [each for each in told if each["action"] != "alert.acknowledge"]
        assert [each["action"] for each in told] == ["package.end", "offer.declined", "offer.made", "offer.made"]
        assert told[0]["told"] == {"reason": "Moved away"}
        assert told[1]["told"] == {
            "contract_id": "F-CLOVER", "response": "declined", "reason": "too_far", "answered_by": "S. Marsh"
        }  # fmt: skip
        assert {each["told"]["contract_id"] for each in told[2:]} == {"F-CLOVER", "F-BRACKEN"}
        assert all(each["by"].startswith("a planner (") and each["role"] == "planner" for each in told)
        first = ada.get("/v1/packages/N4/history?limit=1").json()
        second = ada.get("/v1/packages/N4/history", params={"limit": 1, "cursor": first["next_cursor"]}).json()
        seqs = [each["seq"] for each in ada.get("/v1/packages/N4/history").json()["items"]]
        assert [first["items"][0]["seq"], second["items"][0]["seq"]] == seqs[:2] and seqs == sorted(seqs, reverse=True)
        assert code_of(ada.get("/v1/packages/no-such/history")) == (404, "not_found")
    with served.client("viewer") as nobody:
        assert code_of(nobody.get("/v1/packages/N4/history")) == (403, "forbidden")
