"""``python -m tests.campaigns.outbox [--messages 100000] [--kills 100] [--database sqlite|postgresql|both] [--seed 1]``.

A writer commits changes of a county of which twenty desks are told, a real ``optimiser serve`` and a real ``optimiser outbox
--send`` send what they leave in the outbox, and one of the three is killed with ``kill -9`` again and again. The receiver is
a program that is told by webhooks and is idempotent by id; now and then it fails. The writer repeats what nobody
acknowledged. In the end every message that was acknowledged has been heard, no cause twice, nothing that was never written,
and of each package in its order; and the audit trail verifies. Exit code 0 when all of that holds.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from sqlalchemy import func, select

from api.acts.act import Caller
from api.clock import Clock
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage import audit
from api.storage.audit import Actor
from api.storage.database import open_database, reading
from api.storage.migrating import upgrade
from api.storage.table_schema import outbox
from api.telling import acts
from api.telling.schemas import NewAddress
from tests.api import postgres
from tests.api.conftest import LOADER
from tests.api.databases import new_postgres_database
from tests.api.outbox.receivers import SECRET, Program, listening
from tests.making import AS_OF, framework, package, snapshot

DESKS, AT_ONCE, END_SECONDS = 20, 50, 600.0
EXPIRES = "2026-11-23T17:00:00+00:00"
WRITER, SERVER, SENDER = "the writer", "the server", "the sender"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How many messages, of how many packages, and how often something is killed meanwhile."""

    messages: int
    kills: int
    seed: int
    packages: int = 500
    who: tuple[str, ...] = (WRITER, SERVER, SENDER)
    """What runs, and may be killed."""


@dataclass
class Site:
    """What runs, and what was acknowledged."""

    folder: Path
    database_url: str
    plan: Plan
    program: Program
    running: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    acknowledged: int = 0
    """So many messages, from the first on, were committed and said to be."""

    def environment(self) -> dict[str, str]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        given = {
            "DATABASE_URL": self.database_url,
            "OPTIMISER_PORT": str(port),
            "OPTIMISER_AS_OF": AS_OF.isoformat(),
            "OPTIMISER_PUBLIC_ADDRESS": "https://brokerage.example.gov.uk",
            "OPTIMISER_WEBHOOK_SECRET_FILE": str(self.folder / "secret"),
            "OPTIMISER_TELLING_SECONDS": "0.05",
            "OPTIMISER_TELLING_LEASE_SECONDS": "1",
            "OPTIMISER_TELLING_RETRY_SECONDS": "1",
            "OPTIMISER_TELLING_MOST_RETRY_SECONDS": "1",
            "OPTIMISER_RUN_WORKERS": "0",
            "OPTIMISER_TICK_SECONDS": "0",
        }
        return {**os.environ, **given}

    def start(self, who: str) -> None:
        """Start one of the three anew; the writer goes on behind what was acknowledged."""
        left = ["--write", str(self.acknowledged), str(self.plan.messages), "--packages", str(self.plan.packages)]
        words = {
            SERVER: ["optimiser", "serve"],
            SENDER: ["optimiser", "outbox", "--send"],
            WRITER: ["tests.campaigns.outbox", *left],
        }[who]
        log = (self.folder / f"{who.split()[1]}.log").open("a", encoding="utf-8")
        out = subprocess.PIPE if who == WRITER else log
        self.running[who] = subprocess.Popen(
            [sys.executable, "-m", *words], env=self.environment(), stdout=out, stderr=log, text=True
        )
        log.close()
        if who == WRITER:
            os.set_blocking(self._pipe().fileno(), False)

    def _pipe(self) -> IO[str]:
        pipe = self.running[WRITER].stdout
        assert pipe is not None
        return pipe

    def hear_writer(self) -> None:
        """What the writer says that it has committed."""
        for line in iter(self._pipe().readline, ""):
            if line.strip().isdecimal():
                self.acknowledged = max(self.acknowledged, int(line))

    def kill(self, who: str) -> None:
        """``kill -9``; what it said before counts."""
        self.running[who].kill()
        self.running[who].wait()
        if who == WRITER:
            os.set_blocking(self._pipe().fileno(), True)
            self.hear_writer()
            self._pipe().close()


def write(database_url: str, first: int, last: int, packages: int) -> None:
    """The writer: changes of fifty offers each, each said once it is committed."""
    store = Store(open_database(database_url), Clock(AS_OF))
    for start in range(first, last, AT_ONCE):
        with store.change(Actor("somebody", "planner")) as change:
            for number in range(start, min(start + AT_ONCE, last)):
                told = {"offer_id": f"O{number:07}", "contract_id": f"C-{number % DESKS}", "expires_at": EXPIRES}
                change.remember("offer.made", "packages", f"N{number % packages}", told)
        print(min(start + AT_ONCE, last), flush=True)


