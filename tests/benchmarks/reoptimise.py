"""Re-optimising a county three ways in turn on one machine: ours, then plain HiGHS and CP-SAT with ten times our time each.

    .venv/bin/python -m tests.benchmarks.reoptimise FOLDER [--max-moves N] [--seconds S] [--times T] [--levels K]

Ours stops after S seconds at the latest (default: never, its work is counted); the others get T times what it took. Each of
their levels gets an even part of what is left, so that what one leaves goes to those after it; with ``--levels K`` they stop
after the first K levels, which then have all of the time. All work on the same limits and levels, one thread each; what is
constant is skipped, tolerances and proof gaps are the same, each level's plan starts the next. Printed: per level value and
bound, side by side, whether ours is lexicographically worse, and on which level they part.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

WAYS = {"ours": "ours", "highs": "plain HiGHS", "cpsat": "CP-SAT"}


def main() -> None:
    """Run the ways one after the other, each in a process of its own, and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--max-moves", type=int, default=25)
    options.add_argument("--seconds", type=float)
    options.add_argument("--times", type=float, default=10)
    options.add_argument("--levels", type=int, help="how many levels the others work on (default: all)")
    options.add_argument("--only", default=",".join(WAYS))
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.way:
        print(json.dumps(run(chosen.folder, chosen.way, chosen.max_moves, chosen.seconds, chosen.levels)))
        return
    results: dict[str, dict[str, Any]] = {}
    seconds = chosen.seconds
    for way in chosen.only.split(","):
        words = [str(chosen.folder), "--way", way, "--max-moves", str(chosen.max_moves)]
        words += [] if seconds is None else ["--seconds", str(seconds)]
        words += [] if chosen.levels is None else ["--levels", str(chosen.levels)]
        done = subprocess.run([sys.executable, "-m", __spec__.name, *words], stdout=subprocess.PIPE, text=True, check=True)
        results[way] = json.loads(done.stdout.splitlines()[-1])
        if way == "ours":
            seconds = chosen.times * results[way]["seconds"]
    show(results)


def run(folder: Path, way: str, max_moves: int, seconds: float | None, levels: int | None) -> dict[str, Any]:
    """One way, in this process; ``levels``: on how many of them, for all but ours."""
    from optimiser.county import County
    from optimiser.io.reading import read_snapshot
    from optimiser.rules.moving.books_that_move import moving_rules
    from optimiser.solving.formulation import build_model
    from optimiser.solving.outcome import Effort
    from optimiser.solving.with_moves import solve_with_moves

    county = County.of(read_snapshot(folder).snapshot)
    rules = moving_rules(max_moves=max_moves)
    began = time.perf_counter()
    if way == "ours":
        still = moving_rules(max_moves=0)
        model, solution, _ = solve_with_moves(county, rules, still, effort=Effort(wall_seconds=seconds))
    else:
        from tests.benchmarks.textbook_cpsat import solve_with_cpsat
        from tests.benchmarks.textbook_highs import solve_with_highs

        model = build_model(county, rules)
        model = replace(model, problem=replace(model.problem, levels=model.problem.levels[:levels]))
        textbook = solve_with_highs if way == "highs" else solve_with_cpsat
        ends, count = began + (seconds or 0), len(model.problem.levels)
        solution = textbook(model.problem, lambda index: max(1.0, ends - time.perf_counter()) / (count - index), lambda _: None)
    took = time.perf_counter() - began
    outcomes = [
        {"name": outcome.name, "value": value, "best": outcome.best, "bound": outcome.bound, "proven": outcome.proven}
        for outcome, value in zip(solution.levels, model.problem.values(solution.plan), strict=True)
    ]
    return {"levels": outcomes, "seconds": took, "stopped": solution.stopped}


def show(results: dict[str, dict[str, Any]]) -> None:
    """The levels side by side."""
    print(f"{'level':16}" + "".join(f"{WAYS[way] + ' best':>20}{'bound':>14}" for way in results))
    for index, level in enumerate(next(iter(results.values()))["levels"]):
        print(f"{level['name']:16}" + "".join(_cells(result["levels"], index) for result in results.values()))
    print(f"{'seconds':16}" + "".join(f"{result['seconds']:>20.1f}{result['stopped']:>14}" for result in results.values()))
    for way in (way for way in results if way != "ours" and "ours" in results):
        pairs = zip(results["ours"]["levels"], results[way]["levels"], strict=False)
        parting = next(((ours, theirs) for ours, theirs in pairs if ours["best"] != theirs["best"]), None)
        if parting is None:
            print(f"ours is lexicographically equal to {WAYS[way]}")
        else:
            verdict = "better" if parting[0]["best"] < parting[1]["best"] else "worse"
            print(f"ours is lexicographically {verdict} than {WAYS[way]}, from {parting[0]['name']} on")


def _cells(levels: list[dict[str, Any]], index: int) -> str:
    """Best and bound of a level, where it was worked on."""
    return f"{levels[index]['best']:>20,}{levels[index]['bound']:>14,}" if index < len(levels) else " " * 34


if __name__ == "__main__":
    main()
