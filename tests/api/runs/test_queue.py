"""The queue, on both kinds of database: nothing is worked on twice, nothing is lost, nobody writes over another."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from api.clock import Clock
from api.runs import acts, queue
from api.runs.events import events_after
from api.runs.leases import Leases
from api.runs.queue import ENDED, LEFT, Claim
from api.state.store import Store
from api.storage import audit
from api.storage.database import reading
from tests.api.runs.working import asked_for, calling, claimed, next_claim, run, work_here, worked_on


def impatient() -> Leases:
    """Of whoever takes all others for gone at once."""
    return Leases(0)


def names_of_events(store: Store, run_id: str) -> list[str]:
    with reading(store.engine) as connection:
        found = events_after(connection, run_id, 0)
    assert [each.seq for each in found] == list(range(1, len(found) + 1))
    return [each.name for each in found if each.name != "progress"]


def test_runs_are_claimed_in_turn_and_each_by_one_worker(store: Store) -> None:
    asked = [asked_for(store) for _ in range(6)]
    found: list[Claim] = []

    def take() -> None:
        while (claim := next_claim(store)) is not None:
            found.append(claim)

    workers = [threading.Thread(target=take) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(claim.run_id for claim in found) == sorted(asked)
    assert {(claim.fence, claim.attempt) for claim in found} == {(1, 1)}


def test_the_one_that_waits_longest_comes_first(store: Store) -> None:
    asked = [asked_for(store) for _ in range(3)]
    assert [claimed(store).run_id for _ in asked] == asked


def test_a_worker_that_was_taken_over_can_do_nothing_more(store: Store) -> None:
    run_id = asked_for(store)
    lost = claimed(store)
    taken = claimed(store, impatient())
    assert (taken.run_id, taken.fence, taken.attempt) == (run_id, lost.fence + 1, 2)
    now = store.clock.instant()
    assert not queue.renew(store.engine, lost)
    assert not queue.begin(store.engine, lost, 1)
    assert not queue.tell(store.engine, lost, now, {"level": "unmet"})
    assert not queue.give_back(store.engine, lost, now, counts=True)
    assert not queue.fail(store.engine, lost, now, {"code": "x", "detail": "y"})
    assert queue.should_go_on(store.engine, lost) == (False, False)
    assert work_here(store, lost) == ENDED
    assert run(store, run_id).status == "running"
    assert queue.renew(store.engine, taken)
    assert work_here(store, taken) == ENDED
    assert run(store, run_id).status == "succeeded"
    assert work_here(store, taken) == ENDED  # once more: it is no longer its own
    assert names_of_events(store, run_id) == ["queued", "started", "started", "succeeded"]


def test_a_worker_is_taken_over_once_it_was_not_heard_of_for_a_lease_whatever_the_clocks_show(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]
    leases, run_id = Leases(30, lambda: passed[0]), asked_for(store)
    monkeypatch.setattr(Clock, "instant", lambda _: dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    lost = claimed(store)  # by a clock that is decades ahead
    monkeypatch.undo()
    assert next_claim(store, leases) is None
    passed[0] += 29
    assert queue.renew(store.engine, lost)
    assert next_claim(store, leases) is None  # another beat: a new lease
    for moment in (dt.datetime(2099, 1, 1, tzinfo=dt.UTC), dt.datetime(2001, 1, 1, tzinfo=dt.UTC)):
        monkeypatch.setattr(Clock, "instant", lambda _, moment=moment: moment)
        assert next_claim(store, leases) is None  # a jump of the clock is no silence
    passed[0] += 30
    taken = claimed(store, leases)
    assert (taken.run_id, taken.attempt) == (run_id, 2)
    assert not queue.renew(store.engine, lost)


def test_a_run_is_tried_three_times_and_then_has_failed(store: Store) -> None:
    run_id = asked_for(store)
    for attempt in (1, 2, 3):
        claim = claimed(store)
        assert claim.attempt == attempt
        assert queue.give_back(store.engine, claim, store.clock.instant(), counts=True)
    assert next_claim(store) is None
    ended = run(store, run_id)
    assert (ended.status, ended.row.attempts) == ("failed", 3)
    assert "solver_died" in ended.row.problem
    assert "ended 3 times before it had a result. The last time it was not heard of again." in ended.row.problem
    assert names_of_events(store, run_id) == ["queued", *["started", "interrupted"] * 3, "failed"]


def test_how_the_last_attempt_ended_is_told_and_not_how_an_earlier_one_did(store: Store) -> None:
    said = {}
    for codes in ([1, -9], [-9, None]):
        run_id = asked_for(store)
        for code in codes:
            claim = claimed(store, most_attempts=2)
            assert queue.give_back(store.engine, claim, store.clock.instant(), counts=True, exit_code=code)
        assert next_claim(store, most_attempts=2) is None
        said[codes[-1]] = run(store, run_id).row.problem
    assert "it was killed (SIGKILL), as happens where memory runs out." in said[-9]
    assert "it was not heard of again." in said[None]


def test_a_clean_shutdown_is_no_attempt(store: Store) -> None:
    run_id = asked_for(store)
    for _ in range(5):
        claim = claimed(store)
        assert work_here(store, claim, leaving=True) == LEFT
        assert queue.give_back(store.engine, claim, store.clock.instant(), counts=False)
    assert (run(store, run_id).status, run(store, run_id).row.attempts) == ("queued", 0)


def test_a_waiting_run_that_is_cancelled_ends_at_once(store: Store) -> None:
    run_id = asked_for(store)
    assert acts.cancel(calling(store), run_id).run.status == "cancelled"
    assert acts.cancel(calling(store), run_id).run.status == "cancelled"
    assert next_claim(store) is None
    assert names_of_events(store, run_id) == ["queued", "cancelled"]


def test_a_cancelled_run_keeps_the_best_plan_so_far(store: Store) -> None:
    run_id = asked_for(store)
    claim = claimed(store)
    assert acts.cancel(calling(store), run_id).run.cancel_requested
    assert work_here(store, claim) == ENDED
    ended = run(store, run_id)
    assert ended.status == "cancelled"
    assert ended.row.plan_digest
    assert names_of_events(store, run_id) == ["queued", "started", "cancelling", "cancelled"]


def test_a_cancelled_run_whose_solver_dies_is_still_cancelled(store: Store) -> None:
    run_id = asked_for(store)
    first = claimed(store)
    acts.cancel(calling(store), run_id)
    assert work_here(store, claimed(store, impatient())) == ENDED
    assert run(store, run_id).status == "cancelled"
    assert queue.should_go_on(store.engine, first) == (False, False)


def test_whoever_asks_and_what_came_out_stands_in_the_trail(store: Store) -> None:
    run_id = worked_on(store)
    with reading(store.engine) as connection:
        assert not list(audit.verify(connection))
        rows = connection.exec_driver_sql(f"SELECT actor, action FROM audit WHERE subject = '{run_id}' ORDER BY seq").all()
    assert [tuple(row) for row in rows] == [("Ada Planner", "run.request"), ("solver", "run.succeeded")]
