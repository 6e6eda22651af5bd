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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_provider_declares_itself_counts_once_it_is_confirmed(database_url: str) -> None:
    week = [{"day": "monday", "starts": "09:00", "ends": "13:00"}]
    people, offers = [package("N1", priority="urgent")], [late("N1")]
    with desk(database_url, snapshot(people, [principal("ALDER")], offers=offers)) as at:
        address = "/v1/providers/ALDER/on-call"
        with at.served.client_of("ALDER", "Sam Marsh") as sam:
            told = sam.put("/v1/own/on-call", json={"hours": week}).json()
            assert (told["hours"], told["to_confirm"]["hours"], told["to_confirm"]["declared_by"]) == ([], week, "Sam Marsh")
            entries = len(at.trail())
            assert sam.put("/v1/own/on-call", json={"hours": week}).json() == told
            assert len(at.trail()) == entries, "the same again is nothing"
            assert code_of(sam.get(address)) == (403, "forbidden")
            due = at.client.get("/v1/offers/Q-N1-P-ALDER").json()["expires_at"]
            assert due == "2026-11-20T14:00:00", "it counts for no offer yet"
            assert [each["provider_id"] for each in at.client.get("/v1/on-call?to_confirm=true").json()["items"]] == ["ALDER"]
            at_ = told["to_confirm"]["declared_at"]
            assert code_of(at.client.post(f"{address}/confirm", json={"declared_at": at_, "confirmed": False})) == (
                422, "invalid_request",
            )  # fmt: skip
            other = {"declared_at": "2026-11-01T09:00:00", "confirmed": True}
            assert code_of(at.client.post(f"{address}/confirm", json=other)) == (409, "nothing_waits")
            why = {"declared_at": at_, "confirmed": False, "reason": "Too few for urgent care"}
            assert at.client.post(f"{address}/confirm", json=why).json()["hours"] == []
            assert sam.get("/v1/own/on-call").json()["not_confirmed"]["reason"] == "Too few for urgent care"
            at_ = sam.put("/v1/own/on-call", json={"hours": week}).json()["to_confirm"]["declared_at"]
            found = at.client.post(f"{address}/confirm", json={"declared_at": at_, "confirmed": True}).json()
            assert (found["hours"], found["to_confirm"], found["declared_by"]) == (week, None, "Sam Marsh")
            due = at.client.get("/v1/offers/Q-N1-P-ALDER").json()["expires_at"]
            assert due == "2026-11-23T11:00:00", "two hours on call since Friday noon"
            sam.put("/v1/own/on-call", json={"hours": []})
            assert sam.put("/v1/own/on-call", json={"hours": week}).json()["to_confirm"] is None, "taken back"
        assert at.client.put(address, json={"hours": [], "declared_by": "S. Marsh"}).json()["hours"] == []
        assert at.client.get("/v1/on-call").json()["items"] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_the_council_has_set_so_it_counts_at_once(database_url: str) -> None:
    week = [{"day": "monday", "starts": "09:00", "ends": "13:00"}]
    county = snapshot([package("N1", priority="urgent")], [principal("ALDER")])
    with desk(database_url, county, on_call_confirmed=False) as at, at.served.client_of("ALDER", "Sam Marsh") as sam:
        assert sam.put("/v1/own/on-call", json={"hours": week}).json()["hours"] == week
        assert [each["action"] for each in at.trail()][-2:] == ["own.declare_on_call", "on_call.declare"]
