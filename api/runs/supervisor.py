"""Works on the queue: claims runs, starts a process for each, tells the database that it lives, and sees how it ends."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.http.repeats import Repeats
from api.runs import queue
from api.runs.leases import Leases
from api.runs.process import SOLVER, SolverProcess
from api.runs.queue import ENDED, LEFT, Claim
from api.runs.sent_snapshots import destroy_old
from api.runs.stored_runs import run_of
from api.settings import Settings
from api.storage.database import reading
from api.storage.failures import TooBusyError, in_words

IDLE_SECONDS = 0.25
BROKEN_SECONDS = 2.0
"""How long to wait before the database is tried again."""
PATIENCE_SECONDS = 10.0
"""How long a solver that was asked to leave may take."""
OVERTIME_SECONDS = 300.0
"""A solver that is so far past its own last resort hangs."""
STUCK_SECONDS = 45.0
"""A solver of which nothing was heard for so long is stuck: it does not work, and waits for nobody who would tell it."""
AWAY_SECONDS = 5.0
"""Where we ourselves did nothing for so long (the machine slept, the database kept us), nobody is blamed for it."""
DESTROY_SECONDS = 15.0
"""How often what is old of snapshots that were sent is looked for."""
CANCEL_SECONDS = 60.0
"""A solver has so long to end after it was asked to cancel."""
log = structlog.get_logger("runs")


@dataclass
class _Work:
    """A run at work here. Times are monotonic seconds."""

    claim: Claim
    process: SolverProcess
    deadline: float
    renewed_at: float = field(default_factory=time.monotonic)


class Supervisor:
    """``run`` works until ``stop`` is called from elsewhere; ``start`` does so in a thread of its own."""

    def __init__(self, engine: Engine, settings: Settings, solver: str = SOLVER) -> None:
        self._engine, self._settings, self._solver, self._clock = engine, settings, solver, settings.clock
        self._leases = Leases(settings.run_lease_seconds)
        self._working: list[_Work] = []
        self._looked_at = time.monotonic()
        self._destroyed_at = -float("inf")
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def pids(self) -> list[int]:
        """The solver processes at work."""
        return [work.process.pid for work in list(self._working)]

    def start(self) -> None:
        self._thread = threading.Thread(target=self.run, name="supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Running work goes back to the queue, as if it had not been begun."""
        self._leaving.set()
        if self._thread is not None:
            self._thread.join()

    def run(self) -> None:
        """Work until somebody calls ``stop``. A database that cannot be reached is tried again."""
        repeats = Repeats()
        while not self._leaving.is_set():
            pause = IDLE_SECONDS
            try:
                self._look_after()
                self._take_on()
                self._destroy_old()
            except (SQLAlchemyError, OSError, TooBusyError) as error:
                told = in_words(error)
                unsaid = repeats.due(*told.values())
                if unsaid is not None:
                    log.warning("the queue cannot be worked on", **told, **unsaid)
                pause = BROKEN_SECONDS
            self._leaving.wait(pause)
        self._leave()

    def _look_after(self) -> None:
        away, self._looked_at = time.monotonic() - self._looked_at, time.monotonic()
        for work in list(self._working):
            code = work.process.exit_code()
            if code is None:
                if away > AWAY_SECONDS:
                    work.process.we_were_away(away)
                self._keep(work)
                continue
            work.process.leave()  # our end of its standard input
            if code != ENDED:
                log.warning("a solver ended without a result", run=work.claim.run_id, code=code, attempt=work.claim.attempt)
                queue.give_back(self._engine, work.claim, self._clock.instant(), counts=code != LEFT, exit_code=code)
            self._working.remove(work)

    def _keep(self, work: _Work) -> None:
        now = time.monotonic()
        if now > work.deadline:
            work.process.kill()  # seen to in the next round
        elif work.process.silent_seconds(now) > STUCK_SECONDS:
            log.warning("a solver is stuck", run=work.claim.run_id, attempt=work.claim.attempt)
            work.process.kill()
        elif now - work.renewed_at >= self._settings.run_lease_seconds / 3:
            work.renewed_at = now
            if not queue.renew(self._engine, work.claim):
                work.process.kill()
            elif queue.should_go_on(self._engine, work.claim)[1]:
                work.deadline = min(work.deadline, now + CANCEL_SECONDS)

    def _take_on(self) -> None:
        while len(self._working) < self._settings.run_workers and not self._leaving.is_set():
            claim = queue.claim_next(self._engine, self._clock.instant(), self._leases, self._settings.run_attempts)
            if claim is None:
                return
            with reading(self._engine) as connection:
                run = run_of(connection, claim.run_id)
            assert run is not None
            deadline = time.monotonic() + run.settings["wall_seconds"] + OVERTIME_SECONDS
            self._working.append(_Work(claim, SolverProcess(claim, self._settings, self._solver), deadline))

    def _destroy_old(self) -> None:
        """What was sent to be solved, and what was found, once it is time."""
        if time.monotonic() - self._destroyed_at >= DESTROY_SECONDS:
            destroy_old(self._engine, self._clock.instant(), self._settings.solve_result_minutes)
            self._destroyed_at = time.monotonic()

    def _leave(self) -> None:
        for work in self._working:
            work.process.leave()
        for work in self._working:
            if not work.process.wait(PATIENCE_SECONDS):
                work.process.kill()
            try:
                queue.give_back(self._engine, work.claim, self._clock.instant(), counts=False)
            except (SQLAlchemyError, TooBusyError) as failure:  # its lease runs out instead
                log.warning("a run could not be given back", run=work.claim.run_id, error=type(failure).__name__)
        self._working.clear()
