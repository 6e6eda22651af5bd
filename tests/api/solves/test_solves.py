"""A snapshot sent to be solved: the plan that the command line makes, told to its sender alone, and nothing left of it."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlalchemy import Table, func, select

from api.clock import Clock
from api.runs.kinds import KINDS, allocate, reoptimise, solve
from api.runs.schemas import OF_THE_COUNTY
from api.runs.sent_snapshots import destroy_old
from api.solves.schemas import SolveQuery
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.database import reading
from api.storage.table_schema import ON_WHAT_WAS_SENT
from tests.api.conftest import loaded, serving
from tests.api.databases import prepared
from tests.api.imports.test_imports import archive, several, zipped
from tests.api.runs.working import claimed, settings_of, until, work_here
from tests.api.talking import code
from tests.commands.running import run as command
from tests.making.folders import Folder

SOLVE = "/v1/solve"
PERSON = "SENT-ONE"
"""Of somebody who is in the sent snapshot alone."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.make(tmp_path / "county")


@pytest.fixture
def nobody(database_url: str) -> Iterator[Store]:
    """A database of each kind, in which no county is."""
    engine = prepared(database_url)
    yield Store(engine, Clock(dt.date(2026, 11, 23)))
    engine.dispose()


def send(client: httpx.Client, body: bytes, key: str = "first", **query: Any) -> httpx.Response:
    headers = {"Content-Type": "application/zip", "Idempotency-Key": key}
    return client.post(SOLVE, content=body, params=query, headers=headers)


def snapshot(folder: Folder) -> bytes:
    """A small county as a zip, one of its people named as nobody else is."""
    folder.change("packages.csv", "N3", package_id=PERSON)

    def fill(made: zipfile.ZipFile) -> None:
        for path in sorted(folder.path.iterdir()):
            made.write(path, path.name)

    return archive(fill).getvalue()


def tables_that_hold(store: Store, text: bytes) -> set[str]:
    """Every table in a row of which something stands, unpacked where it is packed."""
    found = set()
    with reading(store.engine) as connection:
        for table in table_schema.metadata.sorted_tables:
            for value in (value for row in connection.execute(select(table)) for value in row):
                raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                with suppress(zlib.error):
                    raw += zlib.decompress(raw)
                found |= {table.name} if text in raw else set()
    return found


