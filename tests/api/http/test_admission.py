"""Whoever cannot be answered in time is told so, with what became of their change; liveness is told whatever else waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from api.app import create_app
from api.http.admission import FULL, LATE
from api.service import Service
from api.settings import Settings
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER, Served, loaded, serving

MOST = 3


class Gate(threading.Event):
    """What the routes below wait for, and how many do."""

    inside = 0


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, small: Snapshot, gate: Gate) -> Iterator[Served]:
    """A service for three at once, for a second each, with routes that wait, and that fail after a change."""

    def planted(settings: Settings) -> Any:
        app = create_app(settings)
        service: Service = app.state.service

        def change() -> None:
            with service.store.change(LOADER) as change:
                change.remember("county.export", "county")

        def waits() -> str:
            gate.inside += 1
            gate.wait(10)
            return "at last"

        def changes_and_waits() -> str:
            change()
            return waits()

        def changes_and_fails() -> None:
            change()
            raise RuntimeError

        def fails_at_the_commit() -> None:
            def fail(_: object) -> None:
                raise OSError

            event.listen(service.store.engine, "commit", fail)
            try:
                change()
            finally:
                event.remove(service.store.engine, "commit", fail)

        for each in (waits, changes_and_waits, changes_and_fails, fails_at_the_commit):
            app.add_api_route(f"/{each.__name__}", each, methods=["GET", "POST"])
        return app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.api.conftest.create_app", planted)
        own = {"max_requests": MOST, "request_seconds": 1.0, "tick_seconds": 0, "run_workers": 0}
        with serving(loaded(tmp_path_factory.mktemp("admission"), small, **own)) as running:
            yield running
            gate.set()


def told(answer: httpx.Response) -> tuple[int, str, str, str]:
    body = answer.json()
    return answer.status_code, body["code"], body["changed"], body["detail"]


def until(client: httpx.Client, status: int, path: str = "/v1/me") -> httpx.Response:
    """A question that is asked until it has an answer of this status."""
    for _ in range(500):
        answer = client.get(path)
        if answer.status_code == status:
            return answer
        time.sleep(0.01)
    raise AssertionError(answer.text)


def test_who_cannot_be_answered_in_time_is_told_to_come_again(served: Served, gate: Gate) -> None:
    asked = [("GET", "/waits"), ("POST", "/waits"), ("POST", "/changes_and_waits")]
    with ThreadPoolExecutor(MOST) as others, served.client("planner") as client:
        until(client, 500, "/changes_and_fails")  # the first of all takes longest
        until(client, 200)
        early = [others.submit(httpx.request, method, served.address + path) for method, path in asked]
        while gate.inside < MOST:
            time.sleep(0.01)
        full = client.get("/v1/me")
        assert client.get("/health/live").status_code == 200
        late = [each.result() for each in early]
        still = client.get("/v1/me")
        gate.set()
    nothing, unknown = "Nothing was changed.", "read the record again before you repeat it."
    assert told(full) == told(still) == (503, "busy", "no", f"{FULL} {nothing}")
    assert full.headers["retry-after"] == "5"
    assert told(late[0]) == (503, "busy", "no", f"{LATE} {nothing}")
    assert [told(each)[:3] for each in late[1:]] == [(503, "busy", "unknown"), (503, "busy", "yes")]
    assert told(late[1])[3].endswith(unknown)
    with served.client("planner") as client:
        until(client, 200)


def test_no_more_is_said_of_a_change_than_is_so(served: Served) -> None:
    with served.client(None) as client:
        assert told(client.post("/changes_and_fails"))[:3] == (500, "internal", "yes")
        assert told(client.post("/fails_at_the_commit"))[:3] == (500, "internal", "unknown")
        missing = client.get("/v1/nowhere")
        assert (missing.status_code, "changed" in missing.json()) == (404, False)
