"""``python -m tests.campaigns.fuzz``: schemathesis over the OpenAPI document, and 10,000 malformed bodies, on both databases.

No 5xx, no stack trace, memory steady, and at the end the state can still be exported and read again. Exit code 1 otherwise.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

from api.clock import Clock
from api.state.store import Store
from api.storage.audit import verify
from api.storage.database import open_database, reading
from optimiser.io.exporting import write_snapshot
from optimiser.io.reading import read_snapshot
from tests.campaigns.fuzzing import by_malformed, by_schema
from tests.campaigns.serving import Running, database, service

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
    chosen = options.parse_args(words)
    return 1 if sum(campaign(kind, chosen.examples, chosen.bodies) for kind in chosen.databases) else 0


def campaign(kind: str, examples: int, bodies: int) -> int:
    """How much was wrong."""
    print(f"== {kind}", flush=True)
    with database(kind) as url:
        with service(url, FOLDER) as running:
            failures = _large(running) + _malformed(running, bodies)
            started = time.monotonic()
            sent, found = by_schema(running.address, running.keys["admin"], examples)
            print(f"schemathesis: {sent:,} requests in {time.monotonic() - started:.0f} s, {len(found)} failures;"
                  f" {running.resident_mb():.0f} MB", flush=True)  # fmt: skip
            failures += found
            if "Traceback" in running.said.read_text(errors="replace"):
                failures.append(f"a stack trace in what the service said: {running.said.read_text(errors='replace')[-3000:]}")
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


def _malformed(running: Running, bodies: int) -> list[str]:
    statuses: Counter[int] = Counter()
    failures: list[str] = []
    memory = [running.resident_mb()]
    started = time.monotonic()
    headers = {"Authorization": f"Bearer {running.keys['admin']}"}
    with httpx.Client(base_url=running.address, headers=headers, timeout=60) as client:
        for number in range(ROUNDS):
            found, wrong = by_malformed(client, bodies // ROUNDS, number)
            statuses += found
            failures += wrong
            memory.append(running.resident_mb())
    told = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
    print(f"malformed bodies: {statuses.total():,} in {time.monotonic() - started:.0f} s ({told})")
    print(f"memory after each tenth: {', '.join(f'{each:.0f}' for each in memory)} MB", flush=True)
    if memory[-1] > memory[3] * STEADY:
        failures.append(f"memory grew from {memory[3]:.0f} to {memory[-1]:.0f} MB")
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
