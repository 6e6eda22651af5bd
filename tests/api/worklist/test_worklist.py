"""Everybody who waits in one list: worked by hand for the three villages, and against what the cascade says of each."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api.state.store import Store
from api.storage.database import reading
from api.storage.table_schema import audit
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.talking import REQUEST, all_pages, code

ASKED = {"package_id": "N9", "start_by": "2026-11-20"}


def ids(client: httpx.Client, **query: Any) -> list[str]:
    answer = client.get("/v1/worklist", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["found"] >= len(answer.json()["items"])
    return [each["package_id"] for each in answer.json()["items"]]


@ON_SQLITE
def test_the_villages_in_their_groups_and_what_is_next_for_each(served: Served) -> None:
    """As of 23 November: N1 is urgent and N2 a discharge, neither late. N7 was asked for at nine that Monday, of Alder: planned
    care has 40 working hours, until Friday at five."""
    with served.client("planner") as client:
        told = client.get("/v1/worklist").json()
        assert told["figures"] == {"late_first": 0, "waiting": 6, "pending": 1, "accepted": 0, "alerts": 0} | {
            "alerts": len([each for each in all_pages(client, "/v1/alerts") if not each["acknowledged_by"]])
        }
        assert (told["found"], told["next_cursor"], told["as_of"]) == (7, None, "2026-11-23")
        groups = [(each["package_id"], each["group"]) for each in told["items"]]
        assert groups[:2] == [("N1", "first"), ("N2", "first")] and {group for _, group in groups[2:]} == {"others"}
        by_id = {each["package_id"]: each for each in told["items"]}
        for package_id, each in by_id.items():
            cascade = client.get(f"/v1/packages/{package_id}/cascade").json()
            if each["situation"] == "waiting":
                names = [provider["contract_id"] for provider in each["providers"]]
                assert {"name": each["step"], "contract_ids": names} == cascade["next_step"]
            meanwhile = client.get(f"/v1/packages/{package_id}/meanwhile").json()
            assert each["safe"]["wrong"] == meanwhile["wrong"]
        n7 = by_id["N7"]
        assert (n7["situation"], n7["step"], n7["times_offered"]) == ("pending", "principal", 1)
        (alder,) = n7["providers"]
        assert (alder["contract_id"], alder["name"]) == ("P-ALDER", "Alder Home Care")
        assert alder["answer_by"] == "2026-11-27T17:00:00"
        n4 = by_id["N4"]
        assert (n4["times_offered"], n4["age_days"], n4["days_late"], n4["area_name"]) == (1, 7, 0, "Larkmere and Villages")


@ON_SQLITE
def test_whoever_is_late_comes_first_and_whoever_may_not_be_safe_before_others_of_a_group(served: Served) -> None:
    with served.client("planner") as client:
        assert client.post("/v1/packages", json=REQUEST | ASKED).status_code == 201
        late = REQUEST | ASKED | {"package_id": "N8", "priority": "standard"}
        assert client.post("/v1/packages", json=late).status_code == 201
        told = client.get("/v1/worklist").json()
        order = [(each["package_id"], each["group"], each["days_late"]) for each in told["items"]][:4]
        assert order == [("N9", "late_first", 3), ("N1", "first", 0), ("N2", "first", 0), ("N8", "late", 3)]
        assert told["figures"]["late_first"] == 1
        for group in ("first", "late", "others"):
            safe = [not each["safe"]["wrong"] for each in told["items"] if each["group"] == group]
            assert safe == sorted(safe), "who may not be safe comes first"
        offer, *_ = client.post("/v1/packages/N9/offers").json()["items"]
        assert client.patch(f"/v1/offers/{offer['offer_id']}", json={"response": "accepted"}).status_code == 200
        assert "N9" not in ids(client) and ids(client, situation="accepted") == ["N9"]
        assert client.get("/v1/worklist").json()["figures"]["late_first"] == 0


@ON_SQLITE
def test_it_is_narrowed_and_paged_and_who_was_shown_is_written_down(served: Served, store: Store) -> None:
    with served.client("planner") as client:
        whole = ids(client)
        assert ids(client, priority="urgent") == ["N1"] and ids(client, package_id="N3") == ["N3"]
        assert ids(client, situation="pending") == ["N7"] and "N7" not in ids(client, situation="waiting")
        assert ids(client, area_id="A1") == whole and ids(client, area_id="nowhere") == []
        assert [each["package_id"] for each in all_pages(client, "/v1/worklist", limit=2)] == whole
        assert code(client.get("/v1/worklist", params={"situation": "running"})) == (422, "invalid_request")
        assert code(client.get("/v1/worklist", params={"cursor": "x"})) == (422, "invalid_request")
    with reading(store.engine) as connection:
        entries = connection.execute(select(audit).where(audit.c.action == "worklist.read").order_by(audit.c.seq)).all()
    assert '"N1"' in entries[0].details and '"N3"' not in entries[1].details and entries[0].subject == ""
    assert len(entries) == 11, "seven lists, four pages; none for what was refused"


@ON_SQLITE
@pytest.mark.parametrize("role", ["viewer", "contracts", "social_work", "job"])
def test_who_does_not_place_care_does_not_see_it(served: Served, role: str) -> None:
    with served.client(role) as client:
        assert code(client.get("/v1/worklist")) == (403, "forbidden")
