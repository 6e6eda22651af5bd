"""Providers, contracts and restrictions over HTTP."""

from __future__ import annotations

from pathlib import Path

from api.state.store import Store
from optimiser.domain.snapshot import OwnColumns
from optimiser.io.likely_typos import SAME_BUT_FOR_LOOKS
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.packages.test_packages import trail
from tests.api.talking import MORNINGS, REQUEST, changed, code, exported

WHY = {"reason": "their letter of today"}
NEW = {"restriction_id": "X7", "provider_id": "DOCK", "starts": "2026-11-23", "kind": "no_new_work", **WHY}


def test_a_provider_says_what_it_can_take_on(served: Served, store: Store, tmp_path: Path) -> None:
    with served.client("planner") as client:
        before = client.get("/v1/providers/DOCK")
        done = changed(client, "/v1/providers/DOCK", {"max_hours_4w": 50.5, "skills": ["medication", "dementia"], **WHY})
        after = {"max_hours_4w": 50.5, "skills": ["dementia", "medication"], "notes": [], "prices": None, "dry_run": False}
        assert done.json() == before.json() | after
        assert client.get("/v1/providers/DOCK", headers={"If-None-Match": done.headers["etag"]}).status_code == 304
        assert changed(client, "/v1/providers/DOCK", {"max_hours_4w": None, **WHY}).json()["max_hours_4w"] is None
        for wrong in ({"max_hours_4w": -1}, {"max_hours_4w": 1e9}, {"cqc_rating": "splendid"}, {"provider_id": "D"}, {}):
            assert code(changed(client, "/v1/providers/DOCK", wrong | WHY)) == (422, "invalid_request")
        assert code(changed(client, "/v1/providers/DOCK", {"max_hours_4w": 1})) == (422, "invalid_request"), "a reason is needed"
    assert [details["reason"] for _, details in trail(store, "providers.change")] == [WHY["reason"]] * 2
    assert next(each for each in exported(store, tmp_path / "out").providers if each.provider_id == "DOCK").max_hours_4w is None


@ON_SQLITE
def test_a_contracts_maximum_is_the_contract_officers(served: Served, store: Store) -> None:
    with served.client("planner") as client:
        assert code(changed(client, "/v1/contracts/P-ALDER", {"max_hours_4w": 280, **WHY})) == (403, "forbidden")
    with served.client("contracts") as client:
        assert changed(client, "/v1/contracts/P-ALDER", {"max_hours_4w": 280, **WHY}).json()["max_hours_4w"] == 280
        assert code(changed(client, "/v1/contracts/P-ALDER", {"tier": "legacy", **WHY})) == (422, "invalid_request")
    assert store.state().county.contracts[store.state().county.contract_index["P-ALDER"]].max_hours_4w == 280
    ((_, details),) = trail(store, "contracts.change")
    assert (details["before"], details["after"]) == ({"max_hours_4w": "240"}, {"max_hours_4w": "280"})


def test_a_restriction_leaves_running_care_alone(served: Served, store: Store, tmp_path: Path) -> None:
    running = store.state().standing_plan.plan
    with served.client("planner") as client:
        made = client.post("/v1/restrictions", json=NEW)
        assert (made.status_code, made.headers["location"]) == (201, "/v1/restrictions/X7")
        assert code(client.post("/v1/restrictions", json=NEW)) == (409, "already_there")
        capped = NEW | {"restriction_id": "X8", "kind": "capped"}
        assert code(client.post("/v1/restrictions", json=capped)) == (422, "refused"), "a cap needs its hours"
        assert code(client.post("/v1/restrictions", json=NEW | {"restriction_id": "X8", "provider_id": "NO"})) == (422, "refused")
        assert code(changed(client, "/v1/restrictions/X7", {"ends": "2026-11-01", **WHY})) == (422, "refused")
        assert changed(client, "/v1/restrictions/X7", {"ends": "2027-02-01", **WHY}).json()["ends"] == "2027-02-01"
        ids = [each["restriction_id"] for each in client.get("/v1/restrictions", params={"in_force": True}).json()["items"]]
        assert ids == ["X7"]
    assert store.state().standing_plan.plan == running, "running care is left alone"
    assert len(exported(store, tmp_path / "out").restrictions) == 2


