"""Runs that re-optimise or plan a transfer, over HTTP and on both kinds of database: asked for, read, cancelled, applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from api.acts.act import Caller
from api.offers.acts import let_lapse
from api.offers.lapsing import THE_CLOCK
from api.service import Service
from optimiser.domain.policy import TransferPolicy
from tests.api.databases import ON_SQLITE
from tests.api.desk import Desk, code_of, desk
from tests.api.runs.working import PLANNER, claimed, start, until, work_here
from tests.making import days, framework, package, principal, provider, restriction, snapshot
from tests.making.transfers import small_county
from tests.reoptimising.test_by_hand import THREE

Json = dict[str, Any]
DECIDED = {"R1": "decision SW-17 of 20 November"}


@pytest.fixture
def villages(database_url: str) -> Iterator[Desk]:
    """ALDER has the only carers trained in dementia care, and R1, who needs none, in the five hours that it may give."""
    contracts = [principal("ALDER", max_hours_4w=Fraction(20)), framework("BRACKEN", max_hours_4w=Fraction(40))]
    people = [
        package("N1", skills=("dementia",), priority="urgent"),
        package("R1", contract_id="P-ALDER", transfer_decision="suitable"),
    ]
    county = snapshot(people, contracts, providers=[provider("ALDER", skills=("dementia",))])
    with desk(database_url, county, role="admin", run_workers=0) as at:
        yield at


@pytest.fixture
def transferable(database_url: str) -> Iterator[Desk]:
    with desk(database_url, small_county(), role="admin", run_workers=0) as at:
        yield at


def ended(at: Desk, **asked: Any) -> Json:
    """A run asked for over HTTP and worked on here; as it is answered then."""
    run_id = start(at.client, **asked)["run_id"]
    work_here(at.store, claimed(at.store))
    found: Json = at.client.get(f"/v1/runs/{run_id}").json()
    return found


def result_of(at: Desk, run: Json) -> Json:
    found: Json = at.client.get(f"/v1/runs/{run['run_id']}/result").json()
    return found


def applied(at: Desk, run: Json, **asked: Any) -> Json:
    answer = at.client.post(f"/v1/runs/{run['run_id']}/apply", json={"plan_digest": run["plan_digest"], **asked})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def offers_of(answer: Json) -> dict[str, str]:
    """Per package applied: its offer."""
    return {each["package_id"]: each["offer_id"] for each in answer["applied"]}


def where_they_are(at: Desk) -> tuple[str, dict[str, str]]:
    """R1's contract, and the contracts that have accepted somebody new."""
    state = at.state()
    accepted = state.county.offers_in_force.accepted
    named = {each: state.county.contracts[contract].contract_id for each, contract in accepted.items()}
    return str(state.stock["packages"]["R1"].body["contract_id"]), named


def test_a_re_optimisation_is_steps_and_its_explanations(villages: Desk) -> None:
    run = ended(villages, kind="reoptimise")
    assert run["status"] == "succeeded"
    result = result_of(villages, run)
    found = {each["package_id"]: (each["contract_id"], each["moved"], each["step"]) for each in result["proposals"]}
    assert found == {"N1": ("P-ALDER", False, 1), "R1": ("F-BRACKEN", True, 1)}
    assert (result["result"]["reoptimise"]["moves"], result["result"]["reoptimise"]["steps"]) == (1, 1)
    assert [level["name"] for level in result["result"]["levels"]][:4] == [
        "unmet_urgent",
        "unmet_discharge",
        "unmet",
        "disruption",
    ]
    explained = villages.client.get(f"/v1/runs/{run['run_id']}/explanations/R1").json()
    assert explained["package_id"] == "R1"
    assert explained["contract_id"] == "F-BRACKEN"


