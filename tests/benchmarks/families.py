"""Random counties of many kinds, ours beside plain HiGHS and CP-SAT: medians and worst cases, kept over time.

    .venv/bin/python -m tests.benchmarks.families [--mode reoptimise|allocate] [--seeds 1-20] [--only WAY,…]
        [--seconds-per-level 60] [--kept FILE] [--label WORD]

Each way solves the same county in a process of its own, one thread, processor seconds of the solving alone: no reading, start-up
or writing. The others have so many seconds of the clock for each level; ours has none, its work is counted. Tolerances, proof
gaps and skipped constant levels are the same. Every result is one line more in the file kept, with the label; what is there
already under the same label is not solved again, so that a long run may be made in parts. Without ``--mode`` both are solved.

Printed per county: seconds, the levels left open, and the first level on which ours is ahead or behind; last, per mode and
other way, the geometric mean, median and worst of the ratio of seconds. ``--seconds-per-level 0`` only prints what is kept.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from tests.making.families import FAMILIES, county_of, kind_of

WAYS = {"ours": "ours", "highs": "HiGHS", "newest": "newest", "cpsat": "CP-SAT"}
"""The newest HiGHS is a package to be installed aside (see ``textbook_newest``): it is asked only where ``--only`` names it."""
KEPT = Path("tests/benchmarks/families.jsonl")
UNMET = 3
"""The first levels: who waits."""

Line = dict[str, Any]


def main() -> None:
    """Solve what is not kept yet, in turn, and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--mode", choices=FAMILIES)
    options.add_argument("--seeds", default="1-20")
    options.add_argument("--only", default="ours,highs,cpsat")
    options.add_argument("--seconds-per-level", type=float, default=60)
    options.add_argument("--kept", type=Path, default=KEPT)
    options.add_argument("--label", default="now")
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    first, last = (int(each) for each in (chosen.seeds.split("-") * 2)[:2])
    if not 1 <= first <= last <= 999:
        options.error("seeds are from 1 to 999, such as 1-20: the others are kept back for judging")
    if chosen.way:
        print(json.dumps(run(chosen.mode, first, chosen.way, chosen.seconds_per_level)))
        return
    kept = [json.loads(line) for line in chosen.kept.read_text().splitlines()] if chosen.kept.exists() else []
    lines = [line for line in kept if line["label"] == chosen.label]
    for mode in [chosen.mode] if chosen.mode else FAMILIES:
        for seed in range(first, last + 1):
            for way in chosen.only.split(",") if chosen.seconds_per_level else ():
                if not any((line["mode"], line["seed"], line["way"]) == (mode, seed, way) for line in lines):
                    line = {"label": chosen.label, **in_a_process(mode, seed, way, chosen.seconds_per_level)}
                    lines.append(line)
                    with chosen.kept.open("a") as file:
                        file.write(json.dumps(line) + "\n")
            show_county([line for line in lines if (line["mode"], line["seed"]) == (mode, seed)])
    show_ratios(lines)


def in_a_process(mode: str, seed: int, way: str, seconds: float) -> Line:
    """What a way makes of a county, in a process of its own."""
    words = ["--mode", mode, "--seeds", str(seed), "--way", way, "--seconds-per-level", str(seconds)]
    done = subprocess.run([sys.executable, "-m", __spec__.name, *words], stdout=subprocess.PIPE, text=True, check=True)
    made: Line = json.loads(done.stdout.splitlines()[-1])
    return made


def run(mode: str, seed: int, way: str, seconds_per_level: float) -> Line:
    """One way, in this process."""
    from optimiser.county import County

    county = County.of(county_of(mode, seed))
    began = time.process_time()
    levels, stopped = (
        reoptimised(county, way, seconds_per_level) if mode == "reoptimise" else allocated(county, way, seconds_per_level)
    )
    return {
        "mode": mode,
        "seed": seed,
        "kind": kind_of(mode, seed),
        "people": len(county.packages),
        "way": way,
        "seconds": round(time.process_time() - began, 2),
        "stopped": stopped,
        "levels": levels,
    }


def reoptimised(county: Any, way: str, seconds: float) -> tuple[list[Line], str]:
    """With running care free to move; ours in steps as the settings say, the others in any."""
    from optimiser.reoptimising.longer_chains import reaching
    from optimiser.rules.moving.books_that_move import moving_rules
    from optimiser.solving.formulation import build_model
    from optimiser.solving.outcome import Effort
    from optimiser.solving.with_moves import solve_with_moves

    most = county.policy.max_moves
    rules, still = moving_rules(max_moves=most), moving_rules(max_moves=0)
    if way == "ours":
        steps_of = reaching(county, rules, county.policy.step_moves)
        model, solution, _ = solve_with_moves(county, rules, still, effort=Effort(), steps_of=steps_of)
        return told(model.problem, solution), solution.stopped
    return by_textbook(build_model(county, rules).problem, way, seconds)


