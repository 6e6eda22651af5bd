"""``optimiser sync`` with 500 differences, against loading the same folder into an empty database, in turn on one machine.

    .venv/bin/python -m tests.benchmarks.sync [--county FOLDER] [--times 3]

Loading afresh is what a council would do without it, and loses keys, trail and offers. Each runs as a user runs it, in a process
of its own with SQLite; a sync begins on a database in which nothing was changed that day, so that it keeps the day's close too.
The differences: prices from a day, longer maxima, other names of providers, offices that have moved, new providers with an
office, people who have moved and new requests. Printed: the middle of the wall and processor seconds, and the ratio.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from optimiser.io.reading import read_snapshot
from optimiser.io.schema import TABLES

Lines = list[dict[str, str]]
OF_EACH, NEW = 80, 20


def main() -> None:
    """Run each in turn and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--county", type=Path, default=Path("data/demonstration"))
    options.add_argument("--times", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        other, before, now = (Path(place) / name for name in ("county", "before.db", "now.db"))
        shutil.copytree(chosen.county, other)
        print(f"{differ(other)} differences")
        day = str(read_snapshot(chosen.county).snapshot.as_of)
        run("migrate", database=before, day=day)
        empty = before.read_bytes()
        run("load", str(chosen.county), "--practice", database=before, day=day)
        sync: tuple[str, ...] = ("sync", str(other))
        ways = {
            "load afresh": (empty, ("load", str(other), "--practice")),
            "sync --dry-run": (before.read_bytes(), (*sync, "--dry-run")),
            "sync": (before.read_bytes(), (*sync, "--reason", "a measurement")),
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(chosen.times):
            for name, (database, words) in ways.items():
                now.write_bytes(database)
                now.with_name(f"{now.name}-head").unlink(missing_ok=True)  # another database stands there, and that is meant
                taken[name].append(run(*words, database=now, day=day))
    middle = {name: [statistics.median(each) for each in zip(*runs, strict=True)] for name, runs in taken.items()}
    print(f"{'':16} {'wall s':>8} {'cpu s':>8} {'cpu, of load':>14}")
    for name, (wall, cpu) in middle.items():
        print(f"{name:16} {wall:8.2f} {cpu:8.2f} {cpu / middle['load afresh'][1]:14.2f}")


def run(*words: str, database: Path, day: str) -> tuple[float, float]:
    """One command in a process of its own: wall and processor seconds. What is written stands in the database's own file."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    given = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "OPTIMISER_AS_OF": day}
    subprocess.run([sys.executable, "-m", "optimiser", *words], env=given, stdout=subprocess.DEVNULL, check=True)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def differ(folder: Path) -> int:
    """Make so many differences in a folder's files."""
    with edited(folder, "contracts.csv") as contracts:
        limited = [line for line in contracts if line["max_hours_4w"]][:OF_EACH]
        for line in limited:
            line["max_hours_4w"] = str(int(line["max_hours_4w"]) + 40)
        priced = [line for line in contracts if line["starts"] < "2027-04-01" < (line["ends"] or "9999")][:OF_EACH]
    with edited(folder, "rates.csv") as rates:
        rates.extend({"contract_id": each["contract_id"], "starts": "2027-04-01", "rate_band_1": "27.50"} for each in priced)
    with edited(folder, "providers.csv") as providers:
        named = change(providers, "name", lambda name: f"{name} Ltd", OF_EACH - NEW)
        providers.extend([line | {"provider_id": f"NEW{n}", "name": f"New {n}"} for n, line in enumerate(providers[:NEW])])
    with edited(folder, "offices.csv") as offices:
        moved = change(offices, "latitude", lambda degrees: f"{float(degrees) + 0.01:.5f}", OF_EACH - NEW)
        offices.extend([line | {"office_id": f"NEW{n}", "provider_id": f"NEW{n}"} for n, line in enumerate(offices[:NEW])])
    with edited(folder, "packages.csv") as packages:
        active, waits = ([line for line in packages if line["status"] == status] for status in ("active", "new"))
        rehoused = change(active, "latitude", lambda degrees: f"{float(degrees) + 0.0005:.5f}", 120)
        asked = [line | {"package_id": f"NEW{n}", "round_id": ""} for n, line in enumerate(waits[:60])]
        packages.extend(asked)
    return len(limited) + len(priced) + named + moved + 2 * NEW + rehoused + len(asked)


def change(lines: Lines, column: str, into: Callable[[str], str], count: int) -> int:
    """Another value in a column of the first so many lines; returns how many there are."""
    for line in lines[:count]:
        line[column] = into(line[column])
    return len(lines[:count])


@contextmanager
def edited(folder: Path, name: str) -> Iterator[Lines]:
    """The lines of a file, which are written back; of a file that is not there, none."""
    file, columns, lines = folder / name, [column.name for column in TABLES[name]], Lines()
    if file.exists():
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            lines, columns = list(reader), list(reader.fieldnames or ())
    yield lines
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


if __name__ == "__main__":
    main()
