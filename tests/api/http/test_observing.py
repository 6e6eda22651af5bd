"""What is logged, counted and sent along with every answer, and that none of it is of a person."""

from __future__ import annotations

import io
import json
import logging
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from api.app import create_app
from api.http import logs
from api.http.observing import HEADERS
from api.security.keys import create_key, revoke_key
from api.service import Service
from api.settings import Settings
from api.state.reading_room import ReadingRoom
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.audit import Entry
from api.storage.database import open_database, reading
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER, Served, loaded, serving

SECRET = "a-personal-value-52.6309"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is logged during a test."""
    hooks, handlers, level = (threading.excepthook, sys.excepthook), logging.root.handlers[:], logging.root.level
    stream = io.StringIO()
    logs.configure(stream)
    yield stream
    structlog.reset_defaults()
    threading.excepthook, sys.excepthook = hooks
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def logged_so_often(stream: io.StringIO, text: str, times: int) -> bool:
    """Whether something is logged so many times or more: a line is written once its answer is out, and may take a moment."""
    deadline = time.monotonic() + 5
    while stream.getvalue().count(text) < times and time.monotonic() < deadline:
        time.sleep(0.005)
    return stream.getvalue().count(text) >= times


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def planted(tmp_path: Path, small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A service with routes that break in every way, holding a personal value while they do."""

    def with_defects(settings: Settings) -> Any:
        app = create_app(settings)

        @app.get("/broken/{package_id}")
        def broken(package_id: str) -> None:
            service: Service = app.state.service
            service.room.read(Entry(LOADER, "cascade.read", "packages", package_id))
            raise RuntimeError(f"{package_id} lives at {SECRET}")

        @app.get("/database/{package_id}")
        def database(package_id: str) -> None:
            service: Service = app.state.service
            with service.store.change(LOADER) as change:
                change.connection.exec_driver_sql("INSERT INTO nowhere VALUES (?)", (SECRET + package_id,))

        @app.get("/half/{package_id}")
        def half(package_id: str) -> Any:
            from starlette.responses import StreamingResponse

            def body() -> Iterator[bytes]:
                yield b"begun"
                raise RuntimeError(SECRET + package_id)

            return StreamingResponse(body())

        return app

    monkeypatch.setattr("tests.api.conftest.create_app", with_defects)
    with serving(loaded(tmp_path, small)) as running:
        yield running


def test_no_defect_shows_or_logs_what_it_held(logged: io.StringIO, planted: Served) -> None:
    with planted.client("planner") as client:
        for path in (f"/broken/N1?q={SECRET}", "/database/N1"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (500, "internal")
            assert SECRET not in answer.text
        with pytest.raises(Exception, match=r"incomplete|peer closed"):
            client.get("/half/N1")
        assert client.get("/v1/me").status_code == 200
    written = logged.getvalue()
    assert SECRET not in written
    assert not re.search(r"N1\b", written)
    assert "Traceback" not in written
    defects = [line for line in lines(logged) if line["event"] == "defect"]
    assert [(line["route"], line["error"]) for line in defects] == [
        ("/broken/{package_id}", "RuntimeError"),
        ("/database/{package_id}", "OperationalError"),
        ("/half/{package_id}", "RuntimeError"),
    ]
    assert re.fullmatch(r"tests\.api\.http\.test_observing:\d+", defects[0]["at"])
    assert re.fullmatch(r"sqlalchemy\.engine\.\w+:\d+", defects[1]["at"])


def test_who_leaves_in_the_middle_of_a_body_is_no_defect(logged: io.StringIO, planted: Served) -> None:
    head = f"POST /v1/packages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {planted.key('planner')}\r\n"
    host, _, port = planted.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as peer:
        peer.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
        time.sleep(0.2)
    ends = time.monotonic() + 10
    while not (told := [line for line in lines(logged) if line["event"] == "request"]):
        assert time.monotonic() < ends
        time.sleep(0.01)
    assert [(line["route"], line["status"]) for line in told] == [("/v1/packages", 499)]
    assert [line for line in lines(logged) if line["level"] == "error"] == []


def test_every_request_is_a_line_with_its_template_and_role(logged: io.StringIO, planted: Served) -> None:
    with planted.client("planner") as client:
        answer = client.get(f"/v1/me?name={SECRET}", headers={"X-Request-ID": SECRET})
        client.get(f"/nowhere/{SECRET}")
        client.get("/health/live")
        client.request(SECRET.replace(".", ""), "/v1/me")
    requests = [line for line in lines(logged) if line["event"] == "request"]
    assert [(line["route"], line["status"], line["role"]) for line in requests[:2]] == [
        ("/v1/me", 200, "planner"),
        ("none", 404, None),
    ]
    assert requests[0]["request_id"] == answer.headers["x-request-id"]
    assert set(requests[0]) == {"event", "route", "method", "status", "milliseconds", "role", "request_id", "level", "at_utc"}
    assert all(line["route"] != "/health/live" for line in requests)
    assert SECRET[:16] not in logged.getvalue()


def test_a_refusal_is_logged_with_its_key_and_a_hash_of_the_peer_and_stands_in_the_trail(
    logged: io.StringIO, tmp_path: Path, small: Snapshot
) -> None:
    settings = loaded(tmp_path, small)
    with serving(settings) as served:
        engine = served.service.store.engine
        old = create_key(engine, LOADER, "Old Hand", ["planner"], settings.clock.instant())
        revoke_key(engine, LOADER, old.split("_")[1], settings.clock.instant())
        auditor = served.key("auditor").split("_")[1]
        with served.client("auditor") as client:
            assert client.get("/v1/packages").status_code == 403
        with served.client(None) as client:
            for token in (old, "optk_unknown", f"{old}x"):
                assert client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
            assert client.get("/v1/me").status_code == 401
    refused = [line for line in lines(logged) if line["event"] == "request"]
    told = [(line["status"], line["route"], line["role"], line["key_id"]) for line in refused]
    assert told == [
        (403, "/v1/packages", "auditor", auditor),
        (401, "/v1/me", None, old.split("_")[1]),
        *[(401, "/v1/me", None, None)] * 3,
    ]
    (peer,) = {line["peer"] for line in refused}
    assert re.fullmatch(r"[0-9a-f]{16}", peer)
    written = logged.getvalue()
    assert "127.0.0.1" not in written
    assert old not in written
    engine = open_database(settings.database_url)
    with reading(engine) as connection:
        assert audit.check(connection).breaks == []
        entry = table_schema.audit.c
        of_refusals = select(entry.subject, entry.role, entry.details).where(entry.action == "key.refused")
        found = {row.subject: (row.role, json.loads(row.details)["what"]) for row in connection.execute(of_refusals)}
    engine.dispose()
    assert found == {
        auditor: ("auditor", {"403 GET /v1/packages": 1}),
        old.split("_")[1]: ("planner", {"401 GET /v1/me": 1}),
    }


def test_every_answer_has_cautious_headers_even_a_failing_one(planted: Served) -> None:
    with planted.client("planner") as client:
        answers = [client.get(path) for path in ("/v1/me", "/nowhere", "/broken/N1", "/health/live")]
        answers.append(client.post("/v1/packages", content=b"{" * (planted.settings.max_body_bytes + 1)))
    for answer in answers:
        assert answer.headers.items() >= {name.lower(): value for name, value in HEADERS.items()}.items()
        assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])


