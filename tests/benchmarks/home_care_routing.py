"""Published home-care routing instances, solved by the engine that builds our rounds.

    .venv/bin/python -m tests.benchmarks.home_care_routing INSTANCE.json --seconds S --out SOLUTION.json [--best-known VALUE]

The unified JSON format of Ceschia, Di Gaspero, Rosati and Schaerf (2024) for the instances of Mankowska, Meisel and
Bierwirth (2014): the objective is a third each of travel, total lateness and the greatest lateness. Compiling is not counted;
everything after it is.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from optimiser.rounds.annealing import Annealing, starts_of
from optimiser.rounds.improving import Effort, improve
from optimiser.rounds.problem import AFTER, ALONE, TOGETHER, Day, Floats, Prices, Roster, first_roster

TRIAL_STEPS = 100_000


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
    effort = effort_for(day, chosen.seconds, chosen.seed)
    began = time.perf_counter()
    improved = improve(day, effort, should_stop=lambda: time.perf_counter() - began > chosen.seconds)
    seconds = time.perf_counter() - began
    chosen.out.write_text(json.dumps(solution_of(instance, day, improved.roster)))
    objective = improved.cost / 3
    gap = f", {objective / chosen.best_known - 1:+.3%} of the best known" if chosen.best_known else ""
    print(f"{chosen.instance.stem}: {objective:.3f}{gap}; {improved.steps:,} changes tried in {seconds:.1f} s")


def effort_for(day: Day, seconds: float, seed: int) -> Effort:
    """As many steps as this machine manages in so many seconds, measured once everything is compiled."""
    for _ in range(2):
        trial = Annealing(day, first_roster(day), TRIAL_STEPS, 20.0, 10.0, seed)
        began = time.perf_counter()
        trial.go(TRIAL_STEPS)
        a_second = TRIAL_STEPS / (time.perf_counter() - began)
    beginnings, returns = (4, 4) if day.calls < 100 else (2, 2) if day.calls < 150 else (1, 2)
    return Effort(steps=int(a_second * seconds), hot=60.0, beginnings=beginnings, returns=returns, seed=seed)


def day_of(instance: dict[str, Any]) -> Day:
    """An instance as a day: one base, no end of shift."""
    usual = {service["id"]: service.get("default_duration") for service in instance["services"]}
    workers, people = instance["caregivers"], instance["patients"]
    calls = len(people)
    duration, gaps = np.zeros((calls, 2)), np.zeros((calls, 2))
    pairing = np.full(calls, ALONE, dtype=np.int64)
    may = np.zeros((calls, 2, len(workers)), dtype=np.bool_)
    for call, person in enumerate(people):
        for part, need in enumerate(person["required_caregivers"]):
            duration[call, part] = need.get("duration", usual[need["service"]])
            may[call, part] = [need["service"] in worker["abilities"] for worker in workers]
        if len(person["required_caregivers"]) == 2:
            told = person["synchronization"]
            pairing[call] = TOGETHER if told["type"] == "simultaneous" else AFTER
            if told["type"] != "simultaneous":
                between = told["distance"]
                gaps[call] = (between["min"], between["max"]) if isinstance(between, dict) else between
    windows = np.array([person["time_window"] for person in people], dtype=np.float64)
    return Day(
        travel=np.array([instance["distances"]], dtype=np.float64),
        call_place=np.arange(1, calls + 1),
        earliest=windows[:, 0].copy(),
        latest=windows[:, 1].copy(),
        duration=duration,
        pairing=pairing,
        least_gap=gaps[:, 0].copy(),
        most_gap=gaps[:, 1].copy(),
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
    routes: list[dict[str, Any]] = [{"caregiver_id": worker["id"], "locations": []} for worker in instance["caregivers"]]
    for call in roster.order.tolist():
        person = instance["patients"][call]
        for part, need in enumerate(person["required_caregivers"]):
            worker = int((roster.first if part == 0 else roster.second)[call])
            routes[worker]["locations"].append(_stop(person["id"], need["service"], starts[call, part], day.duration[call, part]))
    by_start: Floats = starts[np.arange(day.calls), 0]
    ordering = [instance["patients"][call]["id"] for call in np.argsort(by_start, kind="stable").tolist()]
    return {"routes": routes, "global_ordering": ordering}


def _stop(person: str, service: str, start: float, duration: float) -> dict[str, Any]:
    return {"patient": person, "service": service, "arrival_time": float(start), "departure_time": float(start + duration)}


if __name__ == "__main__":
    main()
