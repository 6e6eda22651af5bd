"""``python -m tests.campaigns.fuzz``: schemathesis over the OpenAPI document, and 10,000 malformed bodies, on both databases.

No 5xx, no stack trace, memory steady, and at the end the state can still be exported and read again. Exit code 1 otherwise.
``--servers 2``: so many servers on one PostgreSQL database; malformed bodies go to them in turn, what is made of the document to
each at once, so that each is asked about what another has just written.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx

from api.clock import Clock
from api.state.store import Store
from api.storage.audit import verify
from api.storage.database import open_database, reading
from optimiser.io.exporting import write_snapshot
from optimiser.io.reading import read_snapshot
from tests.campaigns.fuzzing import by_malformed, by_schema
from tests.campaigns.serving import Running, database, services

FOLDER = Path("data/three_villages")
ROUNDS = 10
"""Bodies are sent in so many rounds, with a look at the memory after each."""
STEADY = 1.10
"""The memory after the last round against the one after the third: caches have filled by then."""
TEN_MB = 10 * 1024 * 1024


def main(words: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="python -m tests.campaigns.fuzz", description=__doc__)
    options.add_argument("--examples", type=int, default=100, help="requests per operation, good ones and bad ones each")
    options.add_argument("--bodies", type=int, default=10_000, help="malformed bodies")
    options.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    options.add_argument("--servers", type=int, default=1, help="so many on one database; more than one on PostgreSQL alone")
    chosen = options.parse_args(words)
    if chosen.servers > 1 and chosen.databases != ["postgresql"]:
        options.error("--servers: one SQLite file has one server; say --databases postgresql")
    return 1 if sum(campaign(kind, chosen.examples, chosen.bodies, chosen.servers) for kind in chosen.databases) else 0


def campaign(kind: str, examples: int, bodies: int, servers: int = 1) -> int:
    """How much was wrong."""
    print(f"== {kind}", flush=True)
    with database(kind) as url:
        with services(url, FOLDER, servers) as all_running:
            failures = _large(all_running[0]) + _malformed(all_running, bodies)
            if examples:
                failures += _by_document(all_running, examples)
            for running in all_running:
                if "Traceback" in running.said.read_text(errors="replace"):
                    failures.append(f"a stack trace in what a service said: {running.said.read_text(errors='replace')[-3000:]}")
        failures += _state(url)
    for failure in failures:
        print(f"FAILED {failure}", flush=True)
    print(f"{kind}: {'nothing found' if not failures else f'{len(failures)} found'}", flush=True)
    return len(failures)


def _large(running: Running) -> list[str]:
    """A body of 10 MB is refused by its size alone."""
    before, started = running.resident_mb(), time.monotonic()
    headers = {"Authorization": f"Bearer {running.keys['admin']}", "Content-Type": "application/json"}
    answer = httpx.post(f"{running.address}/v1/packages", content=b"[" * TEN_MB, headers=headers)
    took, more = time.monotonic() - started, running.resident_mb() - before
    print(f"10 MB: {answer.status_code} in {took * 1000:.0f} ms, {more:+.1f} MB")
    return [] if answer.status_code == 413 else [f"10 MB: {answer.status_code}"]


def _malformed(all_running: Sequence[Running], bodies: int) -> list[str]:
    statuses: Counter[int] = Counter()
    failures: list[str] = []
    memory = [[each.resident_mb() for each in all_running]]
    started = time.monotonic()
    headers = {"Authorization": f"Bearer {all_running[0].keys['admin']}"}
    with ExitStack() as stack:
        clients = [stack.enter_context(httpx.Client(base_url=each.address, headers=headers, timeout=60)) for each in all_running]
        for number in range(ROUNDS):
            found, wrong = by_malformed(clients, bodies // ROUNDS, number)
            statuses += found
            failures += wrong
            memory.append([each.resident_mb() for each in all_running])
    told = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
    print(f"malformed bodies: {statuses.total():,} in {time.monotonic() - started:.0f} s ({told})")
    for of_one in zip(*memory, strict=True):
        print(f"memory after each tenth: {', '.join(f'{each:.0f}' for each in of_one)} MB", flush=True)
        if of_one[-1] > of_one[3] * STEADY:
            failures.append(f"memory grew from {of_one[3]:.0f} to {of_one[-1]:.0f} MB")
    return failures


def _by_document(all_running: Sequence[Running], examples: int) -> list[str]:
    """Each server is asked at once, with examples of its own."""
    started = time.monotonic()
    with ThreadPoolExecutor(len(all_running)) as threads:
        asked = [
            threads.submit(by_schema, each.address, each.keys["admin"], examples, number)
            for number, each in enumerate(all_running, start=1)
        ]
        told = [each.result() for each in asked]
    failures = [failure for _, found in told for failure in found]
    sent, memory = sum(sent for sent, _ in told), ", ".join(f"{each.resident_mb():.0f}" for each in all_running)
    print(
        f"schemathesis: {sent:,} requests in {time.monotonic() - started:.0f} s, {len(failures)} failures; {memory} MB",
        flush=True,
    )
    return failures


def _state(url: str) -> list[str]:
    """Whether what is there now can be written to a folder and read again, and the audit trail holds."""
    engine = open_database(url)
    snapshot = Store(engine, Clock(read_snapshot(FOLDER).snapshot.as_of)).state().snapshot
    with reading(engine) as connection:
        failures = [str(each) for each in verify(connection)]
    engine.dispose()
    with tempfile.TemporaryDirectory() as folder:
        write_snapshot(snapshot, Path(folder) / "out")
        again = read_snapshot(Path(folder) / "out").snapshot
    print(f"exported and read again: {len(again.packages)} packages, {len(again.restrictions)} restrictions")
    return failures + ([] if again.digest() == snapshot.digest() else ["an export gives another state"])


if __name__ == "__main__":
    sys.exit(main())
