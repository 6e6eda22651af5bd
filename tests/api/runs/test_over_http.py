"""Runs over HTTP, on both kinds of database: asked for once, followed, read, cancelled, applied; and by whom."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import httpx
import pytest

from api.runs import following
from api.runs.queue import tell
from api.state.store import Store
from api.storage.database import reading
from tests.api.conftest import Served
from tests.api.runs.test_applying import PLAN
from tests.api.runs.working import asked_for, claimed, start, work_here, worked_on


def events(client: httpx.Client, run_id: str, after: int | None = None) -> list[tuple[int, str]]:
    """The number and name of every event that the stream holds until it ends."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    answer = client.get(f"/v1/runs/{run_id}/events", headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = [dict(line.split(": ", 1) for line in block.splitlines()) for block in answer.text.split("\n\n") if "id: " in block]
    return [(int(each["id"]), each["event"]) for each in told]


def test_the_same_request_is_the_same_run(served: Served) -> None:
    with served.client("planner") as client, served.client("job") as job:
        first = start(client, "monday")
        assert start(client, "monday")["run_id"] == first["run_id"]
        assert start(job, "monday")["run_id"] != first["run_id"]  # everybody has keys of their own
        another = {"kind": "allocate", "settings": {"wall_seconds": 5}}
        other = client.post("/v1/runs", json=another, headers={"Idempotency-Key": "monday"})
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
        assert client.post("/v1/runs", json={"kind": "allocate"}).json()["code"] == "invalid_request"  # no key


def test_many_that_send_the_same_request_at_once_get_one_run(served: Served) -> None:
    found: list[str] = []

    def ask() -> None:
        with served.client("planner") as client:
            found.append(start(client, "at-once")["run_id"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


WRONG = [
    {"kind": "guess"},
    {"kind": "allocate", "surprise": 1},
    {"kind": "allocate", "settings": {"wall_seconds": "600"}},
    {"kind": "allocate", "settings": {"wall_seconds": -1}},
    {"kind": "allocate", "settings": {"effort": {"nodes": 1.5}}},
    {"kind": "allocate", "settings": {"effort": {"nodes": 10**30}}},
    {"kind": "allocate", "settings": {"policy": {"share_tolerance": 0.9}}},
    {"kind": "allocate", "settings": {"policy": {"band_limits_miles": [6, 3]}}},
    {"kind": "allocate", "settings": {"policy": {"bar_cqc": ["terrible"]}}},
    {"kind": "allocate", "settings": {"policy": {"nonsense": 1}}},
]


def test_wrong_settings_are_refused_before_anything_is_queued(served: Served) -> None:
    with served.client("planner") as client:
        for number, body in enumerate(WRONG):
            answer = client.post("/v1/runs", json=body, headers={"Idempotency-Key": str(number)})
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), body
        nan = client.post(
            "/v1/runs",
            content='{"kind": "allocate", "settings": {"wall_seconds": NaN}}',
            headers={"Idempotency-Key": "nan", "Content-Type": "application/json"},
        )
        assert nan.status_code == 422
        assert client.get("/v1/runs").json() == {"items": [], "next_cursor": None}


def test_a_run_is_followed_from_anywhere_to_its_end(served: Served, store: Store) -> None:
    run_id = worked_on(store)
    with served.client("job") as client:
        told = events(client, run_id)
        assert [seq for seq, _ in told] == list(range(1, len(told) + 1))
        assert [name for _, name in told if name != "progress"] == ["queued", "started", "succeeded"]
        assert "progress" in {name for _, name in told}
        assert events(client, run_id, after=told[-2][0]) == told[-1:]
        assert events(client, run_id, after=told[-1][0]) == []
        assert client.get(f"/v1/runs/{'0' * 32}/events").status_code == 404


def test_whoever_follows_hears_of_it_at_once_and_that_we_are_there(
    served: Served, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "HEARTBEAT_SECONDS", 0.1)
    monkeypatch.setattr(following, "POLL_SECONDS", 0.05)
    run_id = asked_for(store)
    claim = claimed(store)
    with served.client("planner") as client, client.stream("GET", f"/v1/runs/{run_id}/events") as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith(":")) == ": still there"
        assert tell(store.engine, claim, dt.datetime.now(dt.UTC), {"level": "unmet", "value": 5, "bound": 3})
        assert next(line for line in lines if line.startswith("event: ")) == "event: progress"
        assert '"value":5' in next(lines)
        work_here(store, claim)
        assert [line for line in lines if line.startswith("event: ")][-1] == "event: succeeded"


