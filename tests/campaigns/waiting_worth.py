"""What waiting for a better place would have been worth: a year of arrivals over random tight counties, decided in several ways.

``python -m tests.campaigns.waiting_worth [--counties N] [--weeks N] [--seed N] [--futures N] [--ahead N] [--workers N]
[--out DIR]`` plays each of so many (40) small counties for so many (52) weeks, by one draw each: as the cascade decides, as
today's engine does, and with prices of contract hours by so many (6) sampled futures of so many (8) weeks: where nobody waits
for a price, and in two ways where somebody may. Beside them stands a bound that nobody could have come below who had known the
draw to its end. Every way is checked as a forecast is. Printed: the hours that waited at weeks' ends, by county and in all; with
``--out`` also as ``counties.csv``. It exits with 1 where a check finds anything, or a way comes below the bound.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from optimiser.in_parallel.piece_of_work import Work
from optimiser.in_parallel.story import InParallel
from tests.campaigns.waiting.compared import HEADINGS, Asked, Compared, compared, lines


def run(asked: Asked, counties: int, workers: int) -> list[Compared]:
    """Every county, in the order of their numbers, whoever does them."""
    work = Work(compared, asked, "plays counties", lambda number: f"county {number}")
    with InParallel(work, workers=workers, most=counties) as processes:
        return list(processes.do(range(1, counties + 1), report=_tell).results.values())


def _tell(done: int, of: int) -> None:
    print(f"\r{done} of {of} counties", end="", file=sys.stderr, flush=True)


def write(folder: Path, found: Sequence[Compared]) -> None:
    """The table as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "counties.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADINGS, *(each.cells() for each in found)])


def main() -> int:
    """1 where anything is wrong."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--counties", type=int, default=40)
    options.add_argument("--weeks", type=int, default=52)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--futures", type=int, default=6, help="sampled each week (default: 6)")
    options.add_argument("--ahead", type=int, default=8, help="weeks of each (default: 8)")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--out", type=Path)
    chosen = options.parse_args()
    asked = Asked(chosen.seed, chosen.weeks, chosen.futures, chosen.ahead)
    found = run(asked, chosen.counties, chosen.workers)
    print(file=sys.stderr)
    print(*lines(found), sep="\n")
    if chosen.out is not None:
        write(chosen.out, found)
    wrong = [each for county in found for each in county.wrong]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