def test_a_step_becomes_offers_and_the_person_stays_until_the_new_provider_has_said_yes(villages: Desk) -> None:
    run = ended(villages, kind="reoptimise")
    first = applied(villages, run, steps=[1])
    assert not first["applied"]
    assert {each["package_id"]: each["code"] for each in first["refused"]} == {"R1": "decision_needed", "N1": "step_incomplete"}
    offers = offers_of(applied(villages, run, steps=[1], social_work_decisions=DECIDED))
    assert set(offers) == {"R1", "N1"}  # N1 is offered R1's hours: one goes ahead with the other
    assert where_they_are(villages) == ("P-ALDER", {})
    held = {villages.state().county.contracts[hold.contract].contract_id for hold in villages.state().holds}
    assert held == {"F-BRACKEN", "P-ALDER"}
    villages.answer(offers["R1"], "accepted")
    agreed = villages.client.get(f"/v1/offers/{offers['R1']}").json()
    assert (agreed["response"], bool(agreed["agreed_at"]), agreed["goes_ahead_with"]) == (None, True, [offers["N1"]])
    assert where_they_are(villages) == ("P-ALDER", {})
    villages.answer(offers["R1"], "accepted")  # saying yes again changes nothing
    assert where_they_are(villages) == ("P-ALDER", {})
    villages.answer(offers["N1"], "accepted")
    assert where_they_are(villages) == ("F-BRACKEN", {"N1": "P-ALDER"})
    again = applied(villages, run, steps=[1], social_work_decisions=DECIDED)
    assert offers_of(again) == offers
    assert all(each["before"] for each in again["applied"])
    trail = [each["action"] for each in villages.trail() if each["action"].startswith(("offer.a", "package.m"))]
    assert sorted(trail) == ["offer.accepted", "offer.accepted", "offer.agreed", "package.moved"]


@ON_SQLITE
@pytest.mark.parametrize("first", ["R1", "N1"])
def test_nobody_moves_where_one_provider_of_the_step_says_no(villages: Desk, first: str) -> None:
    run = ended(villages, kind="reoptimise")
    offers = offers_of(applied(villages, run, steps=[1], social_work_decisions=DECIDED))
    second = "N1" if first == "R1" else "R1"
    villages.answer(offers[first], "accepted")
    villages.answer(offers[second], "declined", reason="no_capacity")
    assert where_they_are(villages) == ("P-ALDER", {})
    ends = {each: villages.client.get(f"/v1/offers/{offers[each]}").json() for each in offers}
    assert {each: told["response"] for each, told in ends.items()} == {first: "withdrawn", second: "declined"}
    assert ends[first]["reason"] == "another provider in its step did not accept"
    assert not villages.state().holds


def test_a_step_ends_with_the_first_offer_that_runs_out(villages: Desk) -> None:
    """R1's new provider has agreed, so that R1's offer cannot run out; N1's does, and with it the step."""
    run = ended(villages, kind="reoptimise")
    offers = offers_of(applied(villages, run, steps=[1], social_work_decisions=DECIDED))
    villages.answer(offers["R1"], "accepted")
    with villages.store.change(PLANNER) as change:
        for offer_id in offers.values():
            body = change.state.stock["offers"][offer_id].body
            change.put("offers", offer_id, body | {"expires_at": "2026-11-22T12:00:00+00:00"})
    assert let_lapse(Caller(Service.of(villages.served.settings, villages.store), THE_CLOCK))
    assert (villages.offers("N1"), villages.offers("R1")) == ({"P-ALDER": "expired"}, {"F-BRACKEN": "withdrawn"})
    assert where_they_are(villages) == ("P-ALDER", {})
    assert ("offer_expired", "N1") in villages.alerts()


