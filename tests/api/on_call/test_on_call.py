"""The hours in which a provider is on call: written down as it has declared them, and kept to by offers to it."""

from __future__ import annotations

import orjson
import pytest

from tests.api.desk import code_of, desk
from tests.api.offers.test_lapsing import late
from tests.making import framework, noon, offer, package, principal, snapshot


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_provider_declares_holds_for_offers_to_it(database_url: str) -> None:
    """Asked on Friday at noon: Alder is on call at weekdays from nine to one, so an hour on Friday, and Monday till ten."""
    week = [{"day": day, "starts": "09:00", "ends": "13:00"} for day in ("monday", "friday")]
    people = [package("N1", priority="urgent"), package("N2", priority="urgent")]
    offers = [late("N1"), offer("N2", "F-BRACKEN", offered_at=noon(-3))]
    with desk(database_url, snapshot(people, [principal("ALDER"), framework("BRACKEN")], offers=offers)) as at:
        address = "/v1/providers/ALDER/on-call"
        assert at.client.get(address).json()["hours"] == []
        given = {"hours": week, "declared_by": "S. Marsh, by e-mail"}
        assert at.client.put(address, json=given).json()["hours"] == week
        shown = {each["package_id"]: each["expires_at"] for each in at.client.get("/v1/offers").json()["items"]}
        assert shown == {"N1": "2026-11-23T10:00:00", "N2": "2026-11-20T14:00:00"}
        assert [each["action"] for each in at.trail()].count("on_call.declare") == 1
        assert at.client.put(address, json={**given, "declared_by": "T. Ives, by telephone"}).json()["hours"] == week
        said = [orjson.loads(each["details"])["declared_by"] for each in at.trail() if each["action"] == "on_call.declare"]
        assert said == ["S. Marsh, by e-mail", "T. Ives, by telephone"], "the same hours, said by somebody else"
        for wrong in (
            [{"day": "monday", "starts": "13:00", "ends": "09:00"}],
            [{"day": "monday", "starts": "09:00", "ends": "12:00"}, {"day": "monday", "starts": "11:00", "ends": "13:00"}],
        ):
            assert code_of(at.client.put(address, json={**given, "hours": wrong})) == (422, "invalid_request")
        assert code_of(at.client.put("/v1/providers/NONE/on-call", json=given)) == (404, "not_found")
        at.client.put(address, json={"hours": [], "declared_by": "S. Marsh"})
        assert at.client.get("/v1/offers/Q-N1-P-ALDER").json()["expires_at"] == "2026-11-20T14:00:00"
