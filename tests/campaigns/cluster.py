"""``python -m tests.campaigns.cluster [--kills 50] [--draws 300] [--tls] [--logs DIR]``: kill -9 over a real cluster's workers.

A Dask scheduler and two workers run as processes on loopback. A forecast of a small county, two years long, is played on two
processes here, and on the cluster while its workers are killed in turn, each at work on a task and started anew, and the
scheduler is killed once and away for some seconds. Every file has to be the same to the byte, no draw may be missing, nobody may
hold more than a gigabyte, and no id of the county may stand in any log. Exit code 0 when all of that holds. It needs
``requirements-cluster.lock``.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from random import Random

from optimiser.domain.dates import days_after
from optimiser.domain.snapshot import Snapshot
from optimiser.exits import REFUSED
from optimiser.forecasting.report import forecast_files, forecast_record
from optimiser.forecasting.story import Forecast, course_of, forecast
from optimiser.in_parallel.cluster import Cluster
from tests.campaigns.calibration import true_rates
from tests.campaigns.cluster_machines import Machines

COUNTY, WEEKS = 2, 104
AWAY_SECONDS = 3.0
MOST_MB = 1024


@dataclass
class Killer:
    """Kills as results come, so that all its kills lie within the run."""

    machines: Machines
    kills: int
    tasks: int
    seed: int = 1
    done: int = 0
    scheduler_kills: int = 0
    _due: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _over: threading.Event = field(default_factory=threading.Event)

    def heard(self, results: int, of: int) -> None:
        """Told as each result comes. Where it is late, it is waited for: what is done meanwhile is heard afterwards."""
        if results * (self.kills + 1) // of > (results - 1) * (self.kills + 1) // of and results < of:
            self._due.release()
        due = results * (self.kills + 1) // of
        while results < of and self.done + 2 < due:
            time.sleep(0.05)

    def work(self) -> None:
        """In a thread of its own."""
        dice = Random(self.seed)
        while self.done < self.kills:
            self._due.acquire()
            if self._over.is_set():
                return
            chosen = self.machines.others[self.done % len(self.machines.others)]
            while not chosen.is_at_work:
                time.sleep(0.05)
            time.sleep(dice.uniform(0.3, 1.5))
            chosen.kill()
            self.done += 1
            if self.done == self.kills // 2:
                self.machines.kill_scheduler(AWAY_SECONDS)
                self.scheduler_kills += 1

    def leave(self) -> None:
        """The run is over."""
        self._over.set()
        self._due.release()


def main() -> int:
    """Play it both ways and compare."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--draws", type=int, default=300)
    options.add_argument("--tls", action="store_true")
    options.add_argument("--logs", type=Path, help="a folder that is kept")
    chosen = options.parse_args()
    if find_spec("distributed") is None:
        print("It needs Dask: an environment with requirements-cluster.lock.")
        return REFUSED
    snapshot, given = true_rates(COUNTY)
    course = course_of(snapshot, given, until=days_after(snapshot.as_of, 7 * WEEKS), seed=1)
    began = time.monotonic()
    alone = forecast(course, chosen.draws, workers=2)
    here_seconds = time.monotonic() - began
    with tempfile.TemporaryDirectory(prefix="cluster", dir="/tmp") as made:
        folder = chosen.logs or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        with Machines(folder, tls=chosen.tls) as machines, Cluster(machines.address) as cluster:
            killer = Killer(machines, chosen.kills, chosen.draws)
            thread = threading.Thread(target=killer.work, name="killer", daemon=True)
            thread.start()
            began = time.monotonic()
            found = forecast(course, chosen.draws, elsewhere=cluster, report=killer.heard)
            there_seconds = time.monotonic() - began
            killer.leave()
        logs = [each.log for each in (machines.scheduler, *machines.others)]
        faults = list(_faults(machines, killer, alone, found, named_in(logs, snapshot)))
        rows: Sequence[tuple[str, object]] = [
            ("draws, of how many people", f"{chosen.draws} of {len(snapshot.packages)}"),
            ("by", machines.address.partition(":")[0]),
            ("seconds on two processes here", f"{here_seconds:.0f}"),
            ("seconds on the cluster, kills included", f"{there_seconds:.0f}"),
            ("workers killed (kill -9)", killer.done),
            ("lives of the workers", ", ".join(str(each.lives) for each in machines.others)),
            ("scheduler killed, and away for some seconds", killer.scheduler_kills),
            ("most memory, scheduler and workers (MB)", ", ".join(f"{each:.0f}" for each in held(machines))),
            ("draws that came back", len(found.draws.made)),
            ("lines of logs", sum(len(each.read_text(encoding="utf-8").splitlines()) for each in logs)),
            ("files compared", len(files_of(alone))),
        ]
        for name, value in rows:
            print(f"{name:46} {value}")
    for fault in faults:
        print(fault)
    print("FAILED" if faults else "All hold.")
    return int(bool(faults))


def _faults(machines: Machines, killer: Killer, alone: Forecast, found: Forecast, named: Sequence[str]) -> Iterator[str]:
    if not found.complete or len(found.draws.made) != len(alone.draws.made):
        yield f"{len(alone.draws.made) - len(found.draws.made)} draws are missing"
    for name, content in files_of(alone).items():
        if files_of(found)[name] != content:
            yield f"{name} differs"
    if killer.done != killer.kills or killer.scheduler_kills != min(1, killer.kills // 2):
        yield f"{killer.done} of {killer.kills} kills were in time, {killer.scheduler_kills} of the scheduler"
    for most in held(machines):
        if most > MOST_MB:
            yield f"{most:.0f} MB were held"
    for each in named:
        yield f"a log names {each}"


def held(machines: Machines) -> list[float]:
    """The most that each has held, the scheduler first."""
    return [each.most_mb for each in (machines.scheduler, *machines.others)]


def files_of(made: Forecast) -> dict[str, bytes]:
    """What the command would write."""
    return forecast_files(made, forecast_record(made), None, named=True)


def named_in(logs: Sequence[Path], snapshot: Snapshot) -> list[str]:
    """Ids of people, providers and contracts that a log names."""
    ids = {each.package_id for each in snapshot.packages} | {each.contract_id for each in snapshot.contracts}
    ids |= {each.provider_id for each in snapshot.providers}
    return sorted({word for log in logs for word in re.findall(r"[\w-]+", log.read_text(encoding="utf-8"))} & ids)


if __name__ == "__main__":
    sys.exit(main())
