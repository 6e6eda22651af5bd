"""A night of all England, planned from measured parts.

    .venv/bin/python -m tests.benchmarks.england [--counties 10] [--cluster]

So many counties of Norfolk's size are made (``data/make_demonstration.py``, a seed each: about 5,300 people) and their nights
run by ``optimiser nightly --counties``: by two processes here and, with ``--cluster``, by a Dask scheduler and two workers on
this machine, which needs ``requirements-cluster.lock``. Printed: how they ended, seconds, the most memory of anybody, whether the
reports are the same to the byte, and what 150 counties (800,000 people) come to by these figures, so many workers at once.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.campaigns.cluster_machines import SOURCES, Machines

ENGLAND, WORKERS = 150, 2
ON = (2, 8, 32)
"""Workers for which the plan says how long it takes."""
NOT_COMPARED = "run.json"
"""When a report was made and how long it took."""


@dataclass(frozen=True)
class Ran:
    """A command's seconds: by the wall, and of processor in it and what it started."""

    wall: float
    processor: float


def main() -> int:
    """Make, run, print. 1 where a night ends badly, or the two differ."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--counties", type=int, default=10)
    options.add_argument("--cluster", action="store_true", help="by a Dask cluster, too")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="england", dir="/tmp") as place:
        counties, here, there = (Path(place) / each for each in ("counties", "here", "there"))
        began = time.monotonic()
        for number in range(1, chosen.counties + 1):
            made = [
                str(SOURCES / "data" / "make_demonstration.py"),
                str(counties / f"{number:03}"),
                "--seed",
                f"England {number}",
            ]
            subprocess.run([sys.executable, *made], check=True)
        show("counties made, seconds for each", f"{(time.monotonic() - began) / chosen.counties:.1f}")
        nights = ["--counties", str(counties), "--quiet"]
        asked, all_well, same = None, True, True
        if chosen.cluster:  # first, since the most memory of all processes that have ended never falls
            with Machines.standing() as machines:
                before = machines.processor_seconds()
                asked = command([*nights, "--out", str(there), "--cluster", machines.address])
                asked = Ran(asked.wall, asked.processor + machines.processor_seconds() - before)
                most = [machines.scheduler.most_mb, *(each.most_mb for each in machines.others)]
                show_memory_here()  # before the workers, which are ours as well, have ended
            all_well &= told(there, asked, "on a cluster of two workers", chosen.counties)
            show("most memory, scheduler and workers (MB)", ", ".join(f"{each:.0f}" for each in most))
        ran = command([*nights, "--out", str(here), "--workers", str(WORKERS)])
        all_well &= told(here, ran, "on two processes here", chosen.counties)
        show_memory_here()
        if asked is not None:
            show("more processor than here, on the cluster", f"{asked.processor / ran.processor - 1:.1%}")
            same = reports(here) == reports(there)
            show("reports the same to the byte", "yes" if same else "NO")
        for workers in ON:
            hours = ran.processor / chosen.counties * ENGLAND / workers / 3600
            show(f"plan: {ENGLAND} counties, {workers} workers, hours", f"{hours:.2f}")
    return 0 if all_well and same else 1


def command(arguments: Sequence[str]) -> Ran:
    """One run of ``optimiser nightly``."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, "-m", "optimiser", "nightly", *arguments], check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(time.monotonic() - began, used)


def told(nights: Path, ran: Ran, where: str, counties: int) -> bool:
    """What is printed of a run; whether every county has a report of it."""
    record = json.loads((nights / "summary" / "result.json").read_bytes())
    total = record["all"]
    show(f"{where}: seconds", f"{ran.wall:.0f}")
    show(f"{where}: of processor, for each county", f"{ran.processor / counties:.1f}")
    show("ended", ", ".join(f"{word} {count}" for word, count in record["ended"].items()))
    show("people unmet, today and after", f"{total['unmet_people_today']:,}, {total['unmet_people_after']:,}")
    show("levels proven", f"{total['levels_proven']} of {total['levels']}")
    return set(record["ended"]) <= {"proven", "open_gaps"} and bool(total["with_figures"] == counties)


def reports(nights: Path) -> dict[str, bytes]:
    """Every file of every latest report, but for when it was made."""
    found = (each for each in sorted(nights.glob("counties/*/latest/*")) if each.name != NOT_COMPARED)
    return {str(each.relative_to(nights)): each.read_bytes() for each in found}


def show_memory_here() -> None:
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    show("most memory of a process here (MB)", f"{most:.0f}")


def show(what: str, figure: str) -> None:
    print(f"{what:60} {figure}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
