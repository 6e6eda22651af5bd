"""How long it takes to fit one waiting package into every eligible provider's rounds, once these are in memory.

    python -m tests.benchmarks.fit FOLDER [ROUNDS]

FOLDER: a snapshot. ROUNDS: a result of ``optimiser rounds build``; without one, simple rounds are made (each visit to the nearest
that can take it), which are as many and as long. Prints what loading took, and the times of all waiting packages with visits.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

import numpy as np

import optimiser
from optimiser.county import County
from optimiser.domain.staffing import StaffingSettings
from optimiser.geography.travel_times.straight_line import DRIVING
from optimiser.io.rounds_plan import read_rounds_plan
from optimiser.rounds.fitting.cheapest_insertion import RoundsInMemory
from optimiser.rounds.fitting.fit import Eligible
from tests.making.simple_rounds import simple_plan


def main() -> None:
    snapshot = optimiser.read_snapshot(Path(sys.argv[1])).snapshot
    plan = read_rounds_plan(Path(sys.argv[2]), snapshot).plan if len(sys.argv) > 2 else simple_plan(snapshot)
    started = time.perf_counter()
    memory = RoundsInMemory(plan, snapshot, StaffingSettings(), DRIVING)
    eligible = Eligible(County.of(snapshot))
    print(f"{len(plan.rounds):,} rounds with {len(plan.visits):,} visits a week loaded in {time.perf_counter() - started:.1f} s")
    gc.collect()
    gc.freeze()  # as the service does: what stays in memory is not searched for rubbish again
    waiting = [package for package in snapshot.packages if package.status == "new" and eligible.visits[package.package_id]]
    memory.fit(waiting[0], eligible.visits[waiting[0].package_id], eligible.providers(waiting[0].package_id))
    seconds, processor, asked, whole = [], [], [], 0
    for package in waiting:
        started, worked = time.perf_counter(), time.process_time()
        fits = memory.fit(package, eligible.visits[package.package_id], eligible.providers(package.package_id))
        seconds.append(time.perf_counter() - started)
        processor.append(time.process_time() - worked)
        asked.append(len(fits))
        whole += any(fit.is_whole for fit in fits)
    for name, each in (("ms a package", seconds), ("ms of processor", processor)):
        told = 1000 * np.array(each)
        print(f"{name}: median {np.median(told):.1f}, 95% {np.quantile(told, 0.95):.1f}, largest {told.max():.1f}")


if __name__ == "__main__":
    main()
