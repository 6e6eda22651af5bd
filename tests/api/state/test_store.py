"""What is kept in a database, on both kinds: states, changes, the audit trail, migrations and the way back."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, inspect, select, text, update

from api.clock import Clock
from api.security.keys import create_key, list_keys
from api.state.state import State
from api.state.store import NotEmptyError, Store, write_bodies
from api.storage import audit, table_schema
from api.storage.audit import Actor
from api.storage.database import county_row, make_file, open_database, reading, writing
from api.storage.migrating import NOTHING, downgrade, is_current, revision_of, upgrade
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import InputRefusedError
from tests.api.databases import new_postgres_database

PLANNER = Actor("Ada Planner", "planner")


def offer(state: State, name: str) -> dict[str, str]:
    package = next(package for package in state.snapshot.packages if package.status == "new")
    contract = state.snapshot.contracts[0]
    empty = {"responded_at": "", "response": "", "reason": ""}
    made = {"offer_id": name, "package_id": package.package_id, "contract_id": contract.contract_id}
    return {**made, "offered_at": f"{state.as_of}T10:00:00", **empty}


def make_offer(store: Store, name: str) -> None:
    with store.change(PLANNER) as change:
        change.put("offers", name, offer(change.state, name))
        change.remember("offer.made", "packages", offer(change.state, name)["package_id"], {"offer_id": name})


def breaks(store: Store) -> list[audit.Break]:
    with reading(store.engine) as connection:
        return list(audit.verify(connection))


def test_of_two_who_load_at_once_the_second_is_refused(cluster: str, small: Snapshot) -> None:
    """It waits for the first, which has written and not committed yet. On SQLite whoever writes holds the whole file."""
    engine = open_database(new_postgres_database(cluster))
    upgrade(engine)
    first, second = (
        Store(engine, Clock(small.as_of)),
        Store(open_database(engine.url.render_as_string(False)), Clock(small.as_of)),
    )
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor(1) as threads:
        with writing(engine) as connection:
            county_row(connection, lock=True)
            write_bodies(connection, {("areas", "OTHER"): {"area_id": "OTHER"}}, 1)
            loads = threads.submit(second.load, small, PLANNER)
            while not (loads.done() or connection.execute(waits).scalar_one()):
                time.sleep(0.01)
        with pytest.raises(NotEmptyError):
            loads.result(10)
    with reading(first.engine) as connection:
        assert connection.execute(select(table_schema.records.c.id)).scalars().all() == ["OTHER"]
    engine.dispose()
    second.engine.dispose()


def test_what_was_loaded_is_what_is_there(store: Store, small: Snapshot) -> None:
    assert store.state().snapshot == small
    assert Store(store.engine, store.clock).state().snapshot.digest() == small.digest()


def test_a_county_is_never_loaded_over_another(store: Store, small: Snapshot) -> None:
    with pytest.raises(NotEmptyError):
        store.load(small, PLANNER)


def test_a_change_is_seen_by_this_process_and_by_another(store: Store) -> None:
    other = Store(store.engine, store.clock)
    before = other.state()
    make_offer(store, "O1")
    for seen in (store.state(), other.state()):
        assert [each.offer_id for each in seen.snapshot.offers if each.offer_id == "O1"]
        assert seen.version == before.version + 1
        fresh = Store(store.engine, store.clock).state()
        assert seen.snapshot == fresh.snapshot
        assert (seen.county.base_metres == fresh.county.base_metres).all()
    assert "O1" not in before.stock["offers"]


def test_an_exception_leaves_nothing_behind(store: Store) -> None:
    before = store.state().version
    with pytest.raises(RuntimeError, match="no"), store.change(PLANNER) as change:
        change.put("offers", "O1", offer(change.state, "O1"))
        change.remember("offer.made", "packages")
        raise RuntimeError("no")
    assert store.state().version == before
    assert not breaks(store)


def test_a_wrong_cell_is_refused_before_it_is_written(store: Store) -> None:
    with pytest.raises(InputRefusedError), store.change(PLANNER) as change:
        change.put("offers", "O1", offer(change.state, "O1") | {"offered_at": "yesterday"})
        change.as_if()
    assert "O1" not in store.state().stock["offers"]


def test_changes_of_many_at_once_happen_one_after_the_other(store: Store) -> None:
    before = store.state().version
    threads = [threading.Thread(target=make_offer, args=(store, f"O{n}")) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.state().version == before + 16
    assert len([each for each in store.state().stock["offers"] if each.startswith("O")]) >= 16
    assert not breaks(store)


def edit_entry(store: Store) -> None:
    with writing(store.engine) as connection:
        connection.execute(update(table_schema.audit).where(table_schema.audit.c.seq == 2).values(actor="Somebody Else"))


def edit_details(store: Store) -> None:
    with writing(store.engine) as connection:
        connection.execute(update(table_schema.audit).where(table_schema.audit.c.seq == 2).values(details='{"offer_id":"O9"}'))


def remove_middle(store: Store) -> None:
    with writing(store.engine) as connection:
        connection.execute(delete(table_schema.audit).where(table_schema.audit.c.seq == 2))


def remove_last(store: Store) -> None:
    with writing(store.engine) as connection:
        connection.execute(delete(table_schema.audit).where(table_schema.audit.c.seq == 3))


def swap(store: Store) -> None:
    with writing(store.engine) as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(update(table_schema.audit).where(table_schema.audit.c.seq == old).values(seq=new))


def destroy_half(store: Store) -> None:
    with writing(store.engine) as connection:
        connection.execute(update(table_schema.audit).where(table_schema.audit.c.seq == 2).values(salt=None))


@pytest.mark.parametrize("tamper", [edit_entry, edit_details, remove_middle, remove_last, swap, destroy_half])
def test_every_tampering_with_the_trail_is_found(store: Store, tamper: Callable[[Store], None]) -> None:
    make_offer(store, "O1")
    make_offer(store, "O2")
    assert not breaks(store)
    tamper(store)
    assert breaks(store)


def test_the_tables_are_those_of_the_migrations_and_there_is_a_way_back(empty_database_url: str) -> None:
    engine = open_database(empty_database_url)
    make_file(engine)
    assert revision_of(engine) is None
    upgrade(engine)
    assert is_current(engine)
    found = inspect(engine)
    for table in table_schema.metadata.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert columns == {column.name: bool(column.nullable) for column in table.columns}
        assert found.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]
        assert {index["name"] for index in found.get_indexes(table.name)} >= {index.name for index in table.indexes}
    downgrade(engine, NOTHING)
    assert not set(inspect(engine).get_table_names()) - {"alembic_version"}
    upgrade(engine)
    assert is_current(engine)
    engine.dispose()


def test_keys_keep_their_role_on_the_way_to_several_and_lose_all_but_one_on_the_way_back(empty_database_url: str) -> None:
    engine = open_database(empty_database_url)
    upgrade(engine, "0001")
    with writing(engine) as connection:
        days = "'2026-11-23T09:00:00', '2027-11-23T09:00:00'"
        connection.execute(text(f"INSERT INTO keys VALUES ('k1', 'Ada Planner', 'planner', 'hash', {days}, NULL)"))
    upgrade(engine)
    assert [key.roles for key in list_keys(engine)] == [("planner",)]
    create_key(engine, PLANNER, "Cora Contracts", ["quality", "contracts"], dt.datetime(2026, 11, 24))
    assert [key.roles for key in list_keys(engine)] == [("planner",), ("contracts", "quality")]
    for wrong in ([], ["gardener"], ["planner", "gardener"]):
        with pytest.raises(ValueError, match="one or more of viewer"):
            create_key(engine, PLANNER, "Nobody", wrong, dt.datetime(2026, 11, 24))
    downgrade(engine, "0001")
    with reading(engine) as connection:
        assert list(connection.execute(text("SELECT role FROM keys ORDER BY created_at")).scalars()) == ["planner", "contracts"]
    engine.dispose()


def test_a_database_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        open_database("mysql://somewhere/else")


def test_a_write_that_fails_in_the_database_leaves_nothing(store: Store) -> None:
    before = store.state().version
    with pytest.raises(Exception, match="nowhere"), store.change(PLANNER) as change:
        change.put("offers", "O1", offer(change.state, "O1"))
        change.connection.execute(text("SELECT * FROM nowhere"))
    assert store.state().version == before


def test_whoever_began_before_a_change_takes_the_new_state_from_nobody(store: Store) -> None:
    """Their transaction sees the county as it was: as it is known still, and read anew where it is not."""
    with reading(store.engine) as early, reading(store.engine) as earlier:
        for connection in (early, earlier):
            county_row(connection)  # they see one moment from here on
        before = store.state()
        make_offer(store, "O1")
        now = store.state()
        assert now.version == 2
        assert store.live.at(early) is before
        assert store.state() is now, "nobody has to work it out again"
        make_offer(store, "O2")
        make_offer(store, "O3")
        read_anew = store.live.at(earlier)
        assert (read_anew.version, read_anew.snapshot) == (1, before.snapshot)
        assert store.live.at(earlier) is read_anew
        assert store.state().version == 4


def test_a_new_day_makes_a_new_state(store: Store, small: Snapshot) -> None:
    later = Store(store.engine, Clock(small.as_of.replace(year=small.as_of.year + 1)))
    assert later.state().as_of.year == small.as_of.year + 1
    assert later.state().snapshot.packages == small.packages
