"""Four ways to allocate a county, in turn on one machine, each in a process of its own and each given a fair chance.

    .venv/bin/python -m tests.benchmarks.allocate FOLDER [--seconds-per-level S] [--only WAY,…]

(a) the greedy cascade as done by hand, (b) the textbook lexicographic model in CP-SAT, (c) the same in plain HiGHS through
MathOpt, (d) ours. All solve the same problem arrays; constant levels are skipped, plans are handed on as starts, tolerances and
proof gaps are the same. Printed per level: value, bound and seconds; then the whole time, its ratio to (c), and the peak memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WAYS = {"greedy": "(a) greedy cascade", "cpsat": "(b) CP-SAT", "highs": "(c) plain HiGHS", "ours": "(d) ours"}


def main() -> None:
    """Run the ways one after the other and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--seconds-per-level", type=float, default=60)
    options.add_argument("--only", default=",".join(WAYS))
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.way:
        print(json.dumps(run(chosen.folder, chosen.way, chosen.seconds_per_level)))
        return
    results = {}
    for way in chosen.only.split(","):
        words = [str(chosen.folder), "--way", way, "--seconds-per-level", str(chosen.seconds_per_level)]
        done = subprocess.run([sys.executable, "-m", __spec__.name, *words], stdout=subprocess.PIPE, text=True, check=True)
        results[way] = json.loads(done.stdout.splitlines()[-1])
        show(way, results[way], results.get("highs"))


def run(folder: Path, way: str, seconds_per_level: float) -> dict[str, Any]:
    """One way, in this process."""
    from optimiser.county import County
    from optimiser.io.reading import read_snapshot
    from optimiser.rules.book import standard_rules
    from optimiser.solving.formulation import build_model

    county, rules = County.of(read_snapshot(folder).snapshot), standard_rules()
    began = time.perf_counter()
    model = build_model(county, rules)
    built = time.perf_counter() - began
    names = [level.name for level in model.problem.levels]
    finished: dict[str, float] = {}
    began = time.perf_counter()

    def level_done(name: str) -> None:
        finished[name] = time.perf_counter() - began

    solution = solver(way, seconds_per_level, level_done)(model.problem)
    seconds = time.perf_counter() - began
    plan = model.problem.start if solution is None else solution.plan
    outcomes = {} if solution is None else {outcome.name: outcome for outcome in solution.levels}
    levels, before = [], 0.0
    for name, value in zip(names, model.problem.values(plan), strict=True):
        outcome = outcomes.get(name)
        after = finished.get(name, before)
        levels.append(
            {
                "name": name,
                "value": value,
                "bound": outcome.bound if outcome else None,
                "proven": bool(outcome and outcome.proven),
                "seconds": after - before,
            }
        )
        before = after
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"levels": levels, "seconds": seconds, "seconds_building": built, "peak_memory_mb": memory}


def solver(way: str, seconds_per_level: float, level_done: Callable[[str], None]) -> Callable[[Any], Any]:
    """The way as a function of a problem; it tells when each level is done."""
    if way == "greedy":
        return lambda _: None  # a model begins with the plan made by hand
    if way == "cpsat":
        from tests.benchmarks.textbook_cpsat import solve_with_cpsat

        return lambda problem: solve_with_cpsat(problem, lambda _: seconds_per_level, level_done)
    if way == "highs":
        from tests.benchmarks.textbook_highs import solve_with_highs

        return lambda problem: solve_with_highs(problem, lambda _: seconds_per_level, level_done)
    from optimiser.solving.lexicographic import solve

    return lambda problem: solve(problem, report=lambda progress: level_done(progress.level))


def show(way: str, result: dict[str, Any], highs: dict[str, Any] | None) -> None:
    """One way's table."""
    print(f"\n{WAYS[way]}")
    print(f"  {'level':16} {'value':>13} {'bound':>13} {'gap':>8} {'proven':>7} {'seconds':>8}")
    for level in result["levels"]:
        known = level["bound"] is not None
        bound = f"{level['bound']:,}" if known else ""
        gap = f"{(level['value'] - level['bound']) / max(level['value'], 1):.3%}" if known else ""
        proven = "yes" if level["proven"] else "no"
        print(f"  {level['name']:16} {level['value']:>13,} {bound:>13} {gap:>8} {proven:>7} {level['seconds']:>8.1f}")
    ratio = f", {result['seconds'] / highs['seconds']:.2f} of plain HiGHS" if highs and way == "ours" else ""
    print(f"  {result['seconds']:.1f} s solving{ratio}; {result['peak_memory_mb']} MB at the peak", flush=True)


if __name__ == "__main__":
    main()
