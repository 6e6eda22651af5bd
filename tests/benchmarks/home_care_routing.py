"""Published home-care routing instances, solved by the engine that builds our rounds.

    .venv/bin/python -m tests.benchmarks.home_care_routing INSTANCE.json --seconds S --out SOLUTION.json [--best-known VALUE]

The unified JSON format of Ceschia, Di Gaspero, Rosati and Schaerf (2024) for the instances of Mankowska, Meisel and
Bierwirth (2014): the objective is a third each of travel, total lateness and the greatest lateness. Seconds are of the one
processor used (a core to itself takes as many by the clock). Compiling is not counted; everything after it is.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from optimiser.rounds.problem import ALONE, TOGETHER, Day, Prices, Roster, first_roster
from optimiser.rounds.solve.annealing import Annealing, Effort, improve, starts_of

TRIAL_STEPS = 500_000
TRIAL_SHARE = 0.95
"""So much of what the trial promises is planned, as a run that is cut off has not cooled."""
HOT, COLD = 100.0, 1.0
FEW_CALLS = 70
"""Up to so many calls several runs are better than one long one."""


def main() -> None:
    """Solve one instance and print its objective and gap."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("instance", type=Path)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--best-known", type=float, help="to tell the gap to it")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    instance = json.loads(chosen.instance.read_text())
    day = day_of(instance)
    Annealing(day, first_roster(day), 2, HOT, COLD, chosen.seed).go(2)  # compiled
    began = time.process_time()
    effort = effort_for(day, chosen.seconds, chosen.seed)
    improved = improve(day, effort, should_stop=lambda: time.process_time() - began > chosen.seconds)
    seconds = time.process_time() - began
    chosen.out.write_text(json.dumps(solution_of(instance, day, improved.roster)))
    objective = improved.cost / 3
    gap = f", {objective / chosen.best_known - 1:+.3%} of the best known" if chosen.best_known else ""
    print(f"{chosen.instance.stem}: {objective:.3f}{gap}; {improved.steps:,} changes tried in {seconds:.1f} s")


def effort_for(day: Day, seconds: float, seed: int) -> Effort:
    """As many steps as this machine manages in so many seconds, by a short trial, which counts."""
    began = time.process_time()
    Annealing(day, first_roster(day), TRIAL_STEPS, HOT, COLD, seed).go(TRIAL_STEPS)
    trial = time.process_time() - began
    runs = (4, 4) if day.calls <= FEW_CALLS else (1, 0)
    steps = int(TRIAL_STEPS / trial * (seconds - trial) * TRIAL_SHARE)
    return Effort(steps, HOT, COLD, *runs, seed=seed)


def calls_of(instance: dict[str, Any]) -> list[tuple[int, list[Any], int]]:
    """Per call the number of the person, the needs that it meets, and the call that it follows, -1 if none."""
    calls: list[tuple[int, list[Any], int]] = []
    for number, person in enumerate(instance["patients"]):
        needs = person["required_caregivers"]
        if len(needs) == 2 and person["synchronization"]["type"] != "simultaneous":
            calls += [(number, needs[:1], -1), (number, needs[1:], len(calls))]
        else:
            calls.append((number, needs, -1))
    return calls


def day_of(instance: dict[str, Any]) -> Day:
    """An instance as a day: one base, no end of shift."""
    usual = {service["id"]: service.get("default_duration") for service in instance["services"]}
    workers, people = instance["caregivers"], instance["patients"]
    told = calls_of(instance)
    calls = len(told)
    duration, gaps = np.zeros((calls, 2)), np.zeros((calls, 2))
    may = np.zeros((calls, 2, len(workers)), dtype=np.bool_)
    for call, (number, needs, before) in enumerate(told):
        for part, need in enumerate(needs):
            duration[call, part] = need.get("duration", usual[need["service"]])
            may[call, part] = [need["service"] in worker["abilities"] for worker in workers]
        if before >= 0:
            between = people[number]["synchronization"]["distance"]
            gaps[call] = (between["min"], between["max"]) if isinstance(between, dict) else between
    windows = np.array([people[number]["time_window"] for number, _, _ in told], dtype=np.float64)
    return Day(
        travel=np.array([instance["distances"]], dtype=np.float64),
        call_place=np.array([number + 1 for number, _, _ in told]),
        earliest=windows[:, 0].copy(),
        latest=windows[:, 1].copy(),
        duration=duration,
        pairing=np.array([ALONE if len(needs) == 1 else TOGETHER for _, needs, _ in told]),
        least_gap=gaps[:, 0].copy(),
        most_gap=gaps[:, 1].copy(),
        follows=np.array([before for _, _, before in told]),
        may=may,
        given=np.zeros((calls, len(workers))),
        base=np.zeros(len(workers), dtype=np.int64),
        kind=np.zeros(len(workers), dtype=np.int64),
        shift_starts=np.zeros(len(workers)),
        shift_ends=np.full(len(workers), np.inf),
        prices=Prices(travel=1, lateness=1, worst_lateness=1),
    )


def solution_of(instance: dict[str, Any], day: Day, roster: Roster) -> dict[str, Any]:
    """The published form of a solution."""
    starts = starts_of(day, roster)
    told, people = calls_of(instance), [person["id"] for person in instance["patients"]]
    routes: list[dict[str, Any]] = [{"caregiver_id": worker["id"], "locations": []} for worker in instance["caregivers"]]
    for call in roster.order.tolist():
        number, needs, _ = told[call]
        for part, need in enumerate(needs):
            worker = int((roster.first if part == 0 else roster.second)[call])
            stop = _stop(people[number], need["service"], starts[call, part], day.duration[call, part])
            routes[worker]["locations"].append(stop)
    ordering = [people[told[call][0]] for call in np.argsort(starts[:, 0], kind="stable").tolist()]
    return {"routes": routes, "global_ordering": list(dict.fromkeys(ordering))}


def _stop(person: str, service: str, start: float, duration: float) -> dict[str, Any]:
    return {"patient": person, "service": service, "arrival_time": float(start), "departure_time": float(start + duration)}


if __name__ == "__main__":
    main()