def test_a_run_its_result_and_its_reasons_are_read(served: Served, store: Store) -> None:
    run_id = worked_on(store)
    with served.client("planner") as client:
        answer = client.get(f"/v1/runs/{run_id}")
        body = answer.json()
        assert (body["status"], body["attempts"], body["state_version"], body["problem"]) == ("succeeded", 1, 1, None)
        assert body["progress"]["gap"] == 0
        same = client.get(f"/v1/runs/{run_id}", headers={"If-None-Match": answer.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
        result = client.get(f"/v1/runs/{run_id}/result").json()
        assert result["plan_digest"] == body["plan_digest"]
        assert {each["package_id"]: each["contract_id"] for each in result["proposals"]} == PLAN | {"N6": None, "N7": None}
        assert all(level["proven"] for level in result["result"]["levels"])
        assert client.get(f"/v1/runs/{run_id}/explanations/N6").json()["outcome"] == "unmet"
        assert client.get(f"/v1/runs/{run_id}/explanations/N99").json()["code"] == "not_found"
        waiting = asked_for(store)
        assert client.get(f"/v1/runs/{waiting}/result").json()["code"] == "no_result"
        assert client.get("/v1/runs/1").json()["code"] == "invalid_request"
    with reading(store.engine) as connection:
        rows = connection.exec_driver_sql("SELECT role, subject FROM audit WHERE action = 'run.explanation.read'").all()
    assert [tuple(row) for row in rows] == [("planner", "N6"), ("planner", "N99")]


def test_runs_come_in_pages_newest_first(served: Served, store: Store) -> None:
    made = [asked_for(store) for _ in range(5)][::-1]
    with served.client("planner") as client:
        found: list[str] = []
        cursor: str | None = None
        for _ in range(3):
            page = client.get("/v1/runs", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
            found += [each["run_id"] for each in page["items"]]
            cursor = page["next_cursor"]
        assert (found, cursor) == (made, None)
        for wrong in ("x", "bm8", "WzEsMl0", "WyJcdTAwMDAiLCIiXQ"):
            assert client.get("/v1/runs", params={"cursor": wrong}).json()["code"] == "invalid_request"


def test_a_run_is_cancelled_by_delete_and_stays_so(served: Served, store: Store) -> None:
    with served.client("planner") as client:
        run_id = start(client)["run_id"]
        assert client.delete(f"/v1/runs/{run_id}").json()["status"] == "cancelled"
        assert client.delete(f"/v1/runs/{run_id}").status_code == 202
        assert client.delete(f"/v1/runs/{'0' * 32}").json()["code"] == "not_found"
        done = worked_on(store)
        assert client.delete(f"/v1/runs/{done}").json()["status"] == "succeeded"


def test_a_job_cancels_its_own_runs_and_nobody_elses(served: Served) -> None:
    with served.client("planner") as planner, served.client("job") as job:
        theirs, own = start(planner)["run_id"], start(job)["run_id"]
        refused = job.delete(f"/v1/runs/{theirs}")
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert planner.get(f"/v1/runs/{theirs}").json()["status"] == "queued"
        assert job.delete(f"/v1/runs/{own}").json()["status"] == "cancelled"
        assert job.delete(f"/v1/runs/{'0' * 32}").json()["code"] == "not_found"


def apply(client: httpx.Client, run_id: str, **body: Any) -> httpx.Response:
    return client.post(f"/v1/runs/{run_id}/apply", json={"package_ids": "all", **body})


def test_a_person_applies_the_plan_that_they_saw(served: Served, store: Store) -> None:
    run_id = worked_on(store)
    with served.client("planner") as client:
        digest = client.get(f"/v1/runs/{run_id}").json()["plan_digest"]
        assert apply(client, run_id, plan_digest="0" * 64).json()["code"] == "another_plan"
        assert apply(client, run_id, plan_digest=digest, **{"as": "accepted"}).status_code == 422  # without evidence
        some = apply(client, run_id, plan_digest=digest, package_ids=["N4", "N6"]).json()
        assert [each["package_id"] for each in some["applied"]] == ["N4"]
        assert [(each["package_id"], each["code"]) for each in some["refused"]] == [("N6", "not_proposed")]
        everything = apply(client, run_id, plan_digest=digest).json()
        assert [(each["package_id"], each["before"]) for each in everything["applied"]] == [(each, each == "N4") for each in PLAN]
        assert apply(client, asked_for(store), plan_digest=digest).json()["code"] == "no_result"
        assert apply(client, "0" * 32, plan_digest=digest).json()["code"] == "not_found"


def test_jobs_start_and_read_but_never_apply_and_viewers_see_nothing(served: Served, store: Store) -> None:
    run_id = asked_for(store)
    body = {"plan_digest": "0" * 64, "package_ids": "all"}
    with served.client("job") as job, served.client("viewer") as viewer:
        assert apply(job, run_id, **body).json()["code"] == "forbidden"
        assert job.post("/v1/checks", json={"plan": {}}).json()["code"] == "forbidden"
        assert job.get("/v1/runs").status_code == 200
        for path in ("/v1/runs", f"/v1/runs/{run_id}", f"/v1/runs/{run_id}/events", f"/v1/runs/{run_id}/result"):
            assert viewer.get(path).json()["code"] == "forbidden"
        assert viewer.post("/v1/runs", json={"kind": "allocate"}, headers={"Idempotency-Key": "v"}).json()["code"] == "forbidden"
        assert viewer.delete(f"/v1/runs/{run_id}").json()["code"] == "forbidden"