@ON_SQLITE
def test_a_skill_that_the_last_provider_no_longer_has_is_noted(served: Served) -> None:
    lacking = "no provider has a skill that is needed, so nobody can be asked"
    with served.client("planner") as client:
        reason = {"reason": "their message of this morning"}
        holders = [p["provider_id"] for p in client.get("/v1/providers").json()["items"] if "learning_disability" in p["skills"]]
        answers = [
            changed(client, f"/v1/providers/{each}", {"skills": ["medication", "Learning-disability"], **reason})
            for each in holders
        ]
        assert [answer.status_code for answer in answers] == [200] * len(holders)
        assert [answer.json()["notes"] for answer in answers[:-1]] == [[]] * (len(holders) - 1), "another still has it"
        assert answers[-1].json()["notes"] == [f"{lacking} ({SAME_BUT_FOR_LOOKS})"]
        again = changed(client, f"/v1/providers/{holders[0]}", {"max_hours_4w": 50, **reason})
        assert again.json()["notes"] == [], "only what is new is noted"


@ON_SQLITE
def test_a_restriction_that_starts_in_another_century_is_noted(served: Served) -> None:
    with served.client("planner") as client:
        made = client.post("/v1/restrictions", json=NEW | {"starts": "2126-11-23", "ends": None})
        assert (made.status_code, made.json()["notes"]) == (
            201,
            ["review_on is more than 20 years from 2026-11-23", "starts is more than 20 years from 2026-11-23"],
        )
        assert "notes" not in client.get(made.headers["location"]).json()


def test_what_stands_in_columns_of_their_own_is_read_set_and_exported(served: Served, store: Store, tmp_path: Path) -> None:
    with served.client("admin") as client:
        set_to = {"extra": {"our_line": "=4711", "lot": "North"}, **WHY}
        assert changed(client, "/v1/contracts/P-ALDER", set_to).json()["extra"] == set_to["extra"]
        after = changed(client, "/v1/contracts/P-ALDER", {"extra": {"lot": "", "ref": "a,b"}, **WHY}).json()["extra"]
        assert after == {"our_line": "=4711", "ref": "a,b"}, "what is not named stays, what is empty goes"
        assert changed(client, "/v1/providers/DOCK", {"extra": {"ukprn": "10001"}, **WHY}).json()["extra"] == {"ukprn": "10001"}
        assert client.post("/v1/restrictions", json=NEW | {"extra": {"case": "Q1"}}).json()["extra"] == {"case": "Q1"}
        assert changed(client, "/v1/restrictions/X7", {"extra": {"case": "Q2"}, **WHY}).json()["ends"] is None
        for address in ("/v1/areas/A1", "/v1/surgeries/S1"):
            assert changed(client, address, {"extra": {"ward": "7"}, **WHY}).json()["extra"] == {"ward": "7"}
            assert client.get(address).json()["extra"] == {"ward": "7"}
        price = {"contract_id": "P-ALDER", "starts": "2027-04-08", "rate_band_1": 26.1, "extra": {"line": "1"}, **WHY}
        assert client.post("/v1/rates", json=price).json()["extra"] == {"line": "1"}
        made = client.post(
            "/v1/packages", json=REQUEST | {"extra": {"our_line_id": "77"}, "visits": [MORNINGS | {"extra": {"k": "v"}}]}
        )
        assert (made.json()["extra"], made.json()["visits"][0]["extra"]) == ({"our_line_id": "77"}, {"k": "v"})
        assert changed(client, "/v1/packages/N9", {"priority": "urgent"}).json()["extra"] == {"our_line_id": "77"}
        wrong = [
            {"tier": "x"},
            {" ": "x"},
            {"a\nb": "x"},
            {"a": 1},
            {"a": "x" * 10_001},
            {"a": "\x00"},
            {"n" * 101: "x"},
            [],
            None,
        ]
        for extra in (*wrong, {f"c{n}": "x" for n in range(101)}):
            answer = changed(client, "/v1/contracts/P-ALDER", {"extra": extra, **WHY})
            assert code(answer) == (422, "invalid_request")
        many = {f"c{n}": "x" for n in range(99)}
        refused = changed(client, "/v1/contracts/P-ALDER", {"extra": many, **WHY})
        assert (code(refused), "at most 100 columns" in refused.text) == ((422, "refused"), True)
    extra = exported(store, tmp_path / "out").extra
    assert extra["contracts"] == OwnColumns(("our_line", "ref"), {"P-ALDER": {"our_line": "=4711", "ref": "a,b"}})
    assert extra["packages"].cells == {"N9": {"our_line_id": "77"}}
    assert sorted(extra) == ["areas", "contracts", "packages", "providers", "rates", "restrictions", "surgeries", "visits"]
    before, after = trail(store, "contracts.change")[1][1]["before"], trail(store, "contracts.change")[1][1]["after"]
    assert (before, after) == ({"extra": {"lot": "North", "ref": ""}}, {"extra": {"lot": "", "ref": "a,b"}})
