"""``python -m api.runs.solve RUN_ID FENCE ATTEMPT``: one run, in a process of its own. Started by the supervisor alone.

Its end with a plan is result, proposals and explanations, all together or not at all. Its arguments name nobody. Its exit
codes are those of ``api.runs.queue``.
"""

from __future__ import annotations

import io
import os
import pkgutil
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, insert

from api.clock import Clock
from api.http.zipped_folder import unpacked
from api.runs import queue
from api.runs.control import Control, supervisor_has_gone
from api.runs.kinds import KINDS
from api.runs.kinds.kind import CannotRunError, Outcome, Task, policy_of_run
from api.runs.outcomes import plan_digest, result_record
from api.runs.pulse import at_the_database, beat_over
from api.runs.queue import ENDED, FAILED, LEFT, Claim
from api.runs.sent_snapshots import destroy_sent, is_on_what_was_sent, sent_with
from api.runs.stored_runs import Run, pack, run_of
from api.settings import Settings
from api.state.state import State
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.audit import Actor, Entry
from api.storage.database import county_row, database_of, reading, writing
from api.storage.patience import Patience
from api.storage.runs_told import RESULT_DIGEST, digest_of_result
from optimiser.accounting.report import AccountNotConfirmedError
from optimiser.io.reading import read_snapshot
from optimiser.judging.checking import DisagreementError, PlanRefusedError
from optimiser.rules.book import VERSION as RULE_BOOK

NICENESS = 10
"""Planners come first: the solver takes what they leave of the machine."""
log = structlog.get_logger("runs")


def work(claim: Claim, settings: Settings, leaving: threading.Event) -> int:
    """Work on a claimed run; the exit code. ``leaving``: once it is set, nothing is written any more."""
    store = Store(database_of(settings, Patience.long(settings)), settings.clock)
    try:
        return _work(claim, store, settings, leaving)
    finally:
        store.engine.dispose()


def _work(claim: Claim, store: Store, settings: Settings, leaving: threading.Event) -> int:
    control = Control(store.engine, store.clock, claim, leaving)
    with at_the_database():
        with reading(store.engine) as connection:
            run = run_of(connection, claim.run_id)
            if run is not None and is_on_what_was_sent(run):
                sent, state, beside = sent_with(connection, claim.run_id), None, None
            else:
                sent, state = None, store.live.at(connection)
                beside = None if run is None else _beside(run, connection, state, settings)
        is_ours = run is not None and queue.begin(store.engine, claim, None if state is None else state.version)
    if run is None or not is_ours:
        return ENDED
    if state is None:
        return _work_on_what_was_sent(sent, run, claim, store, settings, control)
    if run.is_forgotten:
        return _failed(store, claim, "settings_destroyed", "What was asked for named somebody who has been forgotten: ask again.")
    policy, faults = policy_of_run(state.snapshot.policy, run.settings["policy"])
    if policy is None:
        return _failed(store, claim, "settings_refused", f"The settings do not fit the county's: {'; '.join(faults)}.")
    task = Task(
        replace(state.snapshot, policy=policy),
        run.settings,
        control.report,
        control.should_stop,
        settings.extra_holidays,
        beside,
    )
    return _solve(store, claim, control, run, task)


def _work_on_what_was_sent(sent: bytes | None, run: Run, claim: Claim, store: Store, settings: Settings, control: Control) -> int:
    """On a snapshot that came with the run, as it was found good when it came; nothing of the county is looked at."""
    if sent is None:
        return _failed(store, claim, "snapshot_destroyed", "What was sent is not there any more: send it again.")
    with unpacked(io.BytesIO(sent), settings.max_import_bytes) as folder:
        snapshot = read_snapshot(folder).snapshot
    task = Task(snapshot, run.settings, control.report, control.should_stop, settings.extra_holidays)
    return _solve(store, claim, control, run, task)


def _beside(run: Run, connection: Connection, state: State, settings: Settings) -> Any:
    """What the database knows beside the snapshot, where the kind of run asks for it."""
    kind = KINDS[str(run.row.kind)]
    asked = run.settings.get(kind.name, {})
    return pkgutil.resolve_name(kind.beside)(connection, state, settings, asked) if kind.beside else None


def _solve(store: Store, claim: Claim, control: Control, run: Run, task: Task) -> int:
    try:
        outcome = KINDS[str(run.row.kind)].work(task)
    except CannotRunError as cannot:
        return _failed(store, claim, "cannot_plan", str(cannot))
    except (PlanRefusedError, DisagreementError, AccountNotConfirmedError) as defect:
        # What is said of it may tell of a person: it is named, and stands in no log.
        log.error("defect", run=claim.run_id, error=type(defect).__name__)
        return _failed(store, claim, "check_disagrees", "The check does not confirm the plan: a defect of this software.")
    control.tell()
    if control.abandoned:
        return LEFT
    with at_the_database():
        finish(store.engine, store.clock, claim, run, outcome)
    return ENDED


def _failed(store: Store, claim: Claim, code: str, detail: str) -> int:
    with at_the_database():
        queue.fail(store.engine, claim, store.clock.instant(), {"code": code, "detail": detail})
    return ENDED


def _let_others_go_first() -> None:
    os.nice(NICENESS)
    with suppress(OSError):  # systems that share the processor between sessions first, and a solver has its own, ask for that too
        Path("/proc/self/autogroup").write_text(str(NICENESS), encoding="ascii")


def main(arguments: list[str]) -> int:
    run_id, fence, attempt = arguments
    _let_others_go_first()
    beat_over(sys.stdin.fileno())
    try:
        return work(Claim(run_id, int(fence), int(attempt)), Settings(), supervisor_has_gone())
    except Exception as failure:  # its kind alone: a message may hold what is personal
        log.error("attempt failed", run=run_id, error=type(failure).__name__)
        return FAILED


SOLVER = Actor("solver", "job")


class _NotOursError(Exception):
    """Another worker holds the run: nothing of ours is written."""


def finish(engine: Engine, clock: Clock, claim: Claim, run: Run, outcome: Outcome) -> bool:
    """Write everything and end the run; False, and nothing written, when the run is no longer ours."""
    digest = plan_digest(str(run.row.kind), str(outcome.record["snapshot_digest"]), outcome)
    result = pack(result_record(claim.run_id, run.row.requested_by, outcome, digest))
    explanations = [
        {"run_id": claim.run_id, "package_id": package_id, "body": packed} for package_id, packed in outcome.explanations
    ]
    status = "cancelled" if outcome.stopped == "cancelled" else "succeeded"
    told = {"plan_digest": digest, "attempt": claim.attempt, RESULT_DIGEST: digest_of_result(result)}
    entries = [] if is_on_what_was_sent(run) else [Entry(SOLVER, f"run.{status}", "runs", claim.run_id, told)]
    try:
        with writing(engine) as connection:
            if explanations:
                connection.execute(insert(table_schema.run_explanations), explanations)
            county_row(connection, lock=True)  # late, so that nobody waits for the explanations; before the run's own row
            now = clock.instant()
            if not queue.end(connection, claim, now, status, result=result, plan_digest=digest):
                raise _NotOursError
            destroy_sent(connection, claim.run_id)
            audit.append(connection, entries, at=now.isoformat(), rule_book=RULE_BOOK)
    except _NotOursError:
        return False
    return True


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    # A search that was interrupted may go on in its thread for a while: nobody waits for it.
    os._exit(code)
