"""The kills: each waits for its moment, kills, and sees that it did."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from tests.campaigns.killing import server, solver, trap
from tests.campaigns.killing.planners import Planners
from tests.campaigns.killing.site import Site

WAIT_SECONDS = 180.0
TRAP_SECONDS = 20.0
Kill = Callable[[], None]


class _Asking(threading.Thread):
    """A request that kills whoever handles it, and is sent again, harmless, until it is answered."""

    def __init__(self, request: Callable[..., object], phase: str) -> None:
        super().__init__(target=request, kwargs={"X-Kill": phase})


class Killer:
    """``kills``: per phase how to kill there. A killed server is started again."""

    def __init__(self, site: Site, planners: Planners, seed: int) -> None:
        self._site, self._planners, self._random = site, planners, random.Random(seed)
        requests: dict[str, Callable[..., object]] = {
            "start": planners.start_run,
            "cancel": planners.cancel,
            "apply": planners.apply,
            "answer": planners.answer,
            "change": planners.change,
        }
        for deed in planners.officer.deeds if planners.officer else ():
            requests[deed] = partial(planners.keep_records, deed)
        self.kills: dict[str, Kill] = {
            "server, at any time": self._server_any_time,
            "server, then its solvers": self._both,
            "solver, at any time": self._solver_any_time,
        }
        self.kills |= {f"solver, {phase}": self._by_trap(phase) for phase in solver.PHASES}
        for name, request in requests.items():
            for phase in (server.BEFORE, server.COMMIT, server.UNANSWERED):
                self.kills[f"server, {phase} ({name})"] = self._by_request(phase, request)

    def _again(self) -> None:
        assert self._site.died(), "the server was to be killed, and ended otherwise"
        self._site.start()

    def _server_any_time(self) -> None:
        time.sleep(self._random.uniform(0, 1.5))
        self._random.choice(self._site.servers).kill()
        self._again()

    def _a_solver(self) -> int:
        ends = time.monotonic() + WAIT_SECONDS
        while not (found := self._site.solvers()):
            assert time.monotonic() < ends, "no solver is at work"
            time.sleep(0.02)
        return self._random.choice(found)

    def _solver_any_time(self) -> None:
        for _ in range(20):  # it may end before we come
            pid = self._a_solver()
            time.sleep(self._random.uniform(0, 1.5))
            if pid in self._site.solvers():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    return
        raise AssertionError("every solver ended before it was killed")

    def _both(self) -> None:
        self._a_solver()
        server = max(self._site.servers, key=lambda each: len(each.solvers()))
        solvers = server.solvers()
        server.kill()
        for pid in solvers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._again()

    def _by_trap(self, phase: str) -> Kill:
        def kill() -> None:
            before, ends, set_at = len(trap.deaths()), time.monotonic() + WAIT_SECONDS, -TRAP_SECONDS
            while len(trap.deaths()) == before:
                assert time.monotonic() < ends, f"no solver died {phase}"
                if time.monotonic() - set_at > TRAP_SECONDS:  # whoever took it may have lost its run before it came so far
                    trap.set_trap(phase)
                    set_at = time.monotonic()
                time.sleep(0.05)
            trap.take_trap()

        return kill

    def _by_request(self, phase: str, request: Callable[..., object]) -> Kill:
        def kill() -> None:
            before = len(trap.deaths())
            ends = time.monotonic() + WAIT_SECONDS
            done = self._in_background(request, phase)
            while len(trap.deaths()) == before:
                assert time.monotonic() < ends, f"no server died {phase}"
                if not done.is_alive():  # there was nothing to ask for yet
                    done = self._in_background(request, phase)
                time.sleep(0.05)
            self._again()
            done.join()

        return kill

    def _in_background(self, request: Callable[..., object], phase: str) -> _Asking:
        asking = _Asking(request, phase)
        asking.start()
        return asking
