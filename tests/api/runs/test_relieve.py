"""A relief over HTTP, on both kinds of database: asked for, refused, worked on, read, and its moves applied as offers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from tests.api.databases import ON_SQLITE
from tests.api.desk import Desk, code_of, desk
from tests.api.runs.test_kinds import applied, ended, offers_of, result_of
from tests.api.talking import changed
from tests.making import framework, package, principal, snapshot

pytestmark = ON_SQLITE

Json = dict[str, Any]


@pytest.fixture
def losing(database_url: str) -> Iterator[Desk]:
    """DALE has three people of five hours; ELM has room for one more."""
    people = [
        package("A", contract_id="P-DALE", if_missed="red", transfer_decision="suitable"),
        package("B", contract_id="P-DALE", if_missed="amber", transfer_decision="suitable"),
        package("C", contract_id="P-DALE", if_missed="green", protected="autism"),
    ]
    contracts = [principal("DALE"), framework("ELM", max_hours_4w=Fraction(20))]
    with desk(database_url, snapshot(people, contracts), role="admin", run_workers=0) as at:
        yield at


def asked(**changed: Any) -> Json:
    return {"relieve": {"losses": [{"provider_id": "DALE", "hours_4w": 20}], "from_day": "2026-12-07", **changed}}


def test_a_relief_is_worked_on_and_read(losing: Desk) -> None:
    run = ended(losing, kind="relieve", settings=asked())
    assert run["status"] == "succeeded"
    told = result_of(losing, run)
    result = told["result"]
    decided = {row["package_id"]: row["decision"] for row in result["relief"]}
    assert (sorted(decided.values()), decided["C"]) == (["kept", "moves", "uncovered"], "uncovered")
    assert [level["name"] for level in result["levels"]][:5] == [
        "uncovered_red",
        "uncovered_amber",
        "uncovered_green",
        "protected_uncovered",
        "protected_not_kept",
    ]
    assert [(row["package_id"], row["minutes_per_week"]) for row in result["uncovered_visits"]] == [("C", "300")]
    explained = losing.client.get(f"/v1/runs/{run['run_id']}/explanations/C").json()
    assert (explained["decision"], explained["letter"]["kind"]) == ("uncovered", "looking")


def test_a_move_becomes_an_offer_by_a_recorded_decision_and_nobody_is_ended(losing: Desk) -> None:
    run = ended(losing, kind="relieve", settings=asked())
    [proposal] = result_of(losing, run)["proposals"]
    name = proposal["package_id"]
    first = applied(losing, run, package_ids="all")
    assert [(each["package_id"], each["code"]) for each in first["refused"]] == [(name, "decision_needed")]
    offers = offers_of(applied(losing, run, package_ids="all", social_work_decisions={name: "decision SW-21"}))
    losing.answer(offers[name], "accepted")
    stock = losing.state().stock["packages"]
    assert {each: stored.body["contract_id"] for each, stored in stock.items()} == {
        "A": "P-DALE", "B": "P-DALE", "C": "P-DALE", name: "F-ELM",
    }  # fmt: skip


def test_a_decision_for_a_relief_is_what_its_moves_rest_on(losing: Desk) -> None:
    """One for another kind of move is not; the offer keeps which kind it was made for, and which decision."""
    run = ended(losing, kind="relieve", settings=asked())
    [proposal] = result_of(losing, run)["proposals"]
    decisions, yes = f"/v1/packages/{proposal['package_id']}/decisions", {"decision": "suitable", "why": "Knows ELM."}
    with losing.served.client("social_work") as social:
        assert social.post(decisions, json=yes | {"move": "reoptimise"}).is_success
        refused = applied(losing, run, package_ids="all")["refused"]
        assert [each["code"] for each in refused] == ["decision_needed"]
        assert social.post(decisions, json=yes | {"move": "relieve", "decision_id": "D-7"}).is_success
    [offer_id] = offers_of(applied(losing, run, package_ids="all")).values()
    body = losing.state().stock["offers"][offer_id].body
    assert (body["move"], body["decision_reference"]) == ("relieve", "D-7")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "expected who can deliver less"),
        (asked(losses=[{"provider_id": "NOBODY", "hours_4w": 0}]), "there is no provider NOBODY"),
        (asked(losses=[{"contract_id": "F-ELM", "hours_4w": 0}]), "nobody's care runs with contract F-ELM"),
        (asked(from_day="2026-02-30"), "expected a date"),
        (asked(from_day="2026-11-22"), "lies before the date of the snapshot"),
        (asked(losses=[{"provider_id": "DALE", "contract_id": "P-DALE", "hours_4w": 0}]), "name a provider_id or a contract_id"),
        (asked(losses=[{"provider_id": "DALE", "hours_4w": -1}]), "hours_4w"),
        (asked(not_recorded="blue"), "not_recorded"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_it_is_kept(losing: Desk, settings: Json, said: str) -> None:
    answer = losing.client.post(
        "/v1/runs", json={"kind": "relieve", "settings": settings}, headers={"Idempotency-Key": "one-key-1"}
    )
    assert code_of(answer) == (422, "invalid_request")
    assert said in answer.text


def test_what_is_not_recorded_counts_as_asked(losing: Desk) -> None:
    assert changed(losing.client, "/v1/packages/A", {"if_missed": None}).is_success
    run = ended(losing, kind="relieve", settings=asked(not_recorded="green", letters_to_stayers=True))
    result = result_of(losing, run)["result"]
    assert {row["package_id"]: row["counted_as"] for row in result["relief"]}["A"] == "green"
    assert any("treated as green" in note for note in result["notes"])
    letters = {row["package_id"]: (row["decision"], row["letter"]) for row in result["relief"]}
    assert set(letters.values()) == {("kept", "kept"), ("moves", "new_provider"), ("uncovered", "looking")}, "as asked for"
