"""Every provider of a county stressed, against eight separate ``allocate`` runs, in turn on one machine.

    .venv/bin/python -m tests.benchmarks.stress FOLDER [--runs 8]

Each runs as a user runs it, in a process of its own, reading and writing included. The sweep is measured without pairs
(``--worst 0``), as the question is about single failures. Printed: wall and processor seconds, and the ratio.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Run both and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument(
        "--runs", type=int, default=8, help="allocate runs to measure (default: 8; fewer are scaled up to eight)"
    )
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        out = Path(place)
        allocate = [timed("allocate", chosen.folder, out / f"allocate-{n}") for n in range(chosen.runs // 2)]
        sweep = timed("stress", chosen.folder, out / "stress", "--worst", "0")
        allocate += [timed("allocate", chosen.folder, out / f"again-{n}") for n in range(chosen.runs - chosen.runs // 2)]
        failures = json.loads((out / "stress" / "stress.json").read_text(encoding="utf-8"))["failures"]
    wall, cpu = (sum(run[which] for run in allocate) * 8 / len(allocate) for which in (0, 1))
    note = "" if chosen.runs == 8 else f" ({chosen.runs} measured)"
    print(f"\n{'':34} {'wall s':>8} {'cpu s':>8}")
    print(f"{f'8 separate allocate runs{note}':34} {wall:>8.1f} {cpu:>8.1f}")
    print(f"{f'{len(failures)} providers stressed':34} {sweep[0]:>8.1f} {sweep[1]:>8.1f}")
    print(f"{'ratio':34} {sweep[0] / wall:>8.2f} {sweep[1] / cpu:>8.2f}")
    asked = [level for each in failures for level in each["levels"] if level["bound"] is not None]
    print(f"levels asked: {len(asked)}, proven: {sum(level['proven'] for level in asked)}")
    for name in ("unmet_urgent", "unmet_discharge", "unmet", "legacy"):
        of_name = [level for level in asked if level["name"] == name]
        gap = sum(level["best"] - level["bound"] for level in of_name) / max(1, sum(level["best"] for level in of_name))
        print(f"  {name:16} proven {sum(level['proven'] for level in of_name):>3} of {len(of_name)}, mean gap {gap:.2%}")


def timed(command: str, folder: Path, out: Path, *more: str) -> tuple[float, float]:
    """One command in a process of its own: wall and processor seconds."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    words = [sys.executable, "-m", "optimiser", command, str(folder), "--out", str(out), "--quiet", *more]
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    if done.returncode not in (0, 3):
        sys.exit(f"optimiser {command} ended with {done.returncode}")
    print(f"{command:10} {seconds:8.1f} s", flush=True)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
