"""The short version of the kill campaign: two kills of the server and two of a solver, on both kinds of database."""

from __future__ import annotations

import gc

import pytest
from sqlalchemy import delete, insert, select, update

from api.state.store import Store
from api.storage import table_schema
from api.storage.database import writing
from tests.api.conftest import cluster, database_url, small, store
from tests.api.runs.working import worked_on
from tests.campaigns.kill import Plan, campaign
from tests.campaigns.killing.planners import Planners
from tests.campaigns.killing.proof import faults

__all__ = ["cluster", "database_url", "small", "store"]

SHORT = (
    "server, between commit and answer (start)",
    "server, between commit and answer (import)",
    "solver, at the result's commit",
    "solver, after the result's commit",
)


# A server that is killed leaves its client half a connection, which nobody can close in time.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_nothing_is_lost_or_doubled_by_kill_9(database_url: str) -> None:
    told: list[str] = []
    assert campaign(database_url, Plan(kills=len(SHORT), seed=2, phases=SHORT), told.append) == []
    gc.collect()  # here, and not in whatever test comes next
    assert [line.split(": ")[1].split(" (after")[0] for line in told[: len(SHORT)]] == list(SHORT)


def test_the_proof_finds_what_was_lost_or_doubled(store: Store) -> None:
    """A proof that finds nothing proves nothing: it is shown a run that was lost, one that is doubled and half a result."""
    planners = Planners(["http://127.0.0.1:1"], "", seed=1)
    planners.runs["key"] = run_id = worked_on(store)
    with writing(store.engine) as connection:
        connection.execute(update(table_schema.runs).values(idempotency_key="key"))
    assert faults(store, planners) == []
    planners.runs["lost"] = "0" * 32
    planners.offers.add("O-lost")
    planners.priorities["R1"] = "urgent"
    with writing(store.engine) as connection:
        row = dict(connection.execute(select(table_schema.runs)).mappings().one())
        connection.execute(insert(table_schema.runs).values({**row, "run_id": "1" * 32, "idempotency_key": "key again"}))
        explained = table_schema.run_explanations
        connection.execute(delete(explained).where(explained.c.package_id == "N1"))
    found = "\n".join(faults(store, planners))
    planners.leave()
    for expected in (
        "the run of lost is another one, or lost",
        f"run {run_id} has half a result",
        f"run {'1' * 32} is succeeded and ended so: []",
        "offer O-lost was lost",
        "the last change of R1 was lost",
        "the trail does not tell once of every run.request",
    ):
        assert expected in found
