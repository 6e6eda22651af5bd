"""What the trail tells of the results of runs: one that was changed, put there or taken away past the service is found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from api.clock import Clock
from api.forgetting.acts import forget
from api.forgetting.mentions import destroy_old_runs
from api.runs.stored_runs import pack, result_of
from api.state.store import Store
from api.storage import audit
from api.storage.audit import Actor
from api.storage.database import open_database, reading, writing
from api.storage.runs_told import RunsTold, digest_of_result
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER
from tests.api.forgetting.test_forgetting import end
from tests.api.runs.working import calling, worked_on

ADMIN = Actor("Ada Admin", "admin")
CHANGED = "its result is not as the entry tells of it: it was written past the service"
GONE = "the result of a run is not there any more"


@dataclass
class Ran:
    """A county in which two runs have ended with a plan."""

    store: Store
    runs: list[str]

    def past_the_service(self, statement: str, **values: object) -> None:
        with writing(self.store.engine) as connection:
            connection.execute(text(statement), values)

    def problems(self) -> list[tuple[str, str, str]]:
        """Of each break the action of the entry that it is told with, the run, and what is wrong."""
        with reading(self.store.engine) as connection:
            told = [(each, each.row_id) for each in audit.check(connection).breaks]
            actions = {int(seq): str(action) for seq, action in connection.execute(text("SELECT seq, action FROM audit"))}
        return [(actions.get(each.seq, ""), run, each.problem) for each, run in told]


@pytest.fixture(scope="module")
def lived(empty: Path, small: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    file = tmp_path_factory.mktemp("ran") / "county.db"
    shutil.copy(empty, file)
    store = Store(open_database(f"sqlite:///{file}"), Clock(small.as_of))
    store.load(small, LOADER)
    runs = [worked_on(store), worked_on(store)]
    store.engine.dispose()
    return file, runs


@pytest.fixture
def ran(lived: tuple[Path, list[str]], tmp_path: Path, small: Snapshot) -> Iterator[Ran]:
    shutil.copy(lived[0], tmp_path / "county.db")
    store = Store(open_database(f"sqlite:///{tmp_path / 'county.db'}"), Clock(small.as_of))
    yield Ran(store, lived[1])
    store.engine.dispose()


def test_results_as_they_were_written_are_known(ran: Ran) -> None:
    assert ran.problems() == []


def test_a_result_that_was_changed_is_found_with_the_entry_by_which_its_run_ended(ran: Ran) -> None:
    run = ran.runs[0]
    with reading(ran.store.engine) as connection:
        was = result_of(connection, run)
    assert was is not None
    other = pack({"proposals": []})
    for forged in (other, was.decode(), b""):
        ran.past_the_service("UPDATE runs SET result = :result WHERE run_id = :run", result=forged, run=run)
        assert ran.problems() == [("run.succeeded", run, CHANGED)]


def test_a_result_that_was_taken_away_is_missed(ran: Ran) -> None:
    ran.past_the_service("UPDATE runs SET result = NULL WHERE run_id = :run", run=ran.runs[1])
    assert ran.problems() == [("run.succeeded", ran.runs[1], GONE)]


def test_a_result_that_no_entry_tells_of_is_found(ran: Ran) -> None:
    run = {"run_id": "R", "kind": "allocate", "settings": "{}", "requested_by": "x", "idempotency_key": "x", "request_hash": "x"}
    run |= {"created_at": "x", "finished_at": "x", "status": "succeeded", "plan_digest": "x"}
    columns = ", ".join([*run, "cancel", "attempts", "fence", "result"])
    ran.past_the_service(f"INSERT INTO runs ({columns}) VALUES ({', '.join(f':{each}' for each in run)}, 0, 1, 1, x'00')", **run)
    ran.past_the_service("INSERT INTO run_events (run_id, seq, at, body) VALUES ('R', 1, 'x', '{}')")
    assert ran.problems() == [("", "R", "has a result that no entry tells of: it was written past the service")]


def test_what_is_destroyed_by_the_service_is_accounted_for_and_not_one_more(ran: Ran) -> None:
    """Forgetting N1 destroys the result of the first run, which names them; of the second somebody took it away before."""
    ran.past_the_service("UPDATE runs SET result = NULL WHERE run_id = :run", run=ran.runs[1])
    end(ran.store, "N1")
    assert forget(calling(ran.store, ADMIN), ["N1"]).results == 1
    assert ran.problems() == [("run.succeeded", run, GONE) for run in sorted(ran.runs)], "it is not known which of them it was"


def test_results_of_people_who_were_forgotten_and_of_old_runs_are_not_missed(ran: Ran) -> None:
    end(ran.store, "N1")
    assert forget(calling(ran.store, ADMIN), ["N1"]).results == 2
    assert ran.problems() == []


def test_results_of_old_runs_are_not_missed(ran: Ran) -> None:
    with ran.store.change(LOADER) as change:
        assert destroy_old_runs(change.connection, "9999") == 2
        change.remember("run.forget", "runs", details={"ended_before": "9999", "runs": 2})
    assert ran.problems() == []


def test_of_a_run_that_ended_before_there_were_digests_nothing_is_said(ran: Ran) -> None:
    told = RunsTold()
    for seq, run in enumerate(ran.runs, start=1):
        told.take("run.request", seq, run, "{}")
        told.take("run.cancelled", seq, run, '{"plan_digest":"x","attempt":1}')
    with reading(ran.store.engine) as connection:
        assert told.compare(connection, chain_holds=True) == []
    told.take("run.cancelled", 9, ran.runs[0], f'{{"result_sha256":"{digest_of_result(b"another")}"}}')
    with reading(ran.store.engine) as connection:
        assert [(each.seq, each.row_id, each.problem) for each in told.compare(connection, chain_holds=True)] == [
            (9, ran.runs[0], CHANGED)
        ]


@pytest.mark.parametrize("details", ["[", "7", '{"results":"x"}', '{"result_sha256":7}'])
def test_details_of_any_form_are_no_reason_to_end(details: str) -> None:
    told = RunsTold()
    told.take("audit.forget", 1, "", details)
    told.take("run.succeeded", 2, "R", details)
    assert told.results_forgotten == 0
