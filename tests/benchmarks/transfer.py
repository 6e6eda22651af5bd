"""A transfer solved twice on one machine: by a plain CP-SAT model, and by ours.

    .venv/bin/python -m tests.benchmarks.transfer FOLDER [--seconds-per-level S] [--recut]

(a) the textbook: one model with a binary per round and wave, each level minimised afresh without hints, the largest share in
thousandths (what a plain integer model can say), S seconds a level; (b) ours. Both know the same rounds, waves and limits.
Printed per level: value, bound, proven; then seconds, and a re-plan of ours after one refusal.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from optimiser.county import County
from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from optimiser.transferring.preferences import LEVELS
from optimiser.transferring.problem import STAYS, Choice, Problem
from optimiser.transferring.story import plan_transfer, prepare


def main() -> None:
    """Run both and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--seconds-per-level", type=float, default=60)
    options.add_argument("--recut", action="store_true")
    chosen = options.parse_args()
    reading = read_snapshot(chosen.folder)
    snapshot, policy = reading.snapshot, reading.transfer
    held = (c for c in snapshot.contracts if c.tier == "principal" and (c.ends is None or c.ends > snapshot.as_of))
    areas = sorted({contract.area_id for contract in held})
    problem = prepare(County.of(snapshot), areas, policy, Known(), recut=chosen.recut).problem
    print(f"{len(problem.minutes)} candidates, {len(areas)} areas")
    began = time.perf_counter()
    textbook(problem, chosen.seconds_per_level)
    plain = time.perf_counter() - began
    print(f"  (a) textbook CP-SAT: {plain:.1f} s")
    ours(snapshot, areas, policy, plain, recut=chosen.recut)


def ours(snapshot: Snapshot, areas: list[str], policy: TransferPolicy, plain: float, *, recut: bool) -> None:
    """The plan, and a re-plan after somebody of the first round that moves has said no."""
    began = time.perf_counter()
    plan = plan_transfer(snapshot, areas, policy, recut=recut)
    seconds = time.perf_counter() - began
    for level in plan.levels:
        show(level.name, level.value, level.bound, level.proven)
    print(f"  (b) ours, judging and building included: {seconds:.1f} s, {seconds / plain:.2f} of (a)")
    if not plan.moving:
        return
    days: dict[str, dt.date | None] = {}
    for index in plan.told:
        wave = plan.wave_of(index)
        days[plan.candidates[index].round_id] = None if wave is None else wave.date
    refused = plan.county.packages[plan.candidates[plan.moving[0]].members[0]].package_id
    began = time.perf_counter()
    again = plan_transfer(snapshot, areas, policy, Known(refused=frozenset({refused})), earlier=days, recut=recut)
    changed = len(again.changes or ())
    print(
        f"  re-plan after one refusal: {time.perf_counter() - began:.1f} s, {changed} round(s) changed, proven {again.all_proven}"
    )


def show(name: str, value: Any, bound: Any, proven: bool) -> None:
    print(f"  {name:16} {float(value):>16,.4f} {float(bound):>16,.4f} {'yes' if proven else 'no':>4}")


def textbook(problem: Problem, seconds: float) -> None:
    """Each level with one plain model, its best kept as a row for the next."""
    from ortools.sat.python import cp_model

    model: Any = cp_model.CpModel()
    on = [{wave: model.new_bool_var("") for wave in waves} for waves in problem.waves]
    moves = [sum(by_wave.values()) for by_wave in on]
    for by_wave in on:
        model.add(sum(by_wave.values()) <= 1)
    for group in problem.excludes:
        model.add(sum(moves[index] for index in group) <= 1)
    for limit in problem.limits:
        used = sum(w * var for i, w in limit.weights.items() for wave, var in on[i].items() if wave in limit.waves)
        model.add(used <= limit.room)
    for level, expression in zip(LEVELS, expressions(problem, model, on, moves), strict=True):
        goal = expression()
        model.minimize(goal)
        solver: Any = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = seconds
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            print(f"  {level.name}: nothing found")
            return
        choice: Choice = tuple(next((w for w, var in by.items() if solver.boolean_value(var)), STAYS) for by in on)
        show(level.name, level.value(problem, choice), math.ceil(solver.best_objective_bound), status == cp_model.OPTIMAL)
        model.add(goal <= round(solver.objective_value))


def expressions(problem: Problem, model: Any, on: list[dict[int, Any]], moves: list[Any]) -> list[Callable[[], Any]]:
    """The six levels as a plain model writes them."""

    def weighted(weights: tuple[int, ...]) -> Any:
        return sum(weight * move for weight, move in zip(weights, moves, strict=True))

    def largest() -> Any:
        thousandths = model.new_int_var(0, 1000, "")
        for name, rounds in problem.moved_from.items():
            model.add(1000 * sum(m * moves[i] for i, m in rounds.items()) <= thousandths * problem.before_minutes[name])
        return thousandths

    def late() -> Any:
        return sum(m * w * var for m, by in zip(problem.minutes, on, strict=True) for w, var in by.items())

    def cost() -> Any:
        total: Any = 0
        for payment in problem.payments:
            paid = model.new_int_var(0, 10**9, "")
            model.add(paid >= payment.base_pence + sum(pence * moves[i] for i, pence in payment.change.items()))
            model.add(paid >= payment.guaranteed_pence)
            total += paid
        return total

    return [
        lambda: problem.short_minutes - weighted(problem.minutes),
        largest,
        lambda: weighted(problem.people),
        late,
        lambda: weighted(problem.metres),
        cost,
    ]


if __name__ == "__main__":
    main()
