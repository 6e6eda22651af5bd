"""``optimiser reoptimise FOLDER --out DIR``: few changes worth making, as a list of steps."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import (
    as_json,
    if_others_move,
    moving,
    part_and_pins,
    result,
    snapshot_folder,
    solving,
)
from optimiser.commands.shared.inputs import HistoryRefusedError, brief_of, history_or_refuse, read_for_results
from optimiser.commands.shared.running import Begun, reporter, telling_defects
from optimiser.commands.shared.saying import print_table, refused_with, table, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.reoptimising.story import Reoptimisation

ORDER = 130
SUMMARY = "few changes worth making: placements, and moves that make room for them"
STEPS_SHOWN = 10


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "reoptimise",
        description="Few changes worth making: who waits is placed, and few people change provider where that makes room for"
        " others. Written as a list of steps, each of which holds on its own.",
        example="optimiser reoptimise data/three_villages --out changes --max-moves 2\n"
        "optimiser reoptimise data/three_villages --out changes --only-area A1 --pin R4=F-BRACKEN",
        run=run,
        arguments=_arguments,
    )


def _arguments(reoptimise: argparse.ArgumentParser) -> None:
    snapshot_folder(reoptimise)
    result(reoptimise, "the result")
    moving(reoptimise)
    reoptimise.add_argument(
        "--history", metavar="FILE", help="earlier moves (CSV); the share moved from any one provider is then limited"
    )
    part_and_pins(reoptimise)
    if_others_move(reoptimise)
    solving(reoptimise)
    as_json(reoptimise)


@telling_defects
def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line."""
    import json
    from pathlib import Path

    from optimiser.commands.shared.allocations import exit_code_of, reoptimisation_record
    from optimiser.io.faults import InputRefusedError
    from optimiser.reoptimising.report import reoptimisation_files
    from optimiser.reoptimising.story import reoptimise
    from optimiser.solving.outcome import Effort

    begun, out = Begun(), Path(options.out)
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    try:
        history = history_or_refuse(options.history, reading.snapshot)
    except HistoryRefusedError:
        return exits.REFUSED
    try:
        brief = brief_of(options)
    except InputRefusedError as faults:
        return refused_with(faults)
    made = reoptimise(
        reading.snapshot,
        brief=brief,
        max_moves=options.max_moves,
        step_moves=options.step_moves,
        history=history,
        effort=Effort(wall_seconds=options.wall_seconds),
        report=reporter(quiet=options.quiet),
        if_others_move=options.if_others_move,
    )
    files = reoptimisation_files(made, reoptimisation_record(made, begun))
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: json.loads(files["result.json"]), lambda: _say(made, out, quiet=options.quiet))
    return exit_code_of(made.allocation)


def _say(made: Reoptimisation, out: Path, *, quiet: bool) -> None:
    from optimiser.commands.shared.allocations import say_allocation

    _say_steps(made)
    say_allocation(made.allocation, out, quiet=quiet)


def _say_steps(made: Reoptimisation) -> None:
    """The first steps, and how the list's first few compare with the best few found on their own."""
    from optimiser.domain.words import people
    from optimiser.rules.vocabulary import Group, up_to

    steps = made.steps.steps
    if not steps:
        print("No change is worth making.")
        _say_longer(made)
        return
    levels = made.allocation.rules.levels
    names = [level.name for level in levels[: up_to(levels, Group.WAITING, Group.MOVES)]]
    shown = table(f"The first {min(STEPS_SHOWN, len(steps))} of {len(steps)} steps", "step", "place", "move", *names, left=1)
    for number, step in enumerate(steps[:STEPS_SHOWN], start=1):
        after = made.values[number]
        shown.add_row(str(number), str(len(step.placements)), str(len(step.moves)), *(f"{after[name]:,}" for name in names))
    print_table(shown)
    beside = table("The list's first steps beside the best found independently", "level", *_headings(made), left=1)
    for name in (level.name for level in made.allocation.levels):
        beside.add_row(name, *(f"{values[name]:,}" for few in made.few for values in (few.listed, few.found, few.bounds)))
    if made.few:
        print_table(beside)
    ways = "1 step" if len(steps) == 1 else f"{len(steps)} steps"
    most = f"at most {made.max_moves} may, at most {made.step_moves} in one step"
    print(f"{people(made.moves)} would change provider ({most}), in {ways}.")
    _say_longer(made)


def _say_longer(made: Reoptimisation) -> None:
    """Whom a chain of more moves than a step may hold would place."""
    from optimiser.domain.words import people

    for chain in made.longer:
        placed, moved = people(len(chain.packages)), people(chain.moves)
        print(f"A longer chain would place {placed} more: {moved} would have to change provider in one step.")


def _headings(made: Reoptimisation) -> list[str]:
    return [f"{few.count} {what}" for few in made.few for what in ("listed", "found", "bound")]
