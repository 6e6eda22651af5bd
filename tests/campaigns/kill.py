"""``python -m tests.campaigns.kill [--kills 100] [--database sqlite|postgresql|both] [--at TEXT…]``: kill -9 over mixed work.

A real ``optimiser serve`` and its solvers are killed at every phase in turn, while planners start, cancel and apply runs,
answer offers and change packages, an officer keeps the county's records, opens the reserve, files volumes, imports folders, and
leads contracts through their lives and providers through assessments; each request is sent until it is answered. Afterwards
nothing acknowledged may be lost, nothing done twice, no import there in part, every run has ended, the audit trail verifies, and
the state is the one that the database alone gives. Exit code 0 when all of that holds. ``--servers 2``: so many servers on one
PostgreSQL database; requests go to them in turn, one of them is killed, and what it did not answer is asked of the next.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from api.clock import Clock
from api.security.keys import create_key
from api.state.store import Store
from api.storage.database import open_database
from api.storage.migrating import upgrade
from optimiser.io.reading import read_snapshot
from tests.api import postgres
from tests.api.conftest import LOADER, SMALL
from tests.api.databases import new_postgres_database
from tests.campaigns.killing import trap
from tests.campaigns.killing.phases import Killer
from tests.campaigns.killing.planners import ENDINGS, Planners
from tests.campaigns.killing.proof import faults
from tests.campaigns.killing.site import Site
from tests.campaigns.officers import Officer, faults_of

END_SECONDS = 300.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How often to kill, for how long at most, and at which phases in turn (none named: all of them, in an order by the seed)."""

    kills: int
    seed: int
    minutes: float = 24 * 60
    phases: Sequence[str] = ()
    at: Sequence[str] = ()
    """Where no phases are named: those alone that have one of these texts in their names."""
    servers: int = 1
    """How many serve the one database."""


def campaign(database_url: str, plan: Plan, say: Say) -> list[str]:
    """Kill; everything that does not hold afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="kill", dir="/tmp"))
    os.environ[trap.FOLDER] = str(folder)
    snapshot = read_snapshot(SMALL).snapshot
    engine = open_database(database_url)
    upgrade(engine)
    store = Store(engine, Clock(snapshot.as_of))
    store.load(snapshot, LOADER)
    site = Site(folder, database_url, _free_ports(plan.servers), str(snapshot.as_of))
    token = create_key(engine, LOADER, "campaign", ["admin"], store.clock.instant())
    try:
        site.start()
        officer = Officer(site.addresses, token, store, name=str(plan.seed))
        planners = Planners(site.addresses, token, plan.seed, officer)
        planners.begin()
        try:
            _kill(Killer(site, planners, plan.seed), plan, say)
        finally:
            planners.finish()
        found = [*planners.faults, *_wait_for_all(planners, say), *faults(store, planners)]
        found += _records(database_url, store, officer, say)
        planners.leave()
        if not set(site.stop()) <= {0, -signal.SIGTERM}:
            found.append("a server did not end cleanly")
        return found
    finally:
        site.end()
        engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)


def _is_at(plan: Plan, phase: str) -> bool:
    return not plan.at or any(text in phase for text in plan.at)


def _kill(killer: Killer, plan: Plan, say: Say) -> None:
    order, ends = [*(plan.phases or (each for each in killer.kills if _is_at(plan, each)))], time.monotonic() + plan.minutes * 60
    if not plan.phases:
        random.Random(plan.seed).shuffle(order)
    for number in range(plan.kills):
        if time.monotonic() > ends:
            say(f"time is up after {number} kills")
            return
        phase, began = order[number % len(order)], time.monotonic()
        killer.kills[phase]()
        say(f"kill {number + 1:3}: {phase} (after {time.monotonic() - began:.1f} s)")


def _wait_for_all(planners: Planners, say: Say) -> list[str]:
    """Wait until every run has ended; those that did not."""
    ends = time.monotonic() + END_SECONDS
    while open_ := [run_id for run_id, run in planners.statuses().items() if run["status"] not in ENDINGS]:
        if time.monotonic() > ends:
            return [f"run {run_id} does not end" for run_id in open_]
        time.sleep(0.5)
    runs = planners.statuses().values()
    counted = ", ".join(f"{count} {status}" for status, count in sorted(Counter(run["status"] for run in runs).items()))
    again = sum(run["attempts"] > 1 for run in runs)
    say(
        f"{len(runs)} runs: {counted}; {again} were tried more than once; {len(planners.offers)} offers, "
        f"{len(planners.answers)} answers, {len(planners.priorities)} packages changed"
    )
    return []


def _records(database_url: str, store: Store, officer: Officer, say: Say) -> list[str]:
    """What does not hold of the records that the officer kept."""
    counted = Counter(each.action for each in officer.told.values())
    say("the officer: " + ", ".join(f"{count} {action}" for action, count in sorted(counted.items())))
    engine = open_database(database_url)
    found = list(faults_of(store, Store(engine, store.clock), [officer]))
    engine.dispose()
    return found


def _print(kind: str, line: str) -> None:
    print(f"{kind}: {line}", flush=True)


def _free_ports(how_many: int) -> list[int]:
    with ExitStack() as stack:
        free = [stack.enter_context(socket.socket()) for _ in range(how_many)]
        for each in free:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in free]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign on one kind of database or both."""
    options = argparse.ArgumentParser(prog="python -m tests.campaigns.kill", description=__doc__)
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    options.add_argument("--minutes", type=float, default=24 * 60, help="kill no more after so long, and see what holds")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--at", nargs="+", default=(), metavar="TEXT", help="only at phases with one of these in their names")
    options.add_argument("--servers", type=int, default=1, help="so many on one database; more than one on PostgreSQL alone")
    chosen = options.parse_args(arguments)
    if chosen.servers > 1 and chosen.database != "postgresql":
        options.error("--servers: one SQLite file has one server; say --database postgresql")
    kinds = ["sqlite", "postgresql"] if chosen.database == "both" else [chosen.database]
    faults_found, began = 0, time.monotonic()
    with ExitStack() as stack:
        for kind in kinds:
            folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            if kind == "sqlite":
                address = f"sqlite:///{folder / 'county.db'}"
            else:
                address = new_postgres_database(stack.enter_context(postgres.server(folder)))
            plan = Plan(chosen.kills, chosen.seed, chosen.minutes, at=chosen.at, servers=chosen.servers)
            found = campaign(address, plan, partial(_print, kind))
            faults_found += len(found)
            print("\n".join(f"{kind}: FAULT: {each}" for each in found) or f"{kind}: nothing lost, nothing doubled", flush=True)
    seconds = time.monotonic() - began
    how = f"{chosen.kills} kills each, {chosen.servers} server(s), seed {chosen.seed}"
    print(f"{' and '.join(kinds)}: {how}, in {seconds:.0f} s; {faults_found} faults in all")
    return int(faults_found > 0)


if __name__ == "__main__":
    sys.exit(main())
