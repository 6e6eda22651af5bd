"""Whose session ends when: by itself, with its key, and never later than it may."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import delete, insert, select, update

from api.acts.act import Caller
from api.http.errors import Problem
from api.security import keys
from api.security.key_ring import KeyRing
from api.security.keys import hash_of
from api.security.sessions import Sessions
from api.service import Service
from api.sessions import acts
from api.settings import Settings
from api.state.store import Store
from api.storage import audit
from api.storage.audit import Actor
from api.storage.database import reading, writing
from api.storage.table_schema import sessions
from tests.api.conftest import LOADER
from tests.api.databases import ON_SQLITE

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
A_MINUTE = dt.timedelta(minutes=1)


@ON_SQLITE
def test_a_session_ends_by_itself_and_with_its_key(store: Store) -> None:
    """Worked by hand: begun at 9:00; an hour without use ends it, use keeps it, and at 21:00 it is over whatever is done."""
    token = keys.create_key(store.engine, LOADER, "Ada Planner", ["planner"], NOW)
    ring = KeyRing(store.engine)
    ada = ring.sign_in(token, NOW)
    assert ada is not None
    known = Sessions(store.engine, ring, idle_minutes=60, longest_hours=12)

    def at(secret: str, hour: int, minute: int) -> bool:
        return known.holder(secret, NOW.replace(hour=hour, minute=minute)) == ada

    idle, used = known.begin(ada, NOW), known.begin(ada, NOW)
    assert at(used, 9, 59) and at(used, 10, 58) and at(idle, 9, 0)
    assert not at(idle, 10, 0), "an hour after it was seen last"
    for minutes in range(11 * 60, 21 * 60, 50):
        assert at(used, *divmod(minutes, 60))
    assert at(used, 20, 59) and not at(used, 21, 0)
    assert known.holder("", NOW) is None and known.holder(used + "x", NOW) is None
    late = NOW.replace(hour=22)
    again = known.begin(ada, late)
    with reading(store.engine) as connection:
        assert [row.session_hash for row in connection.execute(select(sessions))] == [hash_of(again)], "what is over is cleared"
    assert known.holder(again, late) == ada
    keys.revoke_key(store.engine, LOADER, ada.key_id, late)
    ring._read_at = -10.0
    assert known.holder(again, late + A_MINUTE) is None


@ON_SQLITE
def test_no_row_makes_a_session_longer_and_a_damaged_one_opens_nothing(store: Store) -> None:
    ring = KeyRing(store.engine)
    ada = ring.sign_in(keys.create_key(store.engine, LOADER, "Ada Planner", ["planner"], NOW), NOW)
    assert ada is not None
    known = Sessions(store.engine, ring, idle_minutes=60, longest_hours=12)
    secret = known.begin(ada, NOW)

    def put(**cells: str) -> None:
        with writing(store.engine) as connection:
            connection.execute(update(sessions).values(**cells))

    put(expires_at=(NOW + dt.timedelta(days=9)).isoformat(), seen_at=(NOW + dt.timedelta(hours=13)).isoformat())
    assert known.holder(secret, NOW + dt.timedelta(hours=12)) is None
    put(seen_at=NOW.isoformat())
    assert known.holder(secret, NOW) == ada
    put(seen_at="yesterday")
    assert known.holder(secret, NOW) is None


@ON_SQLITE
def test_those_are_listed_whose_sessions_open_something_and_until_when_they_do(store: Store) -> None:
    """Begun at 9:00 under settings that have changed since: twelve hours then, two now; the directory's word held for an hour."""
    ring = KeyRing(store.engine)
    ada = ring.sign_in(keys.create_key(store.engine, LOADER, "Ada Planner", ["planner"], NOW), NOW)
    assert ada is not None
    before = Sessions(store.engine, ring, idle_minutes=180, longest_hours=12, directory_minutes=60)
    secrets = [before.begin(ada, NOW), before.begin(Actor("Bo Planner (oidc 4711)", "planner"), NOW)]
    now = Sessions(store.engine, ring, idle_minutes=180, longest_hours=2)
    for known, minutes, opened in ((before, 59, 2), (before, 60, 1), (now, 0, 1), (now, 119, 1), (now, 120, 0)):
        at = NOW + minutes * A_MINUTE
        assert sum(known.holder(secret, at, noting=False) is not None for secret in secrets) == opened
        assert len(known.listed(at)) == opened
    (alone,) = now.listed(NOW)
    assert alone.holder == "Ada Planner" and alone.ends_at == NOW + dt.timedelta(hours=2)
    with writing(store.engine) as connection:
        connection.execute(update(sessions).where(sessions.c.key_id == "").values(roles="emperor"))
    assert [each.holder for each in before.listed(NOW)] == ["Ada Planner"], "no role of ours: nothing is opened"


