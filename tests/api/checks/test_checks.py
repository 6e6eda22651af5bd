"""A plan made by hand, over HTTP: every broken rule, and the levels beside the optimum's."""

from __future__ import annotations

from typing import Any

import pytest

from api.state.store import Store
from tests.api.conftest import Served
from tests.api.runs.test_applying import PLAN, changed
from tests.api.runs.working import asked_for, worked_on

BEST = {
    "unmet_urgent": 0,
    "unmet_discharge": 0,
    "unmet": 2_040,
    "legacy": 600,
    "principal_first": 300,
    "volume_share": 600,
    "disruption": 0,
    "cost": 212_200,
    "travel": 64_000,
}


def check(served: Served, plan: dict[str, str | None], status: int = 200, **more: Any) -> dict[str, Any]:
    with served.client("planner") as client:
        answer = client.post("/v1/checks", json={"plan": plan, **more})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_plan_worked_out_on_paper_is_as_good_as_the_optimum(served: Served, store: Store) -> None:
    run_id = worked_on(store)
    found = check(served, {**PLAN})
    assert (found["legal"], found["findings"]) == (True, [])
    assert {each["name"]: each["value"] for each in found["levels"]} == BEST
    assert {each["name"]: each["behind"] for each in found["levels"]} == dict.fromkeys(BEST, 0)
    assert all(each["optimum"]["proven"] for each in found["levels"])
    assert (found["optimum"]["run_id"], found["optimum"]["same_county"]) == (run_id, True)


def test_every_broken_rule_is_told_with_its_figures(served: Served) -> None:
    found = check(served, {"N1": "P-ALDER", "N2": "P-ALDER", "N5": "P-ALDER", "N4": "P-ALDER", "R1": None, "N7": "L-DOCK"})
    assert not found["legal"]
    told = {(each["subject"], each["rule"]) for each in found["findings"]}
    assert ("N4 on P-ALDER", "no_standing_decline") in told
    assert ("R1", "running_care_stays") in told
    assert ("N7", "pending_offer_waits") in told
    full = check(served, dict.fromkeys(("N1", "N2", "N5"), "P-ALDER"))["findings"]
    assert [(each["subject"], each["rule"], each["measured"], each["limit"]) for each in full] == [
        ("P-ALDER", "contract_hours", 3_900, "3600")
    ]


def test_without_a_run_on_the_county_as_it_is_there_is_nothing_to_compare_with(served: Served, store: Store) -> None:
    assert check(served, {})["optimum"] is None
    earlier = worked_on(store, policy={"person_minutes": 0})
    assert "POST /v1/runs" in check(served, {})["how_to_compare"]  # it had settings of its own
    named = check(served, {"N6": None}, run_id=earlier)
    assert named["optimum"]["same_county"] is False
    worked_on(store)
    changed(store, "contracts", "P-ALDER", max_hours_4w="236")
    assert check(served, {})["optimum"] is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"plan": {"N99": "P-ALDER", "N1": "Q-NOBODY"}},
            ["plan: there is no package 'N99'", "plan: there is no contract 'Q-NOBODY'"],
        ),
        ({"plan": {"N1": 7}}, None),
        ({"plan": {"N1": "P-ALDER"}, "surprise": True}, None),
        ({}, None),
    ],
)
def test_what_the_county_does_not_have_is_refused(served: Served, body: dict[str, Any], said: list[str] | None) -> None:
    with served.client("planner") as client:
        answer = client.post("/v1/checks", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert said is None or answer.json()["faults"] == said


def test_a_run_without_a_result_is_nothing_to_compare_with(served: Served, store: Store) -> None:
    assert check(served, {}, 404, run_id="0" * 32)["code"] == "not_found"
    assert check(served, {}, 404, run_id=asked_for(store))["code"] == "not_found"
