"""``optimiser work``: a process that works on the queue alone, and gives back what it has when it is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from api.clock import Clock
from api.state.store import Store
from api.storage.database import open_database
from api.storage.migrating import upgrade
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER
from tests.api.runs.working import asked_for, until
from tests.commands.running import run_alone


def test_the_queue_is_worked_on_without_a_server(tmp_path: Path, small: Snapshot) -> None:
    address = f"sqlite:///{tmp_path / 'county.db'}"
    environment = {"DATABASE_URL": address, "OPTIMISER_AS_OF": str(small.as_of)}
    refused = run_alone("work", environment=environment)
    assert (refused.code, refused.out) == (2, "")
    assert "optimiser migrate" in refused.err
    engine = open_database(address)
    upgrade(engine)
    store = Store(engine, Clock(small.as_of))
    store.load(small, LOADER)
    run_id = asked_for(store)
    with subprocess.Popen([sys.executable, "-m", "optimiser", "work"], env=os.environ | environment) as worker:
        assert until(store, run_id, "succeeded", seconds=120).row.plan_digest
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    engine.dispose()
