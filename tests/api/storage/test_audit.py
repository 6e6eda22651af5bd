"""The audit trail as its keeper uses it: verify, head, show; and what destroys an entry has to account for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update

from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.audit import Actor, Entry
from api.storage.database import reading, writing
from api.storage.trail import spans
from tests.commands.running import Ran, run

Command = Callable[..., Ran]
ADA, BEN = Actor("Ada Planner (a1)", "planner"), Actor("Ben Planner (b2)", "planner")


@pytest.fixture
def command(store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run ``optimiser`` on the store's database, with four entries in its trail."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    write(store, Entry(ADA, "cascade.read", "packages", "N1", {"asked": 2}))
    write(store, Entry(BEN, "offer.made", "offers", "O7", {"package_id": "N1"}))
    write(store, Entry(ADA, "cascade.read", "packages", "N2"))
    return lambda *arguments: run(capsys, *arguments)


def write(store: Store, entry: Entry) -> None:
    with store.change(entry.actor) as change:
        change.remember(entry.action, entry.subject_kind, entry.subject, entry.details)


def destroy(store: Store, *entries: int) -> None:
    with store.change(ADA) as change:
        change.add(audit.destroy(change.connection, entries, ADA))


def set_values(store: Store, seq: int, **values: object) -> None:
    with writing(store.engine) as connection:
        connection.execute(update(table_schema.audit).where(table_schema.audit.c.seq == seq).values(**values))


def test_a_whole_trail_is_counted_and_its_head_told(command: Command) -> None:
    verified, head = command("audit", "verify"), command("audit", "head")
    assert (verified.code, head.code) == (0, 0)
    assert verified.out == f"4 entries, the personal part of 0 destroyed; no break.\nHead: {head.out}"
    assert head.out.startswith("4:")


def test_a_break_has_an_exit_code_of_its_own_and_is_listed(command: Command, store: Store) -> None:
    set_values(store, 2, actor="Somebody Else")
    verified = command("audit", "verify")
    assert verified.code == 5
    assert "BREAK  entry 2: was changed" in verified.out


def test_what_is_destroyed_with_an_account_is_no_break(command: Command, store: Store) -> None:
    destroy(store, 2, 3)
    verified = command("audit", "verify")
    assert verified.code == 0
    assert "5 entries, the personal part of 2 destroyed; no break." in verified.out


def test_what_is_destroyed_without_one_is(command: Command, store: Store) -> None:
    destroy(store, 2)
    set_values(store, 3, salt=None, subject=None, details=None)
    verified = command("audit", "verify")
    assert verified.code == 5
    assert verified.out.count("BREAK") == 1
    assert "BREAK  entry 3: is destroyed, and no forgetting accounts for it" in verified.out


def test_an_account_that_is_destroyed_itself_accounts_for_nothing(command: Command, store: Store) -> None:
    destroy(store, 2)
    set_values(store, 5, salt=None, subject=None, details=None)
    assert command("audit", "verify").out.count("is destroyed, and no forgetting accounts for it") == 2


def test_what_was_destroyed_and_is_there_again_is_a_break(command: Command, store: Store) -> None:
    with reading(store.engine) as connection:
        row = connection.execute(table_schema.audit.select().where(table_schema.audit.c.seq == 2)).mappings().one()
    destroy(store, 2)
    set_values(store, 2, salt=row["salt"], subject=row["subject"], details=row["details"])
    verified = command("audit", "verify")
    assert verified.code == 5
    assert "entry 2: was destroyed by entry 5, and is there again" in verified.out


def test_a_noted_head_is_found_again_until_the_trail_is_written_anew(command: Command, store: Store) -> None:
    noted = command("audit", "head").out.strip()
    write(store, Entry(BEN, "cascade.read", "packages", "N3"))
    assert command("audit", "verify", "--since-head", noted).code == 0
    rewritten = command("audit", "verify", "--since-head", f"4:{'f' * 64}")
    assert rewritten.code == 5
    assert "entry 4: is not the one that was noted elsewhere" in rewritten.out
    cut = command("audit", "verify", "--since-head", f"9:{'f' * 64}")
    assert cut.code == 5
    assert "entry 9: was noted elsewhere and is missing" in cut.out
    assert command("audit", "verify", "--since-head", "4").code == 2


def test_entries_are_shown_by_subject_actor_and_day_and_the_showing_is_written_down(command: Command) -> None:
    about = command("audit", "show", "--subject", "N1")
    assert [line.split("  ")[0] for line in about.out.splitlines()] == ["2", "3"]
    by = command("audit", "show", "--actor", "Ada Planner")
    assert [line.split("  ")[0] for line in by.out.splitlines()] == ["2", "4"]
    assert "Ada Planner (a1), planner: cascade.read packages N2 {}" in by.out
    assert len(command("audit", "show", "--since", "2000-01-01").out.splitlines()) == 6
    assert not command("audit", "show", "--since", "2999-01-01").out
    again = command("audit", "show", "--subject", "N1")
    # 6 to 8 read the trail by whom and by day, so that they may have shown whatever it tells of N1.
    assert [line.split("  ")[0] for line in again.out.splitlines()] == ["2", "3", "5", "6", "7", "8"]
    assert "audit.show audit N1" in again.out


def test_a_destroyed_entry_shows_who_and_when_alone(command: Command, store: Store) -> None:
    destroy(store, 2)
    line = command("audit", "show", "--actor", "Ada Planner").out.splitlines()[0]
    assert line.endswith("Ada Planner (a1), planner: cascade.read packages (destroyed)")


@pytest.mark.parametrize("asked", [("show",), ("show", "--since", "yesterday")])
def test_a_question_that_says_too_little_is_refused(command: Command, asked: tuple[str, ...]) -> None:
    assert command("audit", *asked).code == 2


def test_spans() -> None:
    assert spans([5, 3, 4, 9]) == [[3, 5], [9, 9]]
    assert spans([]) == []
