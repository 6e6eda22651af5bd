"""Nobody takes all of the service: shares of the queue, of requests and of those who follow; and whose turn it is."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.forgetting.acts import forget_old_runs
from api.http.errors import Problem
from api.runs import following, newsroom
from api.runs.queue import tell
from api.security.allowances import Allowances
from api.security.keys import list_keys, revoke_key
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER
from tests.api.desk import Desk, code_of, desk
from tests.api.runs.working import asked_for, calling, claimed, next_claim, settings_of, start, worked_on

BEN, CARLA = Actor("Ben Planner", "planner"), Actor("Carla Planner", "planner")


@contextmanager
def at_a_desk(tmp_path: Path, small: Snapshot, **settings: Any) -> Iterator[Desk]:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", small, run_workers=0, **settings) as at:
        yield at


def asked(client: httpx.Client, key: str, **settings: float) -> httpx.Response:
    return client.post("/v1/runs", json={"kind": "allocate", "settings": settings}, headers={"Idempotency-Key": key})


def makes_room(client: httpx.Client, address: str) -> bool:
    with client.stream("GET", address) as stream:
        return stream.status_code == 200


def test_the_queue_goes_round_between_those_who_ask(store: Store) -> None:
    by = {name: [asked_for(store, actor=actor) for _ in range(count)] for name, actor, count in (("b", BEN, 4), ("c", CARLA, 2))}
    whose = {run_id: name for name, run_ids in by.items() for run_id in run_ids}
    taken = [claimed(store).run_id for _ in range(3)]
    late = asked_for(store)  # somebody who had nothing yet
    taken += [claimed(store).run_id for _ in range(4)]
    assert [whose.get(run_id, "a") for run_id in taken] == ["b", "c", "b", "a", "c", "b", "b"]
    assert taken[3] == late
    assert [run_id for run_id in taken if whose.get(run_id) == "b"] == by["b"], "of one person in the order in which they asked"
    assert next_claim(store) is None


def test_nobody_has_more_than_their_share_of_the_queue(database_url: str, small: Snapshot) -> None:
    with (
        desk(database_url, small, run_workers=0, most_runs_waiting=3, most_run_seconds=100) as at,
        at.served.client("transition") as other,
    ):
        assert asked(at.client, "a", wall_seconds=60).status_code == 202
        refused = asked(at.client, "long", wall_seconds=41)
        assert code_of(refused) == (429, "queue_share")
        assert refused.headers["retry-after"] == "60"
        assert "asked for 101 seconds, and may for 100." in refused.json()["detail"]
        assert asked(at.client, "b", wall_seconds=1).status_code == asked(at.client, "c", wall_seconds=1).status_code == 202
        assert code_of(asked(at.client, "d", wall_seconds=1)) == (429, "queue_share")
        assert asked(at.client, "a", wall_seconds=60).status_code == 202, "the same request is the same run"
        mine = [each["run_id"] for each in at.client.get("/v1/runs").json()["items"]]
        theirs = start(other, settings={"wall_seconds": 1})["run_id"]
        running = claimed(at.store).run_id
        waited = at.client.delete("/v1/runs").json()["run_ids"]
        assert (set(waited), running in mine) == (set(mine) - {running}, True)
        assert at.client.delete("/v1/runs").json() == {"run_ids": []}
        told = {each["run_id"]: each["status"] for each in other.get("/v1/runs").json()["items"]}
        assert told == {running: "running", theirs: "queued", **dict.fromkeys(waited, "cancelled")}
        assert sum(each["action"] == "run.cancel" for each in at.trail()) == 2
        assert asked(at.client, "e", wall_seconds=1).status_code == 202


def test_a_bucket_fills_again() -> None:
    passed = [0.0]
    shares = Allowances(2.0, 4, stopwatch=lambda: passed[0])
    for _ in range(4):
        shares.take("Ada")
    with pytest.raises(Problem) as refused:
        shares.take("Ada")
    assert refused.value.headers == {"Retry-After": "1"}
    shares.take("Ben")
    passed[0] += 0.5
    shares.take("Ada")
    with pytest.raises(Problem):
        shares.take("Ada")
    passed[0] += 3_600
    for _ in range(4):
        shares.take("Ada")
    with pytest.raises(Problem):
        shares.take("Ada")


def test_more_requests_than_a_share_are_answered_with_when_to_try_again(tmp_path: Path, small: Snapshot) -> None:
    with at_a_desk(tmp_path, small, requests_per_second=0.001, requests_at_once=3) as at:
        assert [at.client.get("/v1/me").status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = at.client.get("/v1/me")
        assert code_of(refused) == (429, "too_many_requests")
        assert 0 < int(refused.headers["retry-after"]) <= 1_000
        with at.served.client("admin") as other:
            assert other.get("/v1/me").status_code == 200
        assert at.client.get("/health/live").status_code == 200


def test_many_follow_one_run_and_not_more_than_may(tmp_path: Path, small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL_SECONDS", 0.05)
    with at_a_desk(tmp_path, small, most_followers=2) as at, at.served.client("admin") as other:
        run_id = asked_for(at.store)
        claim, address = claimed(at.store), f"/v1/runs/{run_id}/events"
        with at.client.stream("GET", address) as first, at.client.stream("GET", address) as second:
            lines = [stream.iter_lines() for stream in (first, second)]
            assert [next(each) for each in lines] == ["id: 1", "id: 1"]
            refused = at.client.get(address)
            assert (code_of(refused), refused.headers["retry-after"]) == ((429, "too_many_follow"), "10")
            with other.stream("GET", address, headers={"Last-Event-ID": "2"}) as third:
                assert tell(at.store.engine, claim, dt.datetime.now(dt.UTC), {"level": "unmet", "value": 5, "bound": 3})
                assert next(third.iter_lines()) == "id: 3", "who comes late hears what they do not know"
            for each in lines:
                assert "event: progress" in next(each for each in [*(next(each) for _ in range(9))] if "progress" in each)
        ends = time.monotonic() + 10
        while not makes_room(at.client, address):  # their leaving is noticed in a moment
            assert time.monotonic() < ends, "who has left makes room"
            time.sleep(0.05)


def test_a_plan_by_hand_is_one_entry_which_names_everybody(tmp_path: Path, small: Snapshot) -> None:
    with at_a_desk(tmp_path, small) as at:
        answer = at.client.post("/v1/checks", json={"plan": {"N2": "P-ALDER", "N6": None}})
        assert answer.status_code == 200
        assert [each["action"] for each in at.trail()].count("check.read") == 1
        with at.served.client("admin") as client:
            found = client.get("/v1/audit", params={"subject": "N6"}).json()["items"]
        assert [(each["action"], each["details"]["package_ids"]) for each in found] == [("check.read", ["N2", "N6"])]


def test_what_old_runs_left_is_destroyed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = worked_on(store)
    assert forget_old_runs(calling(store, LOADER)) == 0
    later = store.clock.instant() + dt.timedelta(days=366)
    monkeypatch.setattr(type(store.clock), "instant", lambda _: later)
    assert Settings().forget_runs_after_days == settings_of(store).forget_runs_after_days == 365
    assert forget_old_runs(calling(store, LOADER)) == 1
    assert forget_old_runs(calling(store, LOADER)) == 0
    with store.engine.connect() as connection:
        left = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            for table in ("run_events", "run_explanations")
        ]
        row = connection.exec_driver_sql("SELECT run_id, status, result, problem FROM runs").one()
    assert (left, tuple(row)) == ([0, 0], (run_id, "succeeded", None, None))


def test_a_stream_ends_when_its_key_opens_nothing_any_more(
    tmp_path: Path, small: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(newsroom, "JUDGED_SECONDS", 0.2)
    with at_a_desk(tmp_path, small) as at, at.served.client("admin") as other:
        run_id = asked(at.client, "followed").json()["run_id"]
        address, engine = f"/v1/runs/{run_id}/events", at.store.engine
        with at.client.stream("GET", address) as mine, other.stream("GET", address) as theirs:
            lines, others = mine.iter_lines(), theirs.iter_lines()
            assert next(lines) == next(others) == "id: 1"
            key_id = next(key.key_id for key in list_keys(engine) if key.name == "a planner")
            assert revoke_key(engine, LOADER, key_id, at.served.settings.clock.instant())
            assert "event: cancelled" not in list(lines), "it ends, and hears of nothing that comes later"
            assert other.delete(f"/v1/runs/{run_id}").status_code == 202
            assert "event: cancelled" in list(others), "whose key still opens the door goes on"
        assert at.client.get(address).status_code == 401
