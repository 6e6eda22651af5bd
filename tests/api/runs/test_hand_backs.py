"""Runs of the kind ``transfer`` that plan a hand-back, or stay close to an earlier plan, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.desk import Desk, Json, desk
from tests.api.runs.working import claimed, start, work_here
from tests.api.talking import code
from tests.making.transfers import small_county


@pytest.fixture
def transferable(tmp_path: Path) -> Iterator[Desk]:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", small_county(), run_workers=0) as at:
        yield at


def planned(at: Desk, **transfer: object) -> Json:
    """The result of a run of the kind ``transfer``, worked on here."""
    asked = start(at.client, kind="transfer", settings={"transfer": transfer})
    work_here(at.store, claimed(at.store))
    found = at.client.get(f"/v1/runs/{asked['run_id']}/result")
    assert found.status_code == 200, at.client.get(f"/v1/runs/{asked['run_id']}").text
    return dict(found.json()) | {"run_id": asked["run_id"]}


def test_a_hand_back_has_a_line_and_a_letter_for_everybody(transferable: Desk) -> None:
    """Small's: C1 in a round, Y1 in none (see ``tests/making/transfers.py``)."""
    contract_id = next(each.contract_id for each in transferable.state().snapshot.packages if each.package_id == "C1")
    made = planned(transferable, hand_back_of=contract_id)
    lines = made["result"]["hand_back"]
    on_it = {each.package_id for each in transferable.state().snapshot.packages if each.contract_id == contract_id}
    assert {line["package_id"] for line in lines} == on_it
    assert (made["result"]["command"], made["result"]["contract_id"], made["proposals"]) == ("hand-back", contract_id, [])
    letter = transferable.client.get(f"/v1/runs/{made['run_id']}/explanations/C1").json()["letter"]
    assert letter["kind"] in ("new_provider", "looking")
    assert letter["kind"] == next(line["letter"] for line in lines if line["package_id"] == "C1")
    address = f"/v1/runs/{made['run_id']}/explanations/{{}}/letter"
    as_text = transferable.client.get(address.format("C1"), params={"format": "text"}).text
    assert " ".join(letter["paragraphs"][0].split()) in " ".join(as_text.split())
    assert code(transferable.client.get(address.format("none-such"))) == (404, "not_found")


def test_what_is_agreed_stays_and_an_earlier_plan_is_kept_close_to(transferable: Desk) -> None:
    """R1 and R4 move on 1 March 2027 of themselves; a plan that had them later keeps them there."""
    first = {row["round_id"]: row["date"] for row in planned(transferable)["result"]["transfers"]}
    assert {name for name, day in first.items() if day} == {"R1", "R4"}
    later = {"R1": "2027-05-24", "R4": "2027-05-24", "R2": None, "R3": None}
    second = {row["round_id"]: row["date"] for row in planned(transferable, earlier=later)["result"]["transfers"]}
    assert second == {name: day or "" for name, day in later.items()}
    third = planned(transferable, agreed={"R1": "2027-01-04"})["result"]["transfers"]
    assert next(row["date"] for row in third if row["round_id"] == "R1") == "2027-01-04", "within the lead time, as agreed"


def test_moves_made_count_in_what_leaves_a_provider(transferable: Desk) -> None:
    state = transferable.state()
    holder = state.county.provider(int(state.county.running_on[state.county.package_index["A1"]])).provider_id
    made = {"date": "2026-11-01", "package_id": "GONE", "from_provider_id": holder, "hours_per_week": 40}
    moved = planned(transferable, history=[made])["result"]["transfers"]
    days = [row["date"] for row in moved if row["from_provider_id"] == holder and row["date"]]
    assert len(days) == 2
    assert min(days) >= "2027-11-01", "more than 15% has left it within the year before that"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"hand_back_of": "NOBODYS"}, "there is none called NOBODYS"),
        ({"hand_back_of": "X", "recut": True}, "hand_back_of stands alone"),
        ({"earlier": {"R1": "1 March"}}, "pattern"),
        ({"agreed": {"R1": "2027-02-30"}}, "day is out of range"),
        (
            {"history": [{"date": "2099-01-01", "package_id": "A1", "from_provider_id": "S", "hours_per_week": 1}]},
            "found 2099-01-01",
        ),
    ],
)
def test_wrong_settings_are_told_before_the_run_is_kept(transferable: Desk, wrong: Json, told: str) -> None:
    body = {"kind": "transfer", "settings": {"transfer": wrong}}
    answer = transferable.client.post("/v1/runs", json=body, headers={"Idempotency-Key": "wrong"})
    assert code(answer) == (422, "invalid_request")
    assert told in str(answer.json()["faults"])
