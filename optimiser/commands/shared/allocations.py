"""What ``allocate``, ``reoptimise``, ``nightly`` and ``demo`` say of an allocation, and what they note of its run."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from optimiser.allocating.asked import MOST_PRICED, Asked, Price
from optimiser.allocating.story import Allocation
from optimiser.commands.shared.inputs import say_likely_typos
from optimiser.commands.shared.running import Begun, exit_code, is_watched
from optimiser.commands.shared.saying import print_table, table
from optimiser.domain.brief import WAITING
from optimiser.domain.level_result import level_row
from optimiser.explaining.who_comes_last import who_comes_last
from optimiser.io.faults import clean
from optimiser.io.likely_typos import typo_notes
from optimiser.judging.placeable import nobody_left, since_last_asked
from optimiser.judging.safe_meanwhile import in_short, standings
from optimiser.reoptimising.story import Reoptimisation


def exit_code_of(allocation: Allocation) -> int:
    return exit_code(interrupted=allocation.stopped == "cancelled", proven=allocation.all_proven)


def allocation_run(allocation: Allocation, begun: Begun) -> dict[str, Any]:
    """Whatever differs between two runs on the same input, and which words are probably mistyped."""
    mistyped = [note.message() for note in typo_notes(allocation.county.snapshot)]
    record = {**begun.record(allocation.stopped), "probably_mistyped": mistyped}
    if allocation.asked is not None and not allocation.asked.all_priced:
        record["repeatable"] = False
    return record


def reoptimisation_record(made: Reoptimisation, begun: Begun) -> dict[str, Any]:
    """The same of a re-optimisation, whose comparison with the best few may be cut by a clock of its own."""
    record = allocation_run(made.allocation, begun)
    record["repeatable"] &= not any(few.by_the_clock for few in made.few)
    return record


def say_allocation(allocation: Allocation, out: Path, *, quiet: bool) -> None:
    """The levels as a table, and what became of the packages."""
    if is_watched(quiet=quiet):
        print(file=sys.stderr)
    _safe_meanwhile(allocation)
    _levels(allocation)
    new = [index for index, package in enumerate(allocation.county.packages) if package.status == "new"]
    outcomes = Counter(allocation.outcome(package) for package in new)
    print(
        f"{len(new)} new packages: {outcomes['placed']} placed, {outcomes['unmet']} unmet,"
        f" {outcomes['pending']} pending. Checked: every rule holds."
    )
    if outcomes["unmet"]:
        _who_comes_last(allocation)
    if allocation.asked is not None:
        _asked(allocation, allocation.asked)
    if allocation.stopped == "cancelled":
        print("Interrupted: this is the best plan found so far; the gaps above say how much better another might be.")
    elif allocation.stopped == "wall":
        print("Stopped by the clock: a run so cut need not repeat byte for byte.")
    elif not allocation.all_proven:
        open_at = next(level.name for level in allocation.levels if not level.proven)
        print(f"Not every level is proven: bounds of levels after {open_at} hold for the bests shown, not for better ones.")
    say_likely_typos(allocation.county.snapshot)
    print(f"Written to {out}.")


IDS_SHOWN = 10


def _safe_meanwhile(allocation: Allocation) -> None:
    """Who waits without being safe until care begins, where a snapshot holds how people are: before all else."""
    county = allocation.county
    if not county.snapshot.meanwhile:
        return
    found = standings(county.snapshot, since_last_asked(county, nobody_left(county, allocation.rules)))
    wrong = [each for each in found if each.wrong]
    if not wrong:
        print(f"Safe until care begins: all {len(found)} who wait have a plan that holds.")
        return
    counts = ", ".join(f"{kind.replace('_', ' ')}: {count}" for kind, count in in_short(wrong).items())
    named = ", ".join(each.package_id for each in wrong[:IDS_SHOWN])
    more = f" and {len(wrong) - IDS_SHOWN} more" if len(wrong) > IDS_SHOWN else ""
    print(clean(f"Look at first, not safe until care begins ({counts}): {named}{more}."))


TOLD = ("hours", "workers", "rurality", "priority")
"""The tables that a terminal shows; ``result.json`` has all."""


def _who_comes_last(allocation: Allocation) -> None:
    groups = who_comes_last(allocation.county, allocation.outcome)
    made = table("Who comes last", "by", "group", "people", "placed", "pending", "unmet", "unmet hours a week", left=2)
    for by in TOLD:
        for each in groups[by]:
            figures = (str(each[name]) for name in ("people", "placed", "pending", "unmet", "unmet_hours_per_week"))
            made.add_row(by, each["group"], *figures)
    print_table(made)


def _asked(allocation: Allocation, asked: Asked) -> None:
    """Who was left out, and what the pins cost: the levels on which they cost anything, or may."""
    if asked.brief.part:
        print(
            f"The run was for a part of the county: {len(allocation.county.not_asked_for)} of the new packages are outside of it"
            " and stay as they were. The levels are those of the whole county."
        )
    if not asked.pins:
        return
    if not asked.prices:
        print(f"{len(asked.pins)} pins are priced all together: one by one at most {MOST_PRICED} are.")
    made = table("What the pins cost", "pin", "level", "unit", "costs", "at least", "at most", "proven", left=3)
    for price in (*asked.prices, *([asked.together] if asked.together else [])):
        for cells in _price_rows(asked, price):
            made.add_row(*cells)
    print_table(made)


def _price_rows(asked: Asked, price: Price) -> Iterator[tuple[str, ...]]:
    """A line per level on which a pin costs anything, or may."""
    pinned_to = asked.brief.pins[price.package_ids[0]] or WAITING
    what = "all together" if price is asked.together else clean(f"{', '.join(price.package_ids)}={pinned_to}")
    if price.levels is None:
        yield what, "not known: the run was ended before", "", "", "", "", ""
        return
    told = [level for level in price.levels if level.at_least or level.at_most or not level.proven]
    if not told:
        yield what, "nothing on any level", "", "", "", "", "yes"
    for level in told:
        amounts = (f"{amount:+,}" for amount in (level.costs, level.at_least, level.at_most))
        yield what, level.with_pin.name, level.with_pin.unit, *amounts, "yes" if level.proven else "no"


def _levels(allocation: Allocation) -> None:
    columns = ("level", "unit", "value", "best", "bound", "tolerance", "given away", "proven")
    made = table("Levels, in strict order", *columns, left=2)
    for level in allocation.levels:
        row = level_row(level, open_by=lambda each: f"gap {each.best - each.bound:,} ({each.gap:.2%})")
        made.add_row(*(row[column] for column in columns))
    print_table(made)
