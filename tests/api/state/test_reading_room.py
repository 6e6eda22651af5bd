"""Readings that are written down together: one that cannot be is nobody else's fault."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from api.state.reading_room import ReadingRoom, _Request
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.audit import Entry
from api.storage.database import reading
from tests.api.conftest import LOADER, Served


@pytest.fixture
def room(store: Store) -> Iterator[ReadingRoom]:
    made = ReadingRoom(store)
    yield made
    made.close()


def of(package_id: str) -> _Request:
    return _Request([Entry(LOADER, "package.read", "packages", package_id, {})])


def subjects(store: Store) -> list[str]:
    with reading(store.engine) as connection:
        found = connection.execute(select(table_schema.audit.c.subject).where(table_schema.audit.c.action == "package.read"))
        return [str(row.subject) for row in found]


def test_one_that_cannot_be_written_down_takes_no_other_with_it(
    room: ReadingRoom, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = audit.append

    def refusing(connection: object, entries: list[Entry], **given: str) -> object:
        if any("\0" in entry.subject for entry in entries):
            raise ValueError("a text cannot hold it")
        return honest(connection, entries, **given)  # type: ignore[arg-type]

    monkeypatch.setattr("api.state.reading_room.audit.append", refusing)
    asked = [of("N1"), of("N\0"), of("N2")]
    room._serve(asked)
    assert [request.state.exception() is None for request in asked] == [True, False, True]
    assert subjects(store) == ["N1", "N2"]


def test_a_database_that_is_away_is_asked_once(room: ReadingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def away(_connection: object, entries: list[Entry], **_given: str) -> None:
        tries.append(len(entries))
        raise OperationalError("", {}, psycopg.OperationalError("away"))

    monkeypatch.setattr("api.state.reading_room.audit.append", away)
    asked = [of("N1"), of("N2")]
    room._serve(asked)
    assert tries == [2]
    assert all(isinstance(request.state.exception(), OperationalError) for request in asked)


NO_IDS = ("N\0", "\n", "X" * 201, "X" * 3_000, "\ufffe")


def test_what_no_record_can_be_called_is_not_there_and_leaves_no_entry(served: Served, store: Store) -> None:
    with served.client("planner") as planner, served.client("admin") as admin:
        for no_id, path in itertools.product(NO_IDS, ("packages/{}", "packages/{}/cascade", "contracts/{}", "offers/{}")):
            answer = planner.get(f"/v1/{path.format(quote(no_id, safe=''))}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), answer.text
        assert admin.get("/v1/audit", params={"subject": "N\0"}).status_code == 422
        assert planner.get("/v1/packages/N1").status_code == 200
    assert subjects(store) == ["N1"]
