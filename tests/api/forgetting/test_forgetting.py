"""Forgetting: nobody who is cared for, everything of who is not, and the trail still holds."""

from __future__ import annotations

import datetime as dt
import gzip
import zlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, insert, select, update

from api.clock import LONDON
from api.forgetting import acts, mentions
from api.forgetting.acts import forget
from api.forgetting.mentions import Mentions, search
from api.forgetting.who_is_due import CannotForgetError, due
from api.state.known_people import Ended, all_ended
from api.state.naming import names_any
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.audit import Actor
from api.storage.database import reading, writing
from api.upkeep.acts import Wanted, show_audit
from optimiser.domain.snapshot import Snapshot
from tests.api.runs.working import calling
from tests.commands.running import Ran, run

RUN = table_schema.runs.c.run_id
ADMIN = Actor("Ada Admin", "admin")
SECRET = "a word that one record alone holds"


def end(store: Store, package_id: str) -> None:
    """As the service does when care ends: the package leaves the snapshot, and the trail keeps what it was."""
    with store.change(ADMIN) as change:
        body = change.state.stock["packages"][package_id].body
        gone: dict[str, list[Any]] = {"visits": [], "offers": []}
        for kind, bodies in gone.items():
            for each, stored in change.state.stock[kind].items():
                if stored.body["package_id"] == package_id:
                    bodies.append(stored.body)
                    change.remove(kind, each)
        change.remove("packages", package_id)
        change.put("alerts", "A1", {"about": [package_id], "text": SECRET})
        change.remember("package.end", "packages", package_id, {"reason": SECRET, "package": body, **gone})
        change.remember("list.read", "packages", "", {"shown": [package_id, "N2"]})
        change.remember("list.read", "packages", "", {"shown": ["N2"]})


def ended(store: Store) -> dict[str, Ended]:
    with reading(store.engine) as connection:
        return all_ended(connection)


def add_run(store: Store, run_id: str, result: bytes, status: str = "succeeded", version: int = 1, key: str = "") -> None:
    texts = ("kind", "idempotency_key", "request_hash", "requested_by", "created_at")
    row = {"run_id": run_id, **dict.fromkeys(texts, run_id), "settings": "{}", "status": status, "cancel": False}
    row["idempotency_key"] = key or run_id
    with writing(store.engine) as connection:
        connection.execute(insert(table_schema.runs).values(**row, attempts=1, fence=1, state_version=version, result=result))
        for package_id in ("N1", "N2"):
            body = orjson.dumps({"why": SECRET if package_id == "N1" else ""})
            connection.execute(insert(table_schema.run_explanations).values(run_id=run_id, package_id=package_id, body=body))
        connection.execute(insert(table_schema.run_events).values(run_id=run_id, seq=1, at="", body='{"placed":"N1"}'))
    with store.change(ADMIN) as change:
        change.remember("run.succeeded", "runs", run_id)


def everything(store: Store) -> str:
    """All that any table holds, as one text."""
    with reading(store.engine) as connection:
        rows = [str(tuple(row)) for table in table_schema.metadata.sorted_tables for row in connection.execute(select(table))]
    return "\n".join(rows)


def test_everything_of_a_person_is_gone_and_the_trail_still_holds(store: Store) -> None:
    other = Store(store.engine, store.clock)
    assert other.state().get("packages", "N1")
    add_run(store, "R1", gzip.compress(orjson.dumps({"placed": {"N1": "P-ALDER"}})))
    add_run(store, "R2", orjson.dumps({"placed": {"N12": "P-ALDER"}}), key="for N12")
    add_run(store, "R3", b"{}", key="for N1")
    before = other.state().stock
    belongings = sum(stored.body["package_id"] == "N1" for kind in ("visits", "offers") for stored in before[kind].values())
    end(store, "N1")
    done = forget(calling(store, ADMIN), ["N1"])
    assert (done.packages, done.records, done.entries, done.results) == (1, 2 + belongings, 2, 1)
    held = everything(store)
    assert SECRET not in held
    assert "'N1'" not in held
    assert "for N1'" not in held
    assert '"N1"' not in held
    with reading(store.engine) as connection:
        assert not list(audit.verify(connection))
        kept = (
            connection.execute(select(table_schema.runs.c.run_id).where(table_schema.runs.c.result.is_not(None))).scalars().all()
        )
        assert kept == ["R2", "R3"]
        keys = (
            connection.execute(select(table_schema.runs.c.idempotency_key).order_by(table_schema.runs.c.run_id)).scalars().all()
        )
        assert keys == ["R1", "for N12", "forgotten R3"], "a caller's own words for a run are destroyed where they name somebody"
    for each in (store, other, Store(store.engine, store.clock)):
        assert not each.state().stock["alerts"]
        assert SECRET not in str(each.state().stock)
        assert each.state().get("packages", "N2")