def test_figures_are_counted_by_template_and_hold_nobody(planted: Served, small: Snapshot) -> None:
    with planted.client("planner") as client:
        for package in small.packages:
            client.get(f"/broken/{package.package_id}")
        client.get(f"/nowhere/{SECRET}")
        assert client.get("/metrics").status_code == 403
    with planted.client(None) as client:
        assert client.get("/metrics").status_code == 401
    with planted.client("job") as client:
        text = client.get("/metrics").text
    count = len(small.packages)
    assert f'optimiser_requests_total{{method="GET",route="/broken/{{package_id}}",status="500"}} {count}.0' in text
    assert 'optimiser_requests_total{method="GET",route="none",status="404"} 1.0' in text
    assert f'optimiser_request_seconds_count{{method="GET",route="/broken/{{package_id}}"}} {count}.0' in text
    assert 'optimiser_runs{status="running"} 0.0' in text
    pending = sum(not offer.response for offer in small.offers)
    assert f"optimiser_pending_offers {pending}.0" in text
    assert "optimiser_state_version 1.0" in text
    assert SECRET not in text
    ids = {each.package_id for each in small.packages} | {each.offer_id for each in small.offers}
    assert not ids & set(re.findall(r"[\w-]+", text))


def test_figures_are_open_where_the_setting_says_so(tmp_path: Path, small: Snapshot) -> None:
    with serving(loaded(tmp_path, small, metrics_open=True)) as running, running.client(None) as client:
        assert "optimiser_state_version" in client.get("/metrics").text


def test_personal_members_are_dropped_wherever_they_stand(logged: io.StringIO) -> None:
    nested = {"package_id": SECRET, "kept": 1, "list": [{"skills": SECRET}]}
    structlog.get_logger("api").info("said", latitude=SECRET, protected=SECRET, reason=SECRET, deep=nested)
    line = lines(logged)[0]
    assert SECRET not in logged.getvalue()
    assert line["deep"] == {"kept": 1, "list": [{}]}


def test_what_libraries_say_is_held_back(logged: io.StringIO) -> None:
    logging.getLogger("asyncio").error(f"callback failed: {SECRET}")
    logging.getLogger("uvicorn.error").warning("%s is odd", SECRET)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    thread = threading.Thread(target=lambda: int(SECRET))
    thread.start()
    thread.join()
    assert SECRET not in logged.getvalue()
    assert [line["event"] for line in lines(logged)] == [
        "a message of a library, held back",
        "%s is odd",
        "Exception in ASGI application",
        "a thread ended",
    ]
    assert lines(logged)[2]["error"] == "ValueError"


def test_the_reading_room_tells_its_reader_of_a_failure(store: Store) -> None:
    room = ReadingRoom(store)
    with pytest.raises(TypeError):
        room.read(Entry(LOADER, "cascade.read", "packages", "N1", {"figure": object()}))
    room.close()