def allocated(county: Any, way: str, seconds: float) -> tuple[list[Line], str]:
    """With running care where it is."""
    from optimiser.rules.book import standard_rules
    from optimiser.solving.formulation import build_model
    from optimiser.solving.lexicographic import solve

    problem = build_model(county, standard_rules()).problem
    if way == "ours":
        solution = solve(problem)
        return told(problem, solution), solution.stopped
    return by_textbook(problem, way, seconds)


def by_textbook(problem: Any, way: str, seconds: float) -> tuple[list[Line], str]:
    from tests.benchmarks.textbook_cpsat import solve_with_cpsat
    from tests.benchmarks.textbook_highs import solve_with_highs
    from tests.benchmarks.textbook_newest import search_with_newest

    newest = partial(solve_with_highs, search=search_with_newest)
    textbooks: dict[str, Callable[..., Any]] = {"highs": solve_with_highs, "newest": newest, "cpsat": solve_with_cpsat}
    solution = textbooks[way](problem, lambda _: seconds, lambda _: None)
    return told(problem, solution), solution.stopped


def told(problem: Any, solution: Any) -> list[Line]:
    """Per level its best and bound, whether it is proven, and how far apart two proven bests may be."""
    return [
        {
            "name": level.name,
            "best": outcome.best,
            "bound": outcome.bound,
            "proven": outcome.proven,
            "margin": int(max(level.proof_gap, level.proof_share * outcome.best)),
        }
        for level, outcome in zip(problem.levels, solution.levels, strict=True)
    ]


def show_county(lines: list[Line]) -> None:
    """One county: who took how long, and where they part."""
    by_way = {line["way"]: line for line in lines}
    if not by_way:
        return
    of = next(iter(by_way.values()))
    print(f"{of['mode']} {of['seed']} ({of['kind']}, {of['people']} people)")
    for way, line in by_way.items():
        open_levels = ", ".join(level["name"] for level in line["levels"] if not level["proven"])
        parting = "" if way == "ours" or "ours" not in by_way else f"; ours is {verdict(by_way['ours'], line)}"
        print(f"  {WAYS[way]:7} {line['seconds']:8.1f} s{'; open: ' + open_levels if open_levels else ''}{parting}", flush=True)


def verdict(ours: Line, theirs: Line) -> str:
    """In strict order: the first level on which the bests part by more than a proof may leave open."""
    for mine, other in zip(ours["levels"], theirs["levels"], strict=True):
        if abs(mine["best"] - other["best"]) > max(mine["margin"], other["margin"]):
            word = "ahead" if mine["best"] < other["best"] else "BEHIND"
            return f"{word} on {mine['name']}: {mine['best']:,} against {other['best']:,}"
        if not (mine["proven"] and other["proven"]):
            who = "the other leaves" if mine["proven"] else "ours leaves" if other["proven"] else "both leave"
            return f"equal until {mine['name']}, which {who} open"
    return "equal"


def show_ratios(lines: list[Line]) -> None:
    """How many times as long ours took, and on how many counties it is behind on who waits."""
    for mode in FAMILIES:
        ours = {line["seed"]: line for line in lines if (line["mode"], line["way"]) == (mode, "ours")}
        for way in [way for way in WAYS if way != "ours"]:
            pairs = [(ours[x["seed"]], x) for x in lines if (x["mode"], x["way"]) == (mode, way) and x["seed"] in ours]
            if pairs:
                ratios = [mine["seconds"] / max(other["seconds"], 0.01) for mine, other in pairs]
                behind = sum("BEHIND" in verdict(mine, other) for mine, other in pairs)
                waiting = sum(first_values(mine) > first_values(other) for mine, other in pairs)
                print(
                    f"{mode}, {len(pairs)} counties against {WAYS[way]}: geometric mean {mean(ratios):.2f}, median"
                    f" {statistics.median(ratios):.2f}, worst {max(ratios):.2f}; behind on {behind}, on who waits {waiting}"
                )


def first_values(line: Line) -> list[int]:
    return [level["best"] for level in line["levels"][:UNMET]]


def mean(ratios: Iterable[float]) -> float:
    return statistics.geometric_mean([max(ratio, 1e-3) for ratio in ratios])


if __name__ == "__main__":
    main()