@ON_SQLITE
def test_a_session_that_was_put_there_past_the_service_is_found_and_one_that_is_over_is_not_missed(store: Store) -> None:
    ring = KeyRing(store.engine)
    ada = ring.sign_in(keys.create_key(store.engine, LOADER, "Ada Planner", ["planner"], NOW), NOW)
    assert ada is not None
    known = Sessions(store.engine, ring, idle_minutes=60, longest_hours=12)
    mine, ended = known.begin(ada, NOW), known.begin(ada, NOW)
    with reading(store.engine) as connection:
        before = {row["session_hash"]: dict(row) for row in connection.execute(select(sessions)).mappings()}
    assert known.end(ada, ended, NOW)

    def found(rows: list[dict[str, object]]) -> list[tuple[str, str, str]]:
        """With these rows in the table, which of them no entry tells of."""
        with writing(store.engine) as connection:
            connection.execute(delete(sessions))
            if rows:
                connection.execute(insert(sessions), rows)
        with reading(store.engine) as connection:
            return [(each.table, each.row_id, each.problem) for each in audit.check(connection).breaks]

    row, problem = before[hash_of(mine)], "is not as any entry tells of it: it was written past the service"
    known.holder(mine, NOW + 5 * A_MINUTE)  # that they were seen is written down, and is in no entry
    assert found([row]) == found([row | {"seen_at": "later"}]) == found([]) == []
    forged = row | {"session_hash": hash_of("a secret of somebody else's")}
    assert found([row, forged]) == [("sessions", hash_of("a secret of somebody else's")[:16], problem)]
    for changed in (row | {"key_id": "another"}, row | {"created_at": (NOW + A_MINUTE).isoformat()}):
        assert found([changed]) == [("sessions", hash_of(mine)[:16], problem)]
    assert found([before[hash_of(ended)]]) == [("sessions", hash_of(ended)[:16], problem)], "they have signed out"


@ON_SQLITE
def test_roles_that_the_directory_did_not_tell_are_found(store: Store) -> None:
    known = Sessions(store.engine, KeyRing(store.engine), idle_minutes=60, longest_hours=12, directory_minutes=60)
    secret = known.begin(Actor("Bo Planner (oidc 4711)", "planner"), NOW)

    def found() -> list[str]:
        with reading(store.engine) as connection:
            return [each.problem for each in audit.check(connection).breaks]

    assert found() == []
    with writing(store.engine) as connection:
        connection.execute(update(sessions).values(roles="planner admin"))
    holder = known.holder(secret, NOW)
    assert holder is not None and "admin" in holder.roles, "this is what has to be found"
    assert found() == ["is not as any entry tells of it: it was written past the service"]


def test_who_came_without_a_key_of_ours_has_no_session(store: Store, database_url: str) -> None:
    service = Service.of(Settings(database_url=database_url), store)
    with pytest.raises(Problem, match="opened with a key of this service"):
        acts.begin(Caller(service, Actor("Bo Planner (oidc 4711)", "planner")))
    token = keys.create_key(store.engine, LOADER, "Ada Planner", ["planner"], service.settings.clock.instant())
    ada, vera = service.sign_in(token), Actor("Vera Viewer (0000)", "viewer", key_id="0000")
    assert ada is not None
    secret = acts.begin(Caller(service, ada))
    assert acts.end(Caller(service, vera), secret) is False, "nobody signs out somebody else"
    assert acts.end(Caller(service, ada), secret) is True
    assert acts.end(Caller(service, ada), secret) is False
    service.room.close()
    service.book.close()