@ON_SQLITE
def test_three_move_at_once_when_the_last_of_four_providers_has_accepted(database_url: str) -> None:
    with desk(database_url, THREE, role="admin", run_workers=0) as at:
        run = ended(at, kind="reoptimise")
        decided = {f"R{number}": "decision SW-17" for number in (1, 2, 3)}
        offers = offers_of(applied(at, run, steps=[1], social_work_decisions=decided))
        before = {name: at.state().stock["packages"][name].body["contract_id"] for name in decided}
        for name in ("N1", "R3", "R1"):
            at.answer(offers[name], "accepted")
            assert {each: at.state().stock["packages"][each].body["contract_id"] for each in decided} == before
            assert not at.state().county.offers_in_force.accepted
        at.answer(offers["R2"], "accepted")
        after = {name: at.state().stock["packages"][name].body["contract_id"] for name in decided}
        assert after == {"R1": "F-BRACKEN", "R2": "F-CLOVER", "R3": "F-DOCK"}
        assert where_they_are(at)[1] == {"N1": "F-ALDER"}


@ON_SQLITE
def test_one_change_of_a_step_is_not_applied_without_the_others(villages: Desk) -> None:
    run = ended(villages, kind="reoptimise")
    for chosen in ("R1", "N1"):
        told = applied(villages, run, package_ids=[chosen], social_work_decisions=DECIDED)
        assert [each["code"] for each in told["refused"]] == ["step_incomplete"]
    agreed = {"as": "accepted", "evidence": "phoned both"}
    told = applied(villages, run, steps=[1], social_work_decisions=DECIDED, **agreed)
    assert {each["package_id"]: each["code"] for each in told["refused"]} == {"R1": "offer_first", "N1": "step_incomplete"}
    assert not villages.state().snapshot.offers
    both = applied(villages, run, package_ids=["N1", "R1"], social_work_decisions=DECIDED)
    assert set(offers_of(both)) == {"R1", "N1"}


@ON_SQLITE
def test_steps_that_the_run_does_not_have_are_nothing(villages: Desk) -> None:
    run = ended(villages, kind="reoptimise")
    assert applied(villages, run, steps=[9]) | {"run_id": "", "plan_digest": ""} == {
        "run_id": "",
        "plan_digest": "",
        "applied": [],
        "refused": [],
    }
    both = {"plan_digest": run["plan_digest"], "steps": [1], "package_ids": "all"}
    assert code_of(villages.client.post(f"/v1/runs/{run['run_id']}/apply", json=both)) == (422, "invalid_request")


def test_a_transfer_is_served_with_its_tables_and_letters_and_not_applied(transferable: Desk) -> None:
    """R1 and R4 move: see ``tests/making/transfers.py``."""
    run = ended(transferable, kind="transfer", settings={"transfer": {"area_ids": ["A1"]}})
    assert run["status"] == "succeeded", run["problem"]
    result = result_of(transferable, run)
    assert result["proposals"] == []
    assert result["result"]["need_anybody_move"]["read_first"][0].startswith(
        "Area A1: how much care begins in a month is not known"
    )
    decided = {row["round_id"]: row["decision"] for row in result["result"]["transfers"]}
    assert decided == {"R1": "transfer", "R2": "stay", "R3": "stay", "R4": "transfer"}
    assert {row["package_id"] for row in result["result"]["people"] if row["decision"] == "transfer"} == {"A1", "A2", "D1"}
    explained = transferable.client.get(f"/v1/runs/{run['run_id']}/explanations/A1").json()
    assert explained["person"]["round_id"] == "R1"
    assert explained["letter"]["package_id"] == "A1"
    stays = transferable.client.get(f"/v1/runs/{run['run_id']}/explanations/B1").json()
    assert (stays["person"]["letter"], stays["letter"]) == ("", None), "nobody whom nothing changes is written to"
    asked = {"plan_digest": run["plan_digest"], "package_ids": "all"}
    answer = transferable.client.post(f"/v1/runs/{run['run_id']}/apply", json=asked)
    assert code_of(answer) == (409, "evidence_only")
    assert not transferable.state().snapshot.offers


