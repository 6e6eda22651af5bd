"""A transfer's plan with an agreed limit, released by a named person: each provider reads of its own rounds, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from api.released_transfers.rounds_told import statements_of
from tests.api.desk import Desk, code_of, desk
from tests.api.pages.reading import Browser
from tests.api.runs.working import claimed, start, work_here
from tests.api.statements.test_statements import at_provider
from tests.making.transfers import small_county

Json = dict[str, Any]
CONTACT = "Ada Carter, transition team, 01603 555 0100"
LIMIT = {"provider_id": "OLD", "hours_per_week": 12, "reason": "It would have to close its night rota."}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """OLD has R1 (10 hours, which may move), R2 (somebody protected) and R4 (5 hours); SMALL has R3, a quarter of its work."""
    url = f"sqlite:///{tmp_path_factory.mktemp('released') / 'county.db'}"
    with desk(url, small_county(), role="transition", run_workers=0) as found:
        yield found


@pytest.fixture(scope="module")
def run(at: Desk) -> Json:
    return planned(at, limits=[LIMIT])


def planned(at: Desk, **settings: Any) -> Json:
    run_id = start(at.client, kind="transfer", settings={"transfer": {"area_ids": ["A1"], **settings}})["run_id"]
    work_here(at.store, claimed(at.store))
    found: Json = at.client.get(f"/v1/runs/{run_id}").json()
    assert found["status"] == "succeeded", found
    return found


def by_provider(answer: Json) -> dict[str, Json]:
    return {each["provider_id"]: each for each in answer["items"]}


def test_a_limit_that_was_agreed_is_kept_over_http_and_what_is_wrong_with_one_is_told(at: Desk, run: Json) -> None:
    result = at.client.get(f"/v1/runs/{run['run_id']}/result").json()["result"]
    assert [(each["round_id"], each["decision"]) for each in result["transfers"]] == [
        ("R1", "transfer"), ("R2", "stay"), ("R3", "stay"), ("R4", "stay"),
    ]  # fmt: skip
    assert result["agreed_limits"][0]["reason"] == LIMIT["reason"] and result["in_the_way"]["R4"] == ["destabilisation"]
    for wrong in ({**LIMIT, "share": 0.1}, {"provider_id": "OLD", "reason": "Why not"}):
        asked = {"kind": "transfer", "settings": {"transfer": {"limits": [wrong]}}}
        answer = at.client.post("/v1/runs", json=asked, headers={"Idempotency-Key": f"wrong-{len(wrong)}"})
        assert code_of(answer) == (422, "invalid_request") and "one of the two" in answer.text
    for limits, said in (([LIMIT, LIMIT], "found OLD again"), ([{**LIMIT, "provider_id": "NO"}], "none called NO")):
        asked = {"kind": "transfer", "settings": {"transfer": {"limits": limits}}}
        answer = at.client.post("/v1/runs", json=asked, headers={"Idempotency-Key": said.replace(" ", "-")})
        assert answer.status_code == 422 and said in answer.text


def test_what_each_provider_would_read(at: Desk, run: Json) -> None:
    told = by_provider(at.client.get(f"/v1/runs/{run['run_id']}/provider-statements").json())
    assert told.keys() == {"OLD", "SMALL"}
    old = told["OLD"]
    assert [(each["round_id"], each["date"], each["people"], each["hours_per_week"], each["to"]) for each in old["moves"]] == [
        ("R1", "2027-03-01", 2, 10.0, "Newholme Care")
    ]
    assert [(each["round_id"], each["why"]) for each in old["stays"]] == [("R2", "moves_whole"), ("R4", "own_limit")]
    assert (old["hours_per_week"], old["hours_that_move"], old["largest_share_in_a_year"]) == (100.0, 10.0, 0.1)
    assert (old["most_share_in_a_year"], old["agreed_because"]) == (0.12, LIMIT["reason"])
    assert [(each["round_id"], each["why"]) for each in told["SMALL"]["stays"]] == [("R3", "own_limit")]
    assert told["SMALL"]["agreed_because"] is None and told["SMALL"]["most_share_in_a_year"] == 0.15


def test_it_is_read_once_released_and_of_its_own_rounds_alone(at: Desk, run: Json) -> None:
    address = f"/v1/runs/{run['run_id']}"
    release = {"plan_digest": run["plan_digest"], "contact": CONTACT}
    with at.served.client_of("OLD") as old, at.served.client_of("NEW", "Nora New") as new:
        assert old.get("/v1/own/transfers").json() == {"items": []}
        assert code_of(old.get(f"/v1/own/transfers/{run['run_id']}")) == (404, "not_found")
        assert code_of(at.client.post(f"{address}/release", json={**release, "plan_digest": "no"})) == (409, "another_plan")
        with at.served.client("planner") as planner, at.served.client("contracts") as officer:
            assert code_of(planner.post(f"{address}/release", json=release)) == (403, "forbidden")
            assert officer.get(f"{address}/provider-statements").status_code == 200
        made = at.client.post(f"{address}/release", json=release).json()
        assert made["provider_ids"] == ["OLD", "SMALL"] and made["released_by"].startswith("a transition (")
        assert code_of(at.client.post(f"{address}/release", json=release)) == (409, "released_already")
        assert at.client.get("/v1/released-transfers").json()["items"] == [made]

        (mine,) = old.get("/v1/own/transfers").json()["items"]
        answer = old.get(f"/v1/own/transfers/{run['run_id']}")
        assert answer.json() == mine and (mine["contact"], mine["released_by"]) == (CONTACT, "a transition")
        assert "SMALL" not in answer.text and "R3" not in answer.text
        assert not any(name in answer.text for name in ("complex", "B1", "B2", "D1"))
        assert code_of(new.get(f"/v1/own/transfers/{run['run_id']}")) == (404, "not_found"), "it gets care, and loses none"
        assert code_of(new.get("/v1/own/transfers/none")) == (404, "not_found")
        assert code_of(old.get(f"{address}/provider-statements")) == (403, "forbidden")

        with at_provider(at.served, "OLD", "Sam Marsh") as sam:
            assert f"/own/transfers/{run['run_id']}" in [each["href"] for each in sam.read("/own/transfers").all("a")]
            page = sam.read(f"/own/transfers/{run['run_id']}")
            assert "moves on 1 March 2027" in page.words and CONTACT in page.words and "Newholme Care" in page.words
            assert "No more of your hours may leave you within a year" in page.words and "12.0%" in page.words
            assert "protect" not in page.words and "Small" not in page.words

        assert at.client.post(f"{address}/withdraw-release", json={"reason": "It is planned again"}).json() == {
            "run_id": run["run_id"]
        }
        assert code_of(at.client.post(f"{address}/withdraw-release", json={"reason": "Again"})) == (404, "not_found")
        assert old.get("/v1/own/transfers").json() == {"items": []}
    actions = [row["action"] for row in at.trail()]
    assert actions.count("transfer.released") == 1 and actions.count("transfer.release_withdrawn") == 1


def test_a_planner_of_transfers_releases_on_a_page(at: Desk, run: Json) -> None:
    team = Browser(at.served)
    with team.client:
        team.signed_in(at.served.key("transition"))
        address = f"/plans/{run['run_id']}/providers"
        assert address in [each["href"] for each in team.read(f"/plans/{run['run_id']}").all("a")]
        page = team.read(address)
        assert "Oldfield Care" in page.words and "1 round moves, 2 stay" in page.words
        (seen,) = [each["value"] for each in page.all("input") if each.get("name") == "seen"]
        assert team.post(f"{address}/release", {"seen": seen, "contact": ""}).status_code == 422
        assert team.post(f"{address}/release", {"seen": "another", "contact": CONTACT}).status_code == 409
        assert team.post(f"{address}/release", {"seen": seen, "contact": CONTACT}).status_code == 303
        assert "Released by a transition" in team.read(f"{address}?done=released").words
        assert team.post(f"{address}/withdraw", {"reason": "x"}).status_code == 422
        assert team.post(f"{address}/withdraw", {"reason": "It is planned again"}).status_code == 303
        assert "Released by" not in team.read(address).words


def test_what_is_no_plan_of_rounds_is_not_released(at: Desk) -> None:
    run_id = start(at.client, kind="reoptimise")["run_id"]
    assert code_of(at.client.get(f"/v1/runs/{run_id}/provider-statements")) == (409, "no_transfer")
    waits = start(at.client, kind="transfer")["run_id"]
    assert code_of(at.client.get(f"/v1/runs/{waits}/provider-statements")) == (409, "no_result")
    assert code_of(at.client.get("/v1/runs/none/provider-statements")) == (404, "not_found")
    work_here(at.store, claimed(at.store)), work_here(at.store, claimed(at.store))
    back = start(at.client, kind="transfer", settings={"transfer": {"hand_back_of": "L-OLD"}})["run_id"]
    work_here(at.store, claimed(at.store))
    assert code_of(at.client.get(f"/v1/runs/{back}/provider-statements")) == (409, "no_transfer")


SECRETS: Mapping[str, Json] = {
    "protected and decided": {"protected": "end_of_life", "transfer_decision": "not_suitable"},
    "refused the principal": {"protected": "", "excluded_provider_ids": ("NEW",)},
    "a need": {"protected": "", "skills": ("dementia",)},
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_why_somebody_keeps_a_round_is_told_to_nobody(tmp_path: Path, at: Desk, run: Json, secret: Json) -> None:
    """Counties that differ in why B1 may not move give OLD the same bytes."""
    usual = at.client.get(f"/v1/runs/{run['run_id']}/provider-statements").content
    with desk(f"sqlite:///{tmp_path / 'county.db'}", small_county({"B1": secret}), role="transition", run_workers=0) as other:
        made = planned(other, limits=[LIMIT])
        assert other.client.get(f"/v1/runs/{made['run_id']}/provider-statements").content == usual


def test_a_round_of_which_a_part_moves_says_so(at: Desk) -> None:
    rounds: list[Json] = [
        {"round_id": "R9", "decision": "stay", "from_provider_id": "OLD", "recut_of": "", "area_id": "A1", "people": "3",
         "hours_per_week": "9.00", "staff": "2"},
        {"round_id": "R9-cut1", "decision": "transfer", "from_provider_id": "OLD", "recut_of": "R9", "area_id": "A1",
         "people": "2", "hours_per_week": "5.00", "staff": "", "date": "2027-03-01", "to_contract_id": "P-GONE",
         "agreement_by": "2026-12-21"},
    ]  # fmt: skip
    impact = [
        {
            "provider_id": "OLD",
            "hours_before": "100.00",
            "hours_moved": "5.00",
            "largest_year_share": "0.050000",
            "warning": "false",
        }
    ]
    result = {"as_of": "2026-11-23", "transfers": rounds, "impact": impact, "settings": {"destabilisation_limit": 0.15}}
    told = statements_of(at.state(), result)["OLD"]
    assert [(each["round_id"], each["why"]) for each in told["stays"]] == [("R9", "part_moves")]
    assert [(each["part_of"], each["to"], each["agreement_by"]) for each in told["moves"]] == [("R9", "P-GONE", "2026-12-21")]