def test_what_runs_have_written_is_searched_while_others_work(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the search; what is written while it goes on is found all the same: an event of a run that had ended, a
    run that ends meanwhile, and one that is new.
    """
    add_run(store, "R1", b"{}")
    add_run(store, "R2", b"{}", status="queued")
    end(store, "N1")
    looked, goes_on = search, list[bool]()

    def meanwhile(connection: Connection, ids: Collection[str], known: Mentions | None = None) -> Mentions:
        found = looked(connection, ids, known)
        goes_on.append(known is not None)
        if known is None:
            add_run(store, "R3", b'{"placed": {"N1": "P-ALDER"}}')
            with writing(store.engine) as other:
                other.execute(update(table_schema.runs).where(RUN == "R2").values(status="failed", problem='{"detail": "N1"}'))
                other.execute(insert(table_schema.run_events).values(run_id="R1", seq=2, at="", body='{"because": "N1"}'))
        return found

    for module in (acts, mentions):
        monkeypatch.setattr(module, "search", meanwhile)
    assert forget(calling(store, ADMIN), ["N1"]).results == 1
    assert goes_on == [False, True]
    assert '"N1"' not in everything(store)
    assert SECRET not in everything(store)


def test_what_was_searched_is_not_searched_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_run(store, "R1", b"{}")
    add_run(store, "R2", b"{}", status="running")
    with reading(store.engine) as connection:
        found = search(connection, ["N1"])
        looked_at = list[object]()
        monkeypatch.setattr(mentions, "names_any", lambda stored, _: looked_at.append(stored))
        again = search(connection, ["N1"], found)
    assert (again.explanations, again.events) == ({("R1", "N1"), ("R2", "N1")}, {("R1", 1), ("R2", 1)})
    assert len(looked_at) == 4, "of the run that goes on alone: another's explanation, its settings, problem and result"


def note(store: Store, kind: str, record_id: str, **cells: Any) -> None:
    """Something is written into a record, and remembered."""
    with store.change(ADMIN) as change:
        change.put(kind, record_id, change.state.stock[kind][record_id].body | cells)
        change.remember(f"{kind}.change", kind, record_id, {"after": cells})


def test_what_columns_of_ones_own_and_reasons_say_of_a_person_is_gone_too(store: Store) -> None:
    with store.change(ADMIN) as change:
        change.put("own_columns", "contracts", {"columns": ["our_line", "N1"]})
    said = f"as for N1: {SECRET}"
    note(store, "packages", "N1", extra={"key_safe": SECRET, "our_line": "4711"})
    note(store, "contracts", "P-ALDER", extra={"our_line": "N12, not she", "remark": said})
    note(store, "packages", "N2", extra={"remark": said})
    note(store, "restrictions", "X1", reason=said)
    note(store, "offices", "O1", extra={"our_line": "N1"})
    assessed = {"assessment_id": "V1", "provider_id": "DOCK", "state": "with_provider", "visited_on": "2026-11-02"}
    with store.change(ADMIN) as change:
        corrections = [{"number": 1, "statement": said, "answer": {"why": "N12 is another"}}]
        change.put("assessments", "V1", assessed | {"sent_on": "2026-11-09", "corrections": corrections, "withdrawn_because": ""})
    rows = list(show_audit(calling(store, ADMIN), Wanted(subject="N1")))
    assert {(row["subject_kind"], row["subject"]) for row in rows} == {
        ("packages", "N1"), ("contracts", "P-ALDER"), ("packages", "N2"), ("restrictions", "X1"), ("offices", "O1"),
    }  # fmt: skip
    end(store, "N1")
    done = forget(calling(store, ADMIN), ["N1"])
    assert (done.packages, done.texts) == (1, 5)
    assert SECRET not in everything(store)
    for each in (store, Store(store.engine, store.clock)):
        stock = each.state().stock
        assert stock["contracts"]["P-ALDER"].body["extra"] == {"our_line": "N12, not she"}
        assert "extra" not in stock["packages"]["N2"].body | stock["offices"]["O1"].body
        assert stock["restrictions"]["X1"].body["reason"] == ""
        kept = stock["assessments"]["V1"].body
        assert (kept["state"], kept["corrections"][0]) == (
            "with_provider",
            {"number": 1, "statement": "", "answer": {"why": "N12 is another"}},
        )
        assert each.state().snapshot.extra["contracts"].columns == ("our_line", "N1"), "their order stays"
    with reading(store.engine) as connection:
        assert not list(audit.verify(connection))


def test_nobody_is_forgotten_when_anybody_of_them_is_still_cared_for(store: Store) -> None:
    end(store, "N1")
    before = everything(store)
    with pytest.raises(CannotForgetError) as refused:
        forget(calling(store, ADMIN), ["N1", "N2", "N99"])
    assert [fault.split(":")[0] for fault in refused.value.faults] == ["N2", "N99"]
    assert everything(store) == before


def test_a_run_that_still_holds_the_person_is_waited_for(store: Store) -> None:
    end(store, "N1")
    add_run(store, "R1", b"{}", status="running")
    with pytest.raises(CannotForgetError, match="1 cannot be forgotten") as refused:
        forget(calling(store, ADMIN), ["N1"])
    assert "R1" in refused.value.faults[0]


def test_due_is_who_ended_so_many_days_ago(store: Store) -> None:
    end(store, "N1")
    today = store.clock.instant().astimezone(LONDON).date()  # the trail goes by the true time
    assert due(ended(store), today, 0) == ["N1"]
    assert due(ended(store), today, 1) == []
    assert due(ended(store), today + dt.timedelta(days=365), 365) == ["N1"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zlib.compress])
def test_names_are_found_as_words_in_whatever_is_stored(pack: Callable[[bytes], bytes]) -> None:
    stored = pack(b'{"a":{"N1":["x"]},"said":"N3, not N44, was placed"}\n{"b":"P 7"}')
    for found in ("N1", "N3", "N44", "P 7"):
        assert names_any(stored, [found])
    assert not names_any(stored, ["N4", "N", "7P"])


def test_what_cannot_be_read_names_everybody() -> None:
    assert names_any(b"\x1f\x8bbroken", ["N1"])
    assert names_any(b"\x00\x01", ["N1"])
    assert not names_any(None, ["N1"])


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_url: str, small: Snapshot) -> object:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("OPTIMISER_AS_OF", small.as_of.isoformat())
    return lambda *arguments: run(capsys, *arguments)


def test_the_command(
    store: Store, database_url: str, tmp_path: Path, command: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("forget").code == 2
    assert command("forget", "N1", "--due").code == 2
    assert "Nobody is due" in command("forget", "--due").out
    refused = command("forget", "N2")
    assert (refused.code, "N2: waiting for care" in refused.err) == (2, True)
    end(store, "N1")
    monkeypatch.setenv("OPTIMISER_FORGET_AFTER_DAYS", "1")
    monkeypatch.setenv("OPTIMISER_AS_OF", str(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)))
    done = command("forget", "--due")
    assert (done.code, "Forgotten: 1 package(s)" in done.out) == (0, True)
    assert command("audit", "verify").code == 0
    if database_url.startswith("sqlite"):
        assert "hold none of it any more" in done.out
        files = sorted(tmp_path.glob("county.db*"))
        assert files
        for file in files:
            assert SECRET.encode() not in file.read_bytes(), file.name
    else:
        assert "Some bytes stay" in done.out


def test_the_bytes_were_there_before(store: Store, database_url: str, tmp_path: Path) -> None:
    end(store, "N1")
    if database_url.startswith("sqlite"):
        assert any(SECRET.encode() in file.read_bytes() for file in tmp_path.glob("county.db*"))
    assert SECRET in everything(store)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_killed_forget_left_in_the_files_goes_with_the_next_one_and_that_is_said(
    store: Store, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    end(store, "N1")
    with reading(store.engine):  # somebody reads, so that the log beside the file is kept as it is
        pass
    forget(calling(store, ADMIN), ["N1"])  # and killed before the files were swept
    assert SECRET.encode() in b"".join(each.read_bytes() for each in tmp_path.glob("county.db*"))
    due = run(capsys, "forget", "--due")
    assert (due.code, "An earlier 'forget' had ended" in due.err) == (0, True)
    assert SECRET.encode() not in b"".join(each.read_bytes() for each in tmp_path.glob("county.db*"))
    assert run(capsys, "forget", "--due").err == ""
    with reading(store.engine) as connection:
        assert not list(audit.verify(connection))
