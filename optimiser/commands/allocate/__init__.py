"""``optimiser allocate FOLDER --out DIR``: the county's allocation, written whole or not at all."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser.commands.shared.arguments import as_json, if_others_move, part_and_pins, result, snapshot_folder, solving, staffing
from optimiser.commands.shared.running import telling_defects

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 120
SUMMARY = "decide who should deliver each waiting package"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "allocate",
        description="Decide who should deliver each waiting package of care: proven level by level, checked, and written with an"
        " explanation of every decision.",
        example="optimiser allocate data/three_villages --out result\n"
        "optimiser allocate data/three_villages --out result --pin N4=F-BRACKEN --pin N5=waiting\n"
        "optimiser allocate data/three_villages --out result --only-area A1 --only-provider ALDER\n"
        "optimiser allocate data/three_villages --out afresh --everybody-free",
        run=run,
        arguments=_arguments,
    )


def _arguments(allocate: argparse.ArgumentParser) -> None:
    snapshot_folder(allocate)
    result(allocate, "the result")
    allocate.add_argument(
        "--travel-by",
        metavar="rounds:DIR",
        help="the travel level in seconds a week that the provider's rounds would grow by: a result of rounds build",
    )
    staffing(allocate)
    part_and_pins(allocate)
    if_others_move(allocate)
    allocate.add_argument(
        "--everybody-free",
        action="store_true",
        help="place all care afresh, running care too, for totals alone beside today's: evidence for tenders, no plan and no"
        " person in it",
    )
    allocate.add_argument(
        "--certificate",
        action="store_true",
        help="write beside the result what proves its bounds, as far as that is cheap, for 'optimiser verify' (some seconds)",
    )
    solving(allocate)
    as_json(allocate)


@telling_defects
def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line."""
    if options.everybody_free:
        from optimiser.commands.allocate.all_anew import place_everybody

        return place_everybody(options)
    from optimiser.commands.allocate.deciding import decide

    code, _ = decide(options)
    return code
