"""A provider says yes to some visits alone: the part is its own, the rest waits. Over HTTP, worked out by hand.

Mornings are 7 x 45 minutes (5.25 hours), evenings 5 x 30 minutes for two care workers (5 hours): 10.25 hours in 12 visits.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import httpx
import orjson
import pytest

from tests.api.desk import Desk, code_of, desk
from tests.api.runs.test_kinds import applied, ended, offers_of
from tests.api.talking import MORNINGS, REQUEST, changed, exported
from tests.making import framework, legacy, package, principal, provider, snapshot
from tests.making.weeks import visit

EVENINGS = MORNINGS | {"visit_id": "PM", "days": ["mon", "tue", "wed", "thu", "fri"], "workers": 2, "duration_minutes": 30}
EVENINGS |= {"earliest_start": "19:00", "latest_start": "21:00"}
CARE: dict[str, Any] = REQUEST | {"area_id": "A1", "skills": [], "hours_per_week": 10.25, "visits_per_week": 12, "workers": 2}
CARE |= {"visits": [MORNINGS | {"visit_id": "AM"}, EVENINGS]}
WEEKENDS = {"visit_id": "AM", "days": ["sat", "sun"]}
ALL_MORNINGS = {"visit_id": "AM"}
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    """N9 waits, BRACKEN and CLOVER may be asked, BRACKEN with room for 6 hours a week by its contract. B1 and B2 go together;
    N1 has no visits written down; R1 may move."""
    people = [
        package("B1", hours=1, bundle_id="RUN"),
        package("B2", hours=1, bundle_id="RUN"),
        package("N1", hours=1),
        package("R1", hours=1, contract_id="L-ELDER", transfer_decision="suitable"),
    ]
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(4 * 12)), framework("CLOVER"), legacy("ELDER")]
    able = [provider(name, skills=("double_handed",)) for name in ("BRACKEN", "CLOVER")]
    with desk(database_url, snapshot(people, contracts, providers=able)) as here:
        assert here.client.post("/v1/packages", json=CARE).status_code == 201
        yield here


def takes(at: Desk, offer_id: str, *visits: dict[str, Any], if_match: str | None = None, **given: Any) -> httpx.Response:
    headers = {} if if_match is None else {"If-Match": if_match}
    body = {"visits": visits, "reason": "no_capacity"} | given
    return at.client.post(f"/v1/offers/{offer_id}/part", json=body, headers=headers)


def of(at: Desk, package_id: str) -> dict[str, Any]:
    found: dict[str, Any] = at.client.get(f"/v1/packages/{package_id}").json()
    return found


def test_the_visits_named_are_the_providers_and_the_rest_waits_for_others(at: Desk, tmp_path: Any) -> None:
    """Weekend mornings are 2 x 45 minutes: 1.5 hours in 2 visits; 8.75 hours in 10 visits stay."""
    offers = at.ask("N9")
    assert sorted(offers) == ["F-BRACKEN", "F-CLOVER"]
    asked_at = at.client.get(f"/v1/offers/{offers['F-BRACKEN']}").json()["offered_at"]
    answer = takes(at, offers["F-BRACKEN"], WEEKENDS, reason="cannot_meet_need", answered_by="S. Marsh", how="telephone")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert answer.headers["location"] == f"/v1/offers/{told['offer_id']}"
    assert [told[name] for name in ("package_id", "contract_id", "response", "reason", "hours_per_week", "answered_by")] == [
        "N9-P1", "F-BRACKEN", "accepted", None, 1.5, "S. Marsh",
    ]  # fmt: skip
    assert told["offered_at"] == asked_at, "its place in the queue"
    own, rest = of(at, "N9-P1"), of(at, "N9")
    assert [own[name] for name in ("part_of", "situation", "visits_per_week", "workers")] == ["N9", "accepted", 2, 1]
    assert [rest[name] for name in ("situation", "hours_per_week", "visits_per_week", "workers")] == ["waiting", 8.75, 10, 2]
    days = {each["visit_id"]: each["days"] for each in (*own["visits"], *rest["visits"])}
    assert days == {"N9-P1-V1": ["sat", "sun"], "AM": EVENINGS["days"], "PM": EVENINGS["days"]}, "each day in one of the two"
    assert at.offers("N9") == {"F-BRACKEN": "declined", "F-CLOVER": "withdrawn"}
    assert "F-BRACKEN" in at.why_not("N9"), "it cannot meet the need of the rest, which is asked for anew of others"
    assert code_of(takes(at, offers["F-BRACKEN"], WEEKENDS)) == (409, "already_answered"), "nothing is done twice"
    assert at.client.get("/v1/areas/A1").json()["unmet_people"] == 4, "one person, with N1, B1 and B2"
    again = at.ask("N9")
    assert list(again) == ["F-CLOVER"]
    at.answer(again["F-CLOVER"], "accepted")
    at.says("N9-P1", "BRACKEN")
    at.act("N9-P1", "start")
    exported(at.store, tmp_path / "out")
    trail = [(each["action"], each["subject"], orjson.loads(each["details"])) for each in at.trail()]
    mine = [(action, subject) for action, subject, _ in trail if subject in ("N9", "N9-P1") and "offer." in action]
    assert [each for each in mine if each[0] != "offer.made"][:4] == [
        ("offer.declined", "N9"), ("offer.withdrawn", "N9"), ("offer.accepted", "N9-P1"), ("offer.accepted_in_part", "N9"),
    ]  # fmt: skip
    (named,) = (details for action, _, details in trail if action == "offer.accepted_in_part")
    assert (named["visits"], named["part"], named["part_offer_id"], named["answered_by"]) == (
        [WEEKENDS], "N9-P1", told["offer_id"], "S. Marsh",
    )  # fmt: skip


def test_what_no_part_can_be_is_refused_with_every_fault_and_nothing_is_written(at: Desk) -> None:
    offer_id = at.ask("N9")["F-CLOVER"]
    without = at.ask("N1")["F-CLOVER"]
    bundle = next(iter(at.ask("B1").values()))
    move = at.ask("R1", contract_ids=["F-CLOVER"], reason="Her round", decision_reference="SW-1")["F-CLOVER"]
    etag, version = at.client.get(f"/v1/offers/{offer_id}").headers["etag"], at.state().version

    def faults(*visits: dict[str, Any], of_offer: str = offer_id) -> list[str]:
        refused = takes(at, of_offer, *visits)
        assert code_of(refused) == (422, "not_divisible"), refused.text
        found: list[str] = refused.json()["faults"]
        return found

    assert faults({"visit_id": "NO"}, {"visit_id": "PM", "days": ["sat", "mon"]}) == [
        "NO: this package has no such visit.",
        "PM: it is not on sat; its days are mon, tue, wed, thu, fri.",
    ]
    assert faults(ALL_MORNINGS, {"visit_id": "PM"}) == [
        "All of the care would become the part's: leave some of it, or ask for (or say yes to) the package as it is."
    ]
    assert faults(ALL_MORNINGS, of_offer=without) == [
        "This package has no visits written down that a yes could name: write them down first."
    ]
    half = takes(at, offer_id, {"visit_id": "PM", "workers": 1})
    assert code_of(half) == (422, "invalid_request"), "a visit of two care workers is taken whole"
    assert code_of(takes(at, offer_id)) == (422, "invalid_request"), "none is no yes"
    assert code_of(takes(at, offer_id, ALL_MORNINGS, reason=None)) == (422, "invalid_request"), "why not the rest?"
    assert [(code_of(each), each.json()["detail"]) for each in (takes(at, bundle, WEEKENDS), takes(at, move, WEEKENDS))] == [
        ((409, "not_in_this_state"), "This care is asked for as a bundle: a yes is to all of it."),
        ((409, "not_in_this_state"), "This care runs, and moves as it is: a yes is to all of it."),
    ]
    assert code_of(takes(at, "O-none", WEEKENDS)) == (404, "not_found")
    assert code_of(takes(at, offer_id, WEEKENDS, if_match='"0"')) == (412, "changed_since")
    with at.served.client("transition") as team:
        refused = team.post(f"/v1/offers/{offer_id}/part", json={"visits": [WEEKENDS], "reason": "other"})
        assert code_of(refused) == (403, "forbidden")
    assert at.state().version == version
    assert takes(at, offer_id, WEEKENDS, if_match=etag).status_code == 201


@SQLITE
def test_a_part_is_judged_by_every_rule_as_any_yes_is(at: Desk) -> None:
    """Mornings are 21 hours in four weeks, weekends 6. After BRACKEN was asked for all, its own limit comes to be 20."""
    offer_id = at.ask("N9")["F-BRACKEN"]
    changed(at.client, "/v1/providers/BRACKEN", {"max_hours_4w": 20, "reason": "Two care workers have left"})
    refused = takes(at, offer_id, ALL_MORNINGS)
    assert (code_of(refused), refused.json()["needed_hours_4w"]) == ((409, "beyond_provider_limit"), 21)
    assert (at.offers("N9")["F-BRACKEN"], at.client.get("/v1/packages/N9-P1").status_code) == (None, 404), "nothing was written"
    rise = {"max_hours_4w": 21, "evidence": "Letter of 20 November"}
    assert takes(at, offer_id, ALL_MORNINGS, raise_provider_limit=rise).status_code == 201
    assert [each["visit_id"] for each in of(at, "N9-P1")["visits"]] == ["AM"], "taken on all days, a visit keeps its id"
    assert at.state().stock["providers"]["BRACKEN"].record.max_hours_4w == 21


@SQLITE
def test_a_part_of_a_part_goes_back_with_it_once_the_person_has_said_no(at: Desk) -> None:
    """Mornings are called off as a part, of which BRACKEN takes Sundays; he says no to BRACKEN, and all is one again."""
    before = of(at, "N9")
    part = {"kind": "part", "call_off_id": "C-1", "package_id": "N9", "visits": [ALL_MORNINGS]}
    assert at.client.post("/v1/call-offs", json=part).status_code == 201
    taken = takes(at, at.ask("N9-P1")["F-BRACKEN"], {"visit_id": "AM", "days": ["sun"]}).json()
    assert (taken["package_id"], of(at, "N9-P2")["part_of"], of(at, "N9-P1")["hours_per_week"]) == ("N9-P2", "N9", 4.5)

    def withdrawn() -> httpx.Response:
        tag = {"If-Match": at.client.get("/v1/call-offs/C-1").headers["etag"]}
        return at.client.post("/v1/call-offs/C-1/withdraw", json={"reason": "one provider after all"}, headers=tag)

    assert withdrawn().json()["faults"] == ["N9-P2: accepted."]
    at.says("N9-P2", "BRACKEN", "no", advocate="not_needed")
    assert withdrawn().is_success
    after = of(at, "N9")
    assert [after[name] for name in ("hours_per_week", "visits_per_week")] == [10.25, 12]
    assert sum(len(each["days"]) for each in after["visits"]) == sum(len(each["days"]) for each in before["visits"])
    assert [at.client.get(f"/v1/packages/{each}").status_code for each in ("N9-P1", "N9-P2")] == [404, 404]


@SQLITE
@pytest.mark.parametrize("agreed_first", [False, True])
def test_a_step_of_a_run_goes_ahead_whole_or_not_at_all(database_url: str, agreed_first: bool) -> None:
    """N1 is to have the five hours at ALDER that R1's move to BRACKEN sets free: no yes to mornings alone."""
    contracts = [principal("ALDER", max_hours_4w=Fraction(20)), framework("BRACKEN", max_hours_4w=Fraction(40))]
    people = [
        package("N1", skills=("dementia",), priority="urgent", visits_per_week=10),
        package("R1", contract_id="P-ALDER", transfer_decision="suitable"),
    ]
    visits = [
        visit("AM", "N1", days=("mon", "tue", "wed", "thu", "fri")),
        visit("PM", "N1", "17:00", "19:00", days=("mon", "tue", "wed", "thu", "fri")),
    ]
    county = snapshot(people, contracts, providers=[provider("ALDER", skills=("dementia",))], visits=visits)
    with desk(database_url, county, role="admin", run_workers=0) as at:
        run = ended(at, kind="reoptimise")
        offers = offers_of(applied(at, run, steps=[1], social_work_decisions={"R1": "decision SW-17 of 20 November"}))
        assert sorted(offers) == ["N1", "R1"]
        if agreed_first:
            at.answer(offers["R1"], "accepted")
        version, stock = at.state().version, at.state().stock
        refused = {name: takes(at, offer_id, ALL_MORNINGS) for name, offer_id in offers.items()}
        assert {name: (*code_of(each), each.json()["detail"]) for name, each in refused.items()} == {
            "N1": (409, "not_in_this_state", "Others move for this offer, or with it: a yes is to all of the care."),
            "R1": (409, "not_in_this_state", "This care runs, and moves as it is: a yes is to all of it."),
        }
        assert (at.state().version, at.state().stock["packages"]) == (version, stock["packages"]), "nothing was written"
        assert at.offers("N1") == {"P-ALDER": None}
        for name in ("N1",) if agreed_first else ("R1", "N1"):
            at.answer(offers[name], "accepted")
        assert at.state().stock["packages"]["R1"].body["contract_id"] == "F-BRACKEN", "answered whole, the step goes ahead"
        assert of(at, "N1")["situation"] == "accepted"
