"""Files, servers and connections that fail: ``python -m tests.campaigns.faults [--first 50] [--database sqlite]``.

In each of ten acts each of the first writes and syncs of the database's files fails (a full disk, a failing one), or each of the
first messages to the server is cut off, before it arrives or after, and held back; the lock is held elsewhere; backends are
terminated, the server is stopped and goes on, nothing may be written. Each answer is compared with what the database itself says
afterwards: what was acknowledged is there, once; what was said not to be is not; nothing is called a defect; and within five
seconds of the cause going the service says that it is ready. At the end the service is killed, and all of it has to be there
still. Exit code 0 when all of that holds.
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import Engine, create_engine, make_url, text

from api.storage import audit
from api.storage.database import county_row, open_database, reading, writing
from optimiser.io.reading import read_snapshot
from tests.api.conftest import SMALL
from tests.campaigns.faulting.deeds import Deed, Preparing
from tests.campaigns.faulting.failing_files import SYNCS, WRITES, FailingFiles
from tests.campaigns.faulting.proxy import AFTER, BEFORE, FREEZE, Proxy
from tests.campaigns.serving import Running, database, service

WELL_SECONDS = 5.0
IMPATIENT = {
    "OPTIMISER_DATABASE_CONNECT_SECONDS": "2",
    "OPTIMISER_DATABASE_LOCK_SECONDS": "1",
    "OPTIMISER_DATABASE_STATEMENT_SECONDS": "1",
    "OPTIMISER_RUN_WORKERS": "0",
    "OPTIMISER_TICK_SECONDS": "0",
    "OPTIMISER_MOST_RUNS_WAITING": "1000",  # each run that is asked for stays: nobody works at them
    "OPTIMISER_MOST_RUN_SECONDS": "10000000",
}
Say = Callable[[str], None]
Cause = Callable[[], AbstractContextManager[Callable[[], int]]]
"""A fault for the time of a block, which yields how often it struck so far."""


@dataclass
class Trial:
    """A service, the database as it is beside it, and everything that did not hold."""

    running: Running
    engine: Engine
    client: httpx.Client
    say: Say
    wrong: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    ready: Counter[str] = field(default_factory=Counter)
    """What readiness said while a fault went on."""
    acknowledged: list[Deed] = field(default_factory=list)
    refused: list[Deed] = field(default_factory=list)
    faults: int = 0
    longest: float = 0.0

    def try_deed(self, name: str, deed: Deed, cause: Cause) -> bool:
        """Ask for a deed under a fault, and compare. Whether the fault struck."""
        with cause() as struck:
            try:
                answer = deed.ask(self.client)
                if not answer.is_success:
                    self._ask_for_health(name)
            except httpx.TransportError as error:
                self.wrong.append(f"{name}: no answer, {type(error).__name__}")
                answer = None
            times = struck()
        self._wait_until_well(name)
        self.faults += times
        if answer is not None:
            self._judge(name, deed, answer)
        return bool(times)

    def _ask_for_health(self, name: str) -> None:
        """While the fault goes on: the process is alive, and what is wrong has a word."""
        if self.client.get("/health/live").status_code != 200:
            self.wrong.append(f"{name}: taken for dead")
        self.ready[self.client.get("/health/ready").json().get("cause", "ready")] += 1

    def _wait_until_well(self, name: str) -> None:
        began = time.monotonic()
        while True:
            try:
                if self.client.get("/health/ready").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            if time.monotonic() - began > 60:
                raise RuntimeError(f"{name}: not well again after a minute")
            time.sleep(0.05)
        waited = time.monotonic() - began
        self.longest = max(self.longest, waited)
        if waited > WELL_SECONDS:
            self.wrong.append(f"{name}: well again after {waited:.1f} s")

    def _judge(self, name: str, deed: Deed, answer: httpx.Response) -> None:
        told = deed.times_told(self.engine)
        if answer.is_success:
            self.answers[str(answer.status_code)] += 1
            self.acknowledged.append(deed)
            if told < 1 or (told > 1 and not deed.only_reads):
                self.wrong.append(f"{name}: acknowledged, and there {told} times")
            return
        body = answer.json()
        changed = body.get("changed", "")
        self.answers[f"{answer.status_code} {body['code']} {body.get('cause', '')} changed={changed}"] += 1
        if (answer.status_code, body["code"] in ("busy", "not_ready")) != (503, True) or "cause" not in body:
            self.wrong.append(f"{name}: {answer.status_code} {body['code']}: {body['detail']}")
        if deed.mark in answer.text:
            self.wrong.append(f"{name}: the answer names whom it is about")
        if not deed.only_reads and told not in {"no": (0,), "yes": (1,)}.get(changed, (0, 1)):
            self.wrong.append(f"{name}: changed={changed}, and there {told} times")
        if changed == "no" and not deed.only_reads:
            self.refused.append(deed)

    def end(self, process: int) -> None:
        """Kill the service: what was acknowledged is there, what was refused is not, and the trail holds."""
        os.kill(process, signal.SIGKILL)
        time.sleep(0.5)
        for deed in self.acknowledged:
            if not deed.times_told(self.engine):
                self.wrong.append(f"{deed.action} acknowledged and lost")
        for deed in self.refused:
            if deed.times_told(self.engine):
                self.wrong.append(f"{deed.action} refused and there")
        with reading(self.engine) as connection:
            self.wrong += [f"the trail, entry {each.seq}: {each.problem}" for each in audit.verify(connection)]
        logged = self.running.said.read_text(encoding="utf-8")
        self.wrong += ["the log holds an id"] * ("FAULT0" in logged) + ["the log tells of a defect"] * ('"defect"' in logged)
        for what, count in sorted(self.answers.items()):
            self.say(f"{count:5} answers: {what}")
        self.say("meanwhile readiness said " + ", ".join(f"{word} {count} times" for word, count in sorted(self.ready.items())))


def each_of(trial: Trial, preparing: Preparing, first: int, causes: dict[str, Callable[[int], Cause]]) -> None:
    """Every act with every cause at each of its first places, until an act has fewer."""
    for act, prepare in preparing.kinds.items():
        counts = []
        for what, cause in causes.items():
            number = 1
            while number <= first and trial.try_deed(f"{act}, {what} {number}", prepare(), cause(number)):
                number += 1
            counts.append(f"{number - 1} x {what}")
        trial.say(f"{act}: {', '.join(counts)}")


@contextmanager
def held(url: str) -> Iterator[Callable[[], int]]:
    """Somebody else has locked the county."""
    engine = open_database(url)
    with writing(engine) as connection:
        county_row(connection, lock=True)
        yield lambda: 1
    engine.dispose()


def on_files(files: FailingFiles, calls: int, error: int, number: int, *, lasting: bool) -> Cause:
    """The call of a number fails, and with ``lasting`` all after it."""

    @contextmanager
    def cause() -> Iterator[Callable[[], int]]:
        files.fail(calls, number, error, lasting=lasting)
        yield files.end

    return cause


def on_messages(proxy: Proxy, fault: str, number: int) -> Cause:
    """The message of a number, and all after it, are cut off or held back."""

    @contextmanager
    def cause() -> Iterator[Callable[[], int]]:
        proxy.fail(fault, number)
        yield proxy.end

    return cause


def of_sqlite(files: FailingFiles) -> dict[str, Callable[[int], Cause]]:
    return {
        "full at write": lambda number: on_files(files, WRITES, errno.ENOSPC, number, lasting=True),
        "failing write": lambda number: on_files(files, WRITES, errno.EIO, number, lasting=False),
        "failing sync": lambda number: on_files(files, SYNCS, errno.EIO, number, lasting=False),
    }


def of_postgresql(proxy: Proxy) -> dict[str, Callable[[int], Cause]]:
    return {
        BEFORE: lambda number: on_messages(proxy, BEFORE, number),
        AFTER: lambda number: on_messages(proxy, AFTER, number),
    }


def servers_causes(cluster: Engine, name: str) -> dict[str, Cause]:
    """What happens to a whole server: each as long as a block, and over at its end."""

    def say(sentence: str) -> None:
        with cluster.connect() as connection:
            connection.execute(text(sentence))

    def pids() -> list[int]:
        with cluster.connect() as connection:
            question = "SELECT pid FROM pg_stat_activity WHERE datname = :name"
            return [int(each) for each in connection.execute(text(question), {"name": name}).scalars()]

    end_all = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"

    @contextmanager
    def terminated() -> Iterator[Callable[[], int]]:
        say(end_all)
        yield lambda: 1

    @contextmanager
    def stopped() -> Iterator[Callable[[], int]]:
        stopped = pids()
        for each in stopped:
            os.kill(each, signal.SIGSTOP)
        try:
            yield lambda: 1
        finally:
            for each in stopped:
                os.kill(each, signal.SIGCONT)

    @contextmanager
    def read_only() -> Iterator[Callable[[], int]]:
        say(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        say(end_all)
        try:
            yield lambda: 1
        finally:
            say(f"ALTER DATABASE {name} RESET default_transaction_read_only")
            say(end_all)

    return {"backends terminated": terminated, "backends stopped": stopped, "nothing may be written": read_only}


@contextmanager
def at_work(url: str, direct: str, say: Say, **settings: str) -> Iterator[tuple[Trial, Preparing]]:
    """A service on a database, and at the end the judgement. ``direct``: the database's address without any fault."""
    as_of = read_snapshot(SMALL).snapshot.as_of
    with service(url, SMALL, **IMPATIENT, **settings) as running:
        engine = open_database(direct)
        headers = {"Authorization": f"Bearer {running.keys['admin']}"}
        with httpx.Client(base_url=running.address, headers=headers, timeout=30) as client:
            trial = Trial(running, engine, client, say)
            yield trial, Preparing(client, engine, as_of)
            trial.end(running.process)
        engine.dispose()