def test_a_program_is_told_who_goes_where_and_not_who_is_restricted(tmp_path: Path) -> None:
    barred = [
        restriction("ALDER", starts=days(-22)),
        restriction("BRACKEN", kind="capped", new_hours_4w=Fraction(0), starts=days(-9)),
    ]
    people = [package("N1"), package("R1", hours=30, contract_id="F-BRACKEN", care_started=days(-3))]
    county = snapshot(people, [principal("ALDER"), framework("BRACKEN")], restrictions=barred)
    with desk(f"sqlite:///{tmp_path / 'county.db'}", county, role="planner", run_workers=0) as at, at.served.client("job") as job:
        address = f"/v1/runs/{start(job)['run_id']}"
        work_here(at.store, claimed(at.store))
        whole, told = (client.get(f"{address}/result").json() for client in (at.client, job))
        assert "no new work since" in str(whole)
        assert "capped_new_work" in str(whole["result"]["limits_exceeded_on_entry"])
        assert not {"areas", "county_wide_contracts", "limits_exceeded_on_entry", "rules"} & told["result"].keys()
        assert "no new work" not in str(told)
        assert told["result"]["levels"] == whole["result"]["levels"]
        assert told["proposals"] == [each | {"reason": None} for each in whole["proposals"]] != []
        assert code_of(job.get(f"{address}/explanations/N1")) == (403, "forbidden")


def test_a_transfer_goes_by_the_settings_that_were_loaded_with_the_county(tmp_path: Path) -> None:
    june = dt.date(2027, 6, 1)
    set_so = TransferPolicy(wave_weekday="fri", plan_pending=False, extra_holidays=(june,))
    county = replace(small_county(), transfer=set_so)
    with desk(f"sqlite:///{tmp_path / 'county.db'}", county, role="admin", run_workers=0) as at:
        result = result_of(at, ended(at, kind="transfer"))["result"]
    settings = result["settings"]
    assert (settings["wave_weekday"], settings["plan_pending"]) == ("fri", False)
    assert settings["extra_holidays"] == [str(june)]
    assert {dt.date.fromisoformat(row["date"]).weekday() for row in result["transfers"] if row["date"]} == {4}


@ON_SQLITE
def test_what_cannot_be_planned_is_said_and_the_run_has_failed(transferable: Desk) -> None:
    run = ended(transferable, kind="transfer", settings={"transfer": {"area_ids": ["A9"]}})
    assert (run["status"], run["problem"]["code"]) == ("failed", "cannot_plan")
    assert "A9" in run["problem"]["detail"]


@ON_SQLITE
def test_two_plans_of_a_transfer_have_two_digests(transferable: Desk) -> None:
    """The rounds of a plan are what it is known by: nothing else of it is proposed line by line."""
    whole = ended(transferable, kind="transfer")
    with transferable.store.change(PLANNER) as change:
        body = change.state.stock["packages"]["A2"].body
        change.put("packages", "A2", body | {"transfer_decision": "not_suitable"})
    fewer = ended(transferable, kind="transfer")
    assert whole["plan_digest"] != fewer["plan_digest"]


@ON_SQLITE
@pytest.mark.parametrize("kind", ["reoptimise", "stress", "transfer"])
def test_a_cancelled_run_keeps_the_best_plan_so_far(database_url: str, kind: str) -> None:
    """The run is told to stop before its search begins: what it has by then is the plan on entry, and that is its result."""
    with desk(database_url, small_county(), role="admin", run_workers=0) as at:
        run_id = start(at.client, kind=kind)["run_id"]
        claim = claimed(at.store)
        assert at.client.delete(f"/v1/runs/{run_id}").status_code == 202
        work_here(at.store, claim)
        assert until(at.store, run_id, "cancelled").row.plan_digest
        assert result_of(at, {"run_id": run_id})["stopped"] == "cancelled"


@ON_SQLITE
def test_settings_of_a_transfer_go_with_a_transfer(villages: Desk) -> None:
    wrong = {"kind": "allocate", "settings": {"transfer": {"recut": True}}}
    answer = villages.client.post("/v1/runs", json=wrong, headers={"Idempotency-Key": "k"})
    assert code_of(answer) == (422, "invalid_request")