def how_many(store: Store, table: Table) -> int:
    with reading(store.engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def entries(store: Store) -> list[tuple[str, str | None, str | None]]:
    with reading(store.engine) as connection:
        told = table_schema.audit.c
        rows = connection.execute(select(told.action, told.subject, told.details))
        return [(row.action, row.subject, row.details) for row in rows]


def test_it_is_solved_as_on_the_command_line_without_any_county(
    nobody: Store, folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = snapshot(folder)
    with serving(settings_of(nobody, run_workers=1)) as served, served.client("job") as job:
        asked = send(job, body)
        assert (asked.status_code, asked.json()["kind"]) == (202, ON_WHAT_WAS_SENT)
        address = asked.headers["location"]
        until(nobody, asked.json()["run_id"], "succeeded")
        told = job.get(f"{address}/result").json()
        events = job.get(f"{address}/events").text
    assert command(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--quiet").code in (0, 3)
    there = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert told["result"]["snapshot_digest"] == there["snapshot_digest"]
    assert told["result"]["levels"] == there["levels"]
    assert told["proposals"]
    assert all(each["reason"] for each in told["proposals"]), "the program's own people: told whole"
    assert "event: succeeded" in events
    assert how_many(nobody, table_schema.records) == how_many(nobody, table_schema.sent_snapshots) == 0


def test_nothing_of_it_is_left_after_an_hour(store: Store, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    body = snapshot(folder)
    with serving(settings_of(store, run_workers=0)) as served, served.client("planner") as client:
        run_id = send(client, body, key=f"about-{PERSON}").json()["run_id"]
        destroy_old(store.engine, dt.datetime(2099, 1, 1, tzinfo=dt.UTC), 60)
        assert how_many(store, table_schema.sent_snapshots) == 1, "what waits is kept until somebody has worked on it"
        work_here(store, claimed(store))
        result, why = (client.get(f"/v1/runs/{run_id}/{what}") for what in ("result", f"explanations/{PERSON}"))
        assert (result.status_code, why.status_code) == (200, 200)
        assert PERSON in result.text
        assert how_many(store, table_schema.sent_snapshots) == 0, "what was sent goes as it has ended"
        assert tables_that_hold(store, PERSON.encode()) == {"runs", "run_explanations"}
        assert [action for action, subject, _ in entries(store) if subject == run_id] == ["run.request"]
        assert PERSON not in str(entries(store))
        ended = dt.datetime.fromisoformat(client.get(f"/v1/runs/{run_id}").json()["finished_at"])
        assert destroy_old(store.engine, ended + dt.timedelta(minutes=59), 60) == 0
        assert client.get(f"/v1/runs/{run_id}/result").status_code == 200
        with monkeypatch.context() as an_hour_later:
            an_hour_later.setattr(Clock, "instant", lambda _: ended + dt.timedelta(minutes=60))
            assert code(client.get(f"/v1/runs/{run_id}/result")) == (409, "no_result"), "told no more, though still there"
            assert code(client.get(f"/v1/runs/{run_id}/explanations/{PERSON}")) == (404, "not_found")
        assert destroy_old(store.engine, ended + dt.timedelta(minutes=60), 60) == 1
        assert destroy_old(store.engine, ended + dt.timedelta(minutes=61), 60) == 0
        assert code(client.get(f"/v1/runs/{run_id}/result")) == (409, "no_result")
        assert client.get(f"/v1/runs/{run_id}").json()["status"] == "succeeded"
    assert tables_that_hold(store, PERSON.encode()) == set()
    with reading(store.engine) as connection:
        assert not list(audit.verify(connection)), "nothing is missed that was to be destroyed"


def test_only_who_sent_it_is_told_of_it(store: Store, folder: Folder) -> None:
    body = snapshot(folder)
    with serving(settings_of(store, run_workers=0)) as served:
        client, other = served.client("planner"), served.client("transition")
        with client, other:
            run_id = send(client, body).json()["run_id"]
            assert send(client, body).json()["run_id"] == run_id, "the same again is the same run"
            assert code(send(client, zipped())) == (409, "idempotency_key_reused")
            assert code(send(client, body, plan="reoptimise")) == (409, "idempotency_key_reused")
            read = ("", "/events", "/levels", "/result", "/workbook", f"/explanations/{PERSON}")
            for method, what in (*(("GET", each) for each in read), ("DELETE", "")):
                assert code(other.request(method, f"/v1/runs/{run_id}{what}")) == (404, "not_found"), what
            plan = {"plan_digest": "0" * 64}
            assert code(other.post(f"/v1/runs/{run_id}/apply", json=plan)) in ((404, "not_found"), (422, "invalid_request"))
            assert run_id not in client.get("/v1/runs").text
            assert run_id in client.get("/v1/runs", params={"kind": ON_WHAT_WAS_SENT}).text
            assert run_id not in other.get("/v1/runs", params={"kind": ON_WHAT_WAS_SENT}).text
            cancelled = client.delete(f"/v1/runs/{run_id}").json()
            assert cancelled["status"] == "cancelled"
            destroy_old(store.engine, dt.datetime.fromisoformat(cancelled["finished_at"]), 60)
    assert how_many(store, table_schema.sent_snapshots) == 0, "nobody works on it any more"


def test_what_cannot_be_solved_is_refused_at_once(tmp_path: Path, small: Any) -> None:
    with serving(loaded(tmp_path, small, run_workers=0, max_import_bytes=200_000, most_runs_waiting=1)) as served:
        client, viewer, stranger = served.client("planner"), served.client("viewer"), served.client(None)
        with client, viewer, stranger:
            wrong = send(client, zipped({"packages.csv": "package_id\n"}))
            assert code(wrong) == (422, "refused")
            assert any("packages.csv" in fault for fault in wrong.json()["faults"])
            assert code(send(client, archive(lambda z: z.writestr("../packages.csv", "")).getvalue())) == (422, "not_a_folder")
            assert code(send(client, archive(lambda z: z.writestr("a.csv", "0" * 10**6)).getvalue())) == (422, "not_a_folder")
            many = archive(lambda z: several(z, *(f"{n}.csv" for n in range(201))))
            assert code(send(client, many.getvalue())) == (422, "not_a_folder")
            assert code(send(client, b"x" * 200_001)) == (413, "too_large")
            assert code(send(viewer, b"x" * 200_001)) == (403, "forbidden"), "the key is judged first"
            assert stranger.post(SOLVE, content=b"x" * 200_001).status_code == 401
            assert code(client.post(SOLVE, content=zipped(), headers={"Content-Type": "application/zip"})) == (
                422,
                "invalid_request",
            )
            assert code(send(client, zipped(), plan="transfer")) == (422, "invalid_request")
            assert send(client, zipped()).status_code == 202
            assert code(send(client, zipped(), key="second")) == (429, "queue_share"), "its share of the queue, as of any run"
            body = {"kind": ON_WHAT_WAS_SENT}
            asked = client.post("/v1/runs", json=body, headers={"Idempotency-Key": "a"})
            assert code(asked) == (422, "invalid_request"), "the county is no snapshot that was sent"


def test_the_plan_that_was_asked_for_is_made_with_its_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = SolveQuery(plan="reoptimise", cut_rounds=1, nodes=2, searches=3, search_nodes=4).as_kept()
    assert asked["effort"] == {"cut_rounds": 1, "nodes": 2, "searches": 3, "search_nodes": 4}
    assert {"allocate": allocate.work, "reoptimise": reoptimise.work} == solve.PLANS
    made: Any = object()
    monkeypatch.setitem(solve.PLANS, "reoptimise", lambda _: made)
    task: Any = SimpleNamespace(settings=asked)
    assert solve.work(task) is made


def test_the_kind_is_known_by_one_name() -> None:
    assert [name for name, kind in KINDS.items() if kind.on_what_was_sent] == [ON_WHAT_WAS_SENT]
    assert ON_WHAT_WAS_SENT not in OF_THE_COUNTY