@contextmanager
def site(folder: Path, database_url: str, plan: Plan) -> Iterator[Site]:
    """A county of which twenty desks are told, and a receiver that fails now and then."""
    (folder / "secret").write_text(SECRET, encoding="utf-8")
    program, rng = Program(), random.Random(plan.seed)
    program.fails = lambda: rng.random() < 0.002
    engine = open_database(database_url)
    upgrade(engine)
    providers = [f"DESK{number}" for number in range(DESKS)]
    contracts = [framework(each, contract_id=f"C-{number}") for number, each in enumerate(providers)]
    store = Store(engine, Clock(AS_OF))
    store.load(snapshot([package("N0")], contracts), LOADER, practice=True)
    with listening(program):
        here = Site(folder, database_url, plan, program)
        settings = Settings(
            database_url=database_url,
            as_of=AS_OF,
            public_address="https://brokerage.example.gov.uk",
            webhook_secret_file=str(folder / "secret"),
        )
        by = Caller(Service.of(settings, store), LOADER)
        for provider_id in providers:
            address = f"{program.address}/{provider_id}"
            given = NewAddress(
                provider_id=provider_id, name=provider_id, channel="webhook", address=address, kinds=["offer_waits"]
            )
            acts.add_address(by, given)
        try:
            yield here
        finally:
            for who in here.running:
                here.kill(who)
            engine.dispose()


def run(here: Site, say: Say) -> list[str]:
    """The campaign on one database; what does not hold."""
    plan, rng = here.plan, random.Random(here.plan.seed)
    say(f"{plan.messages:,} messages, {plan.kills} kills, seed {plan.seed}")
    for who in plan.who:
        here.start(who)
    killed: Counter[str] = Counter()
    began = time.monotonic()
    while sum(killed.values()) < plan.kills or here.acknowledged < plan.messages or _open(here) > 0:
        here.hear_writer()
        done = sum(killed.values())
        # Kills are spread over the messages, by how many were heard; the last ones follow when all is written.
        if done < plan.kills and (len(here.program.heard) >= plan.messages * (done + 1) // (plan.kills + 1)):
            time.sleep(rng.random() * 0.2)
            written = here.acknowledged >= plan.messages
            who = rng.choice([each for each in plan.who if each != WRITER or not written])
            here.kill(who)
            killed[who] += 1
            here.start(who)
        if here.acknowledged < plan.messages and here.running[WRITER].poll() is not None:
            here.kill(WRITER)
            here.start(WRITER)
        if time.monotonic() - began > END_SECONDS + plan.messages / 20:
            return [f"it does not come to an end: {here.acknowledged:,} written, {len(here.program.heard):,} heard"]
        time.sleep(0.02)
    found = faults(here)
    twice = len(here.program.came) - len(here.program.heard)
    say(f"killed: {', '.join(f'{who} {count} times' for who, count in sorted(killed.items()))}")
    say(f"heard {len(here.program.heard):,} of {plan.messages:,}, {twice:,} of them came again under the id that they had")
    say(f"{time.monotonic() - began:.0f} s; faults: {len(found)}")
    return found


def _open(here: Site) -> int:
    """How many messages are still to be heard, as far as the receiver can tell."""
    return here.plan.messages - len(here.program.heard)


def faults(here: Site) -> list[str]:
    """What does not hold in the end."""
    found = amiss([str(each["data"]["about"]) for each in here.program.heard.values()], here.plan)
    engine = open_database(here.database_url)
    with reading(engine) as connection:
        question = select(outbox.c.state, func.count().label("many")).group_by(outbox.c.state)
        states = {str(row.state): int(row.many) for row in connection.execute(question)}
        found.extend(f"the trail does not hold: {each}" for each in audit.verify(connection))
    engine.dispose()
    if set(states) - {"sent", "sending", "waiting"} or sum(states.values()) != here.plan.messages:
        found.append(f"in the outbox: {states}")
    return found


def amiss(heard: Sequence[str], plan: Plan) -> list[str]:
    """What is wrong with what was heard, in the order in which it was heard first."""
    found = []
    wanted = {f"O{number:07}" for number in range(plan.messages)}
    counted = Counter(heard)
    if lost := wanted - counted.keys():
        found.append(f"{len(lost)} lost, the first {min(lost)}")
    if doubled := [about for about, count in counted.items() if count > 1]:
        found.append(f"{len(doubled)} told twice of one cause, the first {min(doubled)}")
    if strange := counted.keys() - wanted:
        found.append(f"{len(strange)} never written, the first {min(strange)}")
    last: dict[tuple[int, int], int] = {}
    for about in heard:
        number = int(about[1:])
        lane = (number % DESKS, number % plan.packages)
        if last.get(lane, -1) > number:
            found.append(f"{about} came after O{last[lane]:07} of its package")
        last[lane] = max(number, last.get(lane, -1))
    return found


def on(kind: str, plan: Plan, say: Say) -> list[str]:
    """The campaign on one kind of database, made for it."""
    folder = Path(tempfile.mkdtemp(prefix="ob", dir="/tmp"))
    try:
        if kind == "sqlite":
            with site(folder, f"sqlite:///{folder / 'county.db'}", plan) as here:
                return run(here, say)
        (folder / "pg").mkdir()
        folder.chmod(0o755)
        with postgres.server(folder / "pg", tidied=True) as cluster, site(folder, new_postgres_database(cluster), plan) as here:
            return run(here, say)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say(kind: str, said: str) -> None:
    print(f"{kind}: {said}", flush=True)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--packages", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--write", type=int, nargs=2, metavar=("FIRST", "LAST"), help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.write:
        first, last = given.write
        write(os.environ["DATABASE_URL"], first, last, given.packages)
        return 0
    plan = Plan(given.messages, given.kills, given.seed, given.packages)
    found: dict[str, list[str]] = {}
    for kind in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
        found[kind] = on(kind, plan, partial(_say, kind))
    for kind, faults_found in found.items():
        for fault in faults_found:
            print(f"{kind}: FAULT {fault}")
    print("none lost, none doubled, order kept" if not any(found.values()) else "it does not hold")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
