"""What would come of a request and of other needs, told before anything is written; worked by hand for the three villages."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.desk import code_of

pytestmark = ON_SQLITE
REQUEST: dict[str, Any] = {
    "package_id": "NEW1",
    "latitude": 52.654433,
    "longitude": 0.80756,
    "hours_per_week": 5,
    "visits_per_week": 5,
    "workers": 1,
    "priority": "standard",
}


def test_what_the_rules_would_say_of_a_request(served: Served) -> None:
    """At the place of N9 in the handbook: Alder is the principal of Larkmere and has room, so it would be asked first."""
    with served.client("planner") as ada:
        told = ada.post("/v1/packages/preview", json=REQUEST).json()
        assert (told["area_id"], told["area_name"], told["live"]) == ("A1", "Larkmere and Villages", True)
        assert (told["next_step"], told["asked_next"]) == (
            {"name": "principal", "contract_ids": ["P-ALDER"]},
            ["Alder Home Care"],
        )
        assert told["can_be_asked"] + told["cannot_be_asked"] == 5
        two = ada.post("/v1/packages/preview", json=REQUEST | {"skills": ["learning_disability"]}).json()
        assert two["why_not"] and sum(each["providers"] for each in two["why_not"]) == two["cannot_be_asked"]
        odd = ada.post("/v1/packages/preview", json=REQUEST | {"skills": ["learning_disabilty"]}).json()
        assert any("learning_disabilty" in each for each in odd["notes"])
        assert ada.get("/v1/packages/NEW1").status_code == 404, "nothing is written"
        assert code_of(ada.post("/v1/packages/preview", json=REQUEST | {"package_id": "N4"})) == (409, "already_there")
        assert code_of(ada.post("/v1/packages/preview", json=REQUEST | {"latitude": 51.0})) == (422, "no_area")
        assert ada.post("/v1/packages", json=REQUEST).status_code == 201
        written = ada.get("/v1/packages/NEW1/cascade").json()
        assert (written["next_step"], written["band"]) == (told["next_step"], told["band"])
    with served.client("social_work") as worker:
        assert code_of(worker.post("/v1/packages/preview", json=REQUEST)) == (403, "forbidden")


def test_which_declines_and_decisions_would_stand_no_more(served: Served) -> None:
    """R1's care runs and a decision lets it move; N2's decline for the needs lapses with them, one for another reason stays."""
    decision = {"move": "transfer", "decision": "suitable", "why": "Has met two of the carers."}
    with served.client("social_work") as worker:
        decided = worker.post("/v1/packages/R1/decisions", json=decision).json()
    with served.client("planner") as ada:
        tag = {"If-Match": ada.get("/v1/packages/R1").headers["etag"]}
        told = ada.post("/v1/packages/R1/preview", json={"priority": "urgent"}, headers=tag).json()
        assert (told["decisions"], told["declines"]) == ([], [])
        more = {"skills": ["medication", "dementia"]}
        told = ada.post("/v1/packages/R1/preview", json=more, headers=tag).json()
        names = ("decision_id", "move", "decision", "valid_to")
        assert told["decisions"] == [{name: decided[name] for name in names}]
        assert ada.get("/v1/packages/R1/decisions").json()["items"][0]["valid_to"] == decided["valid_to"], "nothing is written"
        assert code_of(ada.post("/v1/packages/R1/preview", json=more)) == (428, "precondition_required")
        made = ada.post("/v1/packages/N2/offers").json()["items"]
        no = {"response": "declined", "reason": "cannot_meet_need"}
        assert ada.patch(f"/v1/offers/{made[0]['offer_id']}", json=no).status_code == 200
        asked = [each["offer_id"] for each in ada.post("/v1/packages/N2/offers").json()["items"]]
        tag = {"If-Match": ada.get("/v1/packages/N2").headers["etag"]}
        told = ada.post("/v1/packages/N2/preview", json={"skills": ["medication", "dementia"]}, headers=tag).json()
        assert [each["offer_id"] for each in told["declines"]] == [made[0]["offer_id"]]
        assert told["offers_waiting"] == sorted(asked)
        assert told["hours_per_week"] == ada.get("/v1/packages/N2").json()["hours_per_week"]