def sqlite(first: int, say: Say) -> Trial:
    """All faults of files, and a lock that is held."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults")))
        url = stack.enter_context(database("sqlite"))
        files = FailingFiles.made_in(folder, str(make_url(url).database))
        stack.callback(files.close)
        with at_work(url, url, say, **files.environment) as (trial, preparing):
            each_of(trial, preparing, first, of_sqlite(files))
            once(trial, preparing, {"lock held": lambda: held(url)})
    return trial


def postgresql(first: int, say: Say) -> Trial:
    """All faults of connections and of the server, and a lock that is held."""
    with ExitStack() as stack:
        direct = stack.enter_context(database("postgresql"))
        where = make_url(direct)
        cluster = create_engine(where.set(database="postgres"), isolation_level="AUTOCOMMIT")
        stack.callback(cluster.dispose)
        proxy = Proxy(f"{where.query['host']}/.s.PGSQL.5432")
        stack.enter_context(proxy.at_work())
        url = f"postgresql+psycopg://tests@127.0.0.1:{proxy.port}/{where.database}?sslmode=disable&gssencmode=disable"
        with at_work(url, direct, say) as (trial, preparing):
            each_of(trial, preparing, first, of_postgresql(proxy))
            whole = servers_causes(cluster, str(where.database))
            once(trial, preparing, {"lock held": lambda: held(direct), "frozen": on_messages(proxy, FREEZE, 1), **whole})
    return trial


def once(trial: Trial, preparing: Preparing, causes: dict[str, Cause]) -> None:
    """Every act with each of these causes."""
    for what, cause in causes.items():
        for act, prepare in preparing.kinds.items():
            trial.try_deed(f"{act}, {what}", prepare(), cause)
        trial.say(f"{what}: in each of {len(preparing.kinds)} acts")


KINDS = {"sqlite": sqlite, "postgresql": postgresql}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign on one kind of database or both."""
    options = argparse.ArgumentParser(prog="python -m tests.campaigns.faults", description=__doc__)
    options.add_argument("--first", type=int, default=50, help="fail each of the first so many calls of an act")
    options.add_argument("--database", choices=(*KINDS, "both"), default="both")
    chosen = options.parse_args(arguments)
    wrong = 0
    for kind in KINDS if chosen.database == "both" else [chosen.database]:
        trial = KINDS[kind](chosen.first, lambda line, kind=kind: print(f"{kind}: {line}", flush=True))  # type: ignore[misc]
        for each in trial.wrong:
            print(f"{kind}: FAULT: {each}", flush=True)
        wrong += len(trial.wrong)
        requests, kept = sum(trial.answers.values()), len(trial.acknowledged)
        print(
            f"{kind}: {trial.faults} faults in {requests} requests, {kept} acknowledged; well again after"
            f" {trial.longest:.1f} s at most; {len(trial.wrong)} things did not hold",
            flush=True,
        )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
