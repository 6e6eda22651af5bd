"""A county's four weeks of records accounted, against reading the same file with pandas, in turn on one machine.

    .venv/bin/python -m tests.benchmarks.account [--county FOLDER] [--records 300000] [--times 3]

Records are invented for every visit of running care of the county's folder, some of them in two parts, missed, called off or
in hospital, until there are so many. pandas only reads the file: it judges nothing, and knows no fault. Each runs in a process
of its own, which has loaded its modules and the county before the clock runs. Printed: the middle of the processor's seconds and
the most memory of a process; of ours what reading, judging and stating take together, and the independent check beside it.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from optimiser.domain.accounts import AccountBook, AccountSettings, Period, Terms
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS
from optimiser.io.reading import read_snapshot
from tests.making.actual_records import COLUMNS, Row


def main() -> None:
    """Make the records, run each in turn and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--county", type=Path, default=Path("data/demonstration"))
    options.add_argument("--records", type=int, default=300_000)
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--way", choices=("pandas", "account"), help=argparse.SUPPRESS)
    options.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.way:
        print(json.dumps(by_pandas(chosen.file) if chosen.way == "pandas" else by_us(chosen.county, chosen.file)))
        return
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "actuals.csv"
        count = invent(read_snapshot(chosen.county).snapshot, chosen.records, file)
        print(f"{count:,} records, {file.stat().st_size / 1024**2:.1f} MB")
        taken: dict[str, list[dict[str, float]]] = {"pandas": [], "account": []}
        for _ in range(chosen.times):
            for way, runs in taken.items():
                runs.append(alone(way, chosen.county, file))
    middle = {way: {name: statistics.median(run[name] for run in runs) for name in runs[0]} for way, runs in taken.items()}
    base = middle["pandas"]["read"]
    print(f"{'':30} {'cpu s':>8} {'of pandas':>10}")
    print(f"{'pandas reads the file':30} {base:8.2f} {1:10.2f}")
    ours = middle["account"]
    for name in ("read", "judged and stated", "check"):
        print(f"{name:30} {ours[name]:8.2f} {ours[name] / base:10.2f}")
    together = ours["read"] + ours["judged and stated"]
    print(f"{'read, judged and stated':30} {together:8.2f} {together / base:10.2f}")
    print(f"most memory, MB: {middle['pandas']['memory']:.0f}, {ours['memory before']:.0f}, with the check {ours['memory']:.0f}")


def alone(way: str, county: Path, file: Path) -> dict[str, float]:
    """One of the two in a process of its own: seconds by part, and memory."""
    command = [sys.executable, "-m", "tests.benchmarks.account", "--way", way, "--file", str(file), "--county", str(county)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def by_pandas(file: Path) -> dict[str, float]:
    """Reading alone."""
    import pandas

    begun = time.process_time()
    read = pandas.read_csv(file)
    return {"read": time.process_time() - begun, "rows": len(read), "memory": memory()}


def by_us(county: Path, file: Path) -> dict[str, float]:
    """Read, judged and stated as the command does; then the check."""
    import pandas  # noqa: F401  # loaded before the clock runs, as for the other

    from optimiser.accounting.check import check_account
    from optimiser.accounting.report import stated_files
    from optimiser.accounting.story import account
    from optimiser.county import County
    from optimiser.io.actual_files import read_actuals
    from optimiser.io.records_again import records_again

    made = County.of(read_snapshot(county).snapshot)
    book, period = terms_of(made.snapshot)
    begun = time.process_time()
    actuals, _ = read_actuals(file)
    read = time.process_time()
    files = stated_files(account(made, actuals, book, period))
    stated, before = time.process_time(), memory()

    faults, _ = check_account(files, made, records_again(file), book, period)
    assert not faults, faults[:5]
    checked = time.process_time()
    return {
        "read": read - begun,
        "judged and stated": stated - read,
        "check": checked - stated,
        "memory before": before,
        "memory": memory(),
    }


def memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def first_day(snapshot: Snapshot) -> dt.date:
    """The Monday four weeks before the county's day."""
    return snapshot.as_of - dt.timedelta(days=snapshot.as_of.weekday() + 28)


def terms_of(snapshot: Snapshot) -> tuple[AccountBook, Period]:
    """Every contract's, all known, in steps as its own line has them."""
    dice = random.Random(2)
    terms = tuple(
        Terms(
            each.contract_id,
            None,
            None,
            dice.choice(("nearest", "up", "down")),
            dice.random() < 0.2,
            each.guarantee,
            3,
            each.guarantee,
        )
        for each in snapshot.contracts
    )
    starts = first_day(snapshot)
    return AccountBook(AccountSettings(starts), terms), Period(starts)


def invent(snapshot: Snapshot, count: int, file: Path) -> int:
    """Records of every planned visit, then second parts of some of them, up to the count."""
    dice, starts = random.Random(1), first_day(snapshot)
    running = {package.package_id for package in snapshot.packages if package.status == "active"}
    rows: list[Row] = []
    for visit in snapshot.visits:
        for day in (starts + dt.timedelta(days=at) for at in range(28)):
            if visit.package_id in running and DAYS[day.weekday()] in visit.days:
                begins = dt.datetime.combine(day, visit.earliest_start) + dt.timedelta(minutes=dice.randrange(0, 60, 5))
                rows.append(
                    _record(dice, len(rows), visit.package_id, visit.visit_id, begins, visit.duration_minutes, visit.workers)
                )
    for row in dice.sample([each for each in rows if each["left"]], min(max(0, count - len(rows)), len(rows) // 2)):
        rows.append(
            row | {"actual_id": f"AC{len(rows):07}", "arrived": row["left"], "left": _later(row["left"], dice.randrange(1, 9))}
        )
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, COLUMNS, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(rows[:count])
    return min(count, len(rows))


def _record(dice: random.Random, number: int, package: str, visit: str, begins: dt.datetime, minutes: int, workers: int) -> Row:
    keys = ";".join(f"{package}-{which}" for which in range(workers))  # each person has their own
    row: Row = {
        "actual_id": f"AC{number:07}", "package_id": package, "date": begins.date(), "visit_id": visit,
        "planned_start": begins.isoformat()[:16], "planned_minutes": minutes, "workers": workers, "arrived": "", "left": "",
    }  # fmt: skip
    if dice.random() < 0.04:
        return row | {"outcome": dice.choice(("missed", "cancelled", "cancelled_late", "hospital")), "who": "family"}
    arrived = (begins + dt.timedelta(minutes=dice.randrange(-5, 20))).isoformat()[:16]
    left = _later(arrived, max(5, minutes + dice.randrange(-12, 8)))
    return row | {"arrived": arrived, "left": left, "worker_keys": keys, "outcome": "delivered"}


def _later(moment: str, minutes: int) -> str:
    return (dt.datetime.fromisoformat(moment) + dt.timedelta(minutes=minutes)).isoformat()[:16]


if __name__ == "__main__":
    main()
