"""``optimiser demo``: the whole demonstration county, ending with a table per area."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser.commands.shared.arguments import as_json, solving
from optimiser.commands.shared.running import telling_defects
from optimiser.commands.shared.saying import print_table, table

if TYPE_CHECKING:
    from optimiser.allocating.story import Allocation
    from optimiser.commands.shared.arguments import Commands

ORDER = 440
SUMMARY = "allocate the bundled demonstration county and show it by area"
DEFAULT_OUT = "demonstration-result"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "demo",
        description="Allocate the bundled demonstration county, which is made up, and show it area by area.",
        example="optimiser demo --out result",
        run=run,
        arguments=_arguments,
    )


def _arguments(demo: argparse.ArgumentParser) -> None:
    demo.add_argument("--out", default=DEFAULT_OUT, metavar="DIR", help="folder for the result (default: %(default)s)")
    solving(demo)
    as_json(demo)


@telling_defects
def run(options: argparse.Namespace) -> int:
    """Allocate the bundled county; an earlier result of the demonstration is replaced."""
    from optimiser.commands.allocate.deciding import decide
    from optimiser.io.folders import DEMONSTRATION, bundled

    options.folder = str(bundled(DEMONSTRATION))
    options.travel_by, options.if_others_move, options.certificate = None, False, False
    options.replace = options.replace or options.out == DEFAULT_OUT
    code, allocation = decide(options)
    if allocation is not None and not options.json:
        print_areas(allocation)
        people = allocation.county.packages
        unmet = [person.package_id for index, person in enumerate(people) if allocation.outcome(index) == "unmet"]
        if unmet:
            print(f"Ask why: optimiser explain {options.out} {unmet[0]}")
    return code


def print_areas(allocation: Allocation) -> None:
    """Share, headroom, unmet, legacy and cost of every area."""
    made = table(
        f"Areas as of {allocation.county.as_of} (hours per four weeks)",
        "area", "demand", "principal's share", "its headroom", "unmet", "people", "legacy", "cost a week",
    )  # fmt: skip
    for area in allocation.areas():
        principal = area["principal"]
        headroom = next(
            (c["headroom_hours_4w"] for c in area["contracts"] if principal and c["contract_id"] == principal["contract_id"]),
            None,
        )
        made.add_row(
            area["name"],
            f"{float(area['demand_hours_4w']):,.0f}",
            f"{float(principal['share']):.1%}" if principal else "not live" if not area["live"] else "none",
            f"{round(float(headroom)):,}" if headroom else "",
            f"{float(area['unmet_hours_4w']):,.0f}",
            str(area["unmet_people"]),
            f"{float(area['legacy_hours_4w']):,.0f}",
            f"£{float(area['weekly_cost_gbp']):,.0f}",
        )
    print_table(made)
    proven = [level.name for level in allocation.levels if level.proven]
    print(f"Proven: {', '.join(proven) or 'nothing'}" + ("" if len(proven) < len(allocation.levels) else " (every level)") + ".")
