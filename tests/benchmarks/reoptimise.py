"""Re-optimising a county three ways in turn on one machine: ours, then plain HiGHS and CP-SAT with ten times our time each.

    .venv/bin/python -m tests.benchmarks.reoptimise FOLDER [--max-moves N] [--seconds S] [--times T]

Ours stops after S seconds at the latest; the others get T times what it took, parted evenly over the nine levels. All work on the
same limits and levels, one thread each; what is constant is skipped, tolerances and proof gaps are the same, each level's plan
starts the next. Printed: per level value and bound, side by side, and whether ours is lexicographically worse.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

WAYS = {"ours": "ours", "highs": "plain HiGHS", "cpsat": "CP-SAT"}


def main() -> None:
    """Run the ways one after the other, each in a process of its own, and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--max-moves", type=int, default=25)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--times", type=float, default=10)
    options.add_argument("--only", default=",".join(WAYS))
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.way:
        print(json.dumps(run(chosen.folder, chosen.way, chosen.max_moves, chosen.seconds)))
        return
    results: dict[str, dict[str, Any]] = {}
    seconds = chosen.seconds
    for way in chosen.only.split(","):
        words = [str(chosen.folder), "--way", way, "--max-moves", str(chosen.max_moves), "--seconds", str(seconds)]
        done = subprocess.run([sys.executable, "-m", __spec__.name, *words], stdout=subprocess.PIPE, text=True, check=True)
        results[way] = json.loads(done.stdout.splitlines()[-1])
        if way == "ours":
            seconds = chosen.times * results[way]["seconds"]
    show(results)


def run(folder: Path, way: str, max_moves: int, seconds: float) -> dict[str, Any]:
    """One way, in this process."""
    from optimiser.county import County
    from optimiser.io.reading import read_snapshot
    from optimiser.rules.moving.book import moving_rules
    from optimiser.solving.making_room import solve_with_moves
    from optimiser.solving.model import build_model
    from optimiser.solving.outcome import Effort

    county = County.of(read_snapshot(folder).snapshot)
    rules = moving_rules(max_moves=max_moves)
    began = time.perf_counter()
    if way == "ours":
        still = moving_rules(max_moves=0)
        model, solution = solve_with_moves(county, rules, still, effort=Effort(wall_seconds=seconds))
    else:
        from tests.benchmarks.textbook_cpsat import solve_with_cpsat
        from tests.benchmarks.textbook_highs import solve_with_highs

        model = build_model(county, rules)
        textbook = solve_with_highs if way == "highs" else solve_with_cpsat
        solution = textbook(model.problem, seconds / len(model.problem.levels), lambda _: None)
    took = time.perf_counter() - began
    levels = [
        {"name": outcome.name, "value": value, "best": outcome.best, "bound": outcome.bound, "proven": outcome.proven}
        for outcome, value in zip(solution.levels, model.problem.values(solution.plan), strict=True)
    ]
    return {"levels": levels, "seconds": took, "stopped": solution.stopped}


def show(results: dict[str, dict[str, Any]]) -> None:
    """The levels side by side."""
    print(f"{'level':16}" + "".join(f"{WAYS[way] + ' best':>20}{'bound':>14}" for way in results))
    for index, level in enumerate(next(iter(results.values()))["levels"]):
        cells = (result["levels"][index] for result in results.values())
        print(f"{level['name']:16}" + "".join(f"{cell['best']:>20,}{cell['bound']:>14,}" for cell in cells))
    print(f"{'seconds':16}" + "".join(f"{result['seconds']:>20.1f}{result['stopped']:>14}" for result in results.values()))
    if "ours" in results:
        ours = [level["best"] for level in results["ours"]["levels"]]
        for way in results:
            if way != "ours":
                theirs = [level["best"] for level in results[way]["levels"]]
                verdict = "worse than" if ours > theirs else "equal to" if ours == theirs else "better than"
                print(f"ours is lexicographically {verdict} {WAYS[way]}")


if __name__ == "__main__":
    main()
