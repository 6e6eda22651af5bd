"""``optimiser verify DIR FOLDER``: whether a result's bounds hold, proven again from its certificate and the records alone."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, show_values, snapshot_folder
from optimiser.commands.shared.saying import complain, print_table, refused, refused_with, table, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.proving.check import Verification

ORDER = 148
SUMMARY = "prove a result's bounds again, without any solver"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "verify",
        description="Whether no plan could have done better: the bounds of a result of 'allocate --certificate' are proven"
        " again in whole numbers, from its certificate and the records of the snapshot alone. No solver is asked or trusted."
        " The plan is checked against every rule as well, and its figures are held against each other.",
        example="optimiser verify result data/three_villages",
        run=run,
        arguments=_arguments,
    )


def _arguments(verify: argparse.ArgumentParser) -> None:
    verify.add_argument("result", metavar="DIR", help="the folder with the result of 'allocate --certificate'")
    snapshot_folder(verify)
    show_values(verify)
    as_json(verify, "what of each level is proven, and whatever does not hold,")


def run(options: argparse.Namespace) -> int:
    """Exit code 0 where everything holds, 8 where anything does not, 2 where an input is refused."""
    from pathlib import Path

    from optimiser.commands.shared.inputs import read_or_refuse
    from optimiser.county import County
    from optimiser.io.allocation_results import read_allocation_result
    from optimiser.io.faults import InputRefusedError
    from optimiser.judging.briefing import BriefRefusedError, briefed
    from optimiser.proving.check import reprove
    from optimiser.rules.longest_first.book_of_a_county import rules_for

    reading = read_or_refuse(options.folder, show_values=options.show_values, writes=False)
    if reading is None:
        return exits.REFUSED
    county, book = County.of(reading.snapshot), rules_for(reading.snapshot.policy)
    try:
        result = read_allocation_result(Path(options.result), reading.snapshot, county)
        county, book, _ = briefed(county, book, result.brief, may_move=False)
    except InputRefusedError as faults:
        return refused_with(faults, "Nothing was verified.", of=Path(options.result).name)
    except BriefRefusedError as asked:
        return refused(f"the part or the pins that the result tells have {len(asked.faults)} fault(s). Nothing was verified.")
    found = reprove(county, book, result.levels, result.plan, result.certificate)
    record = {
        "holds": not found.faults,
        "levels_proven": found.covered,
        "levels": [level.record() for level in found.levels],
        "faults": list(found.faults),
    }
    tell(options, lambda: record, lambda: _say(found))
    for fault in found.faults:
        complain(f"Does not hold: {fault}.")
    return exits.NOT_CONFIRMED if found.faults else exits.PROVEN


def _say(found: Verification) -> None:
    made = table("Levels, in strict order", "level", "unit", "best", "bound told", "proven here", "what it rests on", left=2)
    for level in found.levels:
        told = level.told
        here = "" if level.proves is None else f"{level.proves:,}"
        made.add_row(told.name, told.unit, f"{told.best:,}", f"{told.bound:,}", here, level.status)
    print_table(made)
    if not found.faults:
        rest = len(found.levels) - found.covered
        after = f"; for {rest} the search that found them has to be trusted" if rest else ""
        print(f"{found.covered} of {len(found.levels)} levels are proven here{after}. The plan keeps every rule.")
