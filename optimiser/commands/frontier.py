"""``optimiser frontier FOLDER --levels A B``: what a plan gives of one level for another, while those before them hold."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, count_from_one, snapshot_folder, solving, workers
from optimiser.commands.shared.elsewhere import elsewhere
from optimiser.commands.shared.inputs import read_for_results
from optimiser.commands.shared.running import counter, exit_code, reporter, telling_defects
from optimiser.commands.shared.saying import complain, print_table, refused, say, table, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.whatif.frontier.story import Frontier

ORDER = 225
SUMMARY = "two levels against each other: the plans that none beats in both"
FEWEST = 2


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "frontier",
        describe=_description,
        example="optimiser frontier data/three_villages --levels legacy cost --points 5 --out frontier",
        run=run,
        arguments=_arguments,
    )


def _arguments(frontier: argparse.ArgumentParser) -> None:
    snapshot_folder(frontier)
    frontier.add_argument("--levels", nargs=2, required=True, metavar=("A", "B"), help="two levels, in either order")
    frontier.add_argument(
        "--points",
        type=count_from_one,
        default=9,
        metavar="N",
        help="searches, the two ends among them: at most so many points (default: %(default)s)",
    )
    workers(frontier, "searches at once")
    frontier.add_argument(
        "--out", metavar="DIR", help="folder for two-levels.csv, two-levels.json and two-levels.html; made whole or not at all"
    )
    solving(frontier)
    as_json(frontier, "what two-levels.json holds")


def _description() -> str:
    """Names the levels as they are in the rule book, which is read only where this help is shown."""
    from optimiser.rules.book import standard_rules

    return (
        "Two levels against each other: plans of which none has less of both, from the least of the one to the least of the"
        " other, each proven or with its bound, and checked. Levels that come before the first of the two in the strict order"
        f" are held at their bests; all others are free. Levels: {', '.join(rule.name for rule in standard_rules().levels)}."
    )


@telling_defects
def run(options: argparse.Namespace) -> int:
    """The points on a terminal; ``two-levels.csv``, ``two-levels.json`` and ``two-levels.html`` where a folder is named."""
    from pathlib import Path

    from optimiser.county import County
    from optimiser.processes import ProcessEndedError
    from optimiser.rules.longest_first.book_of_a_county import rules_for
    from optimiser.solving.outcome import Effort
    from optimiser.whatif.frontier.report import frontier_files, frontier_record
    from optimiser.whatif.frontier.story import Watching, frontier
    from optimiser.whatif.frontier.two_levels import two_levels

    out = Path(options.out) if options.out else None
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    county = County.of(reading.snapshot)
    rules = rules_for(county.policy)
    try:
        asked = two_levels(options.levels, rules)
    except ValueError as fault:
        complain(f"--levels: expected {fault}")
        return refused("1 fault(s). Nothing was searched.")
    if options.points < FEWEST:
        complain(f"--points: expected {FEWEST} or more, for the two ends")
        return refused("1 fault(s). Nothing was searched.")
    watching = Watching(reporter(quiet=options.quiet), counter("searches", quiet=options.quiet))
    effort = Effort(wall_seconds=options.wall_seconds)
    try:
        with elsewhere(options) as cluster:
            made = frontier(
                county,
                rules,
                asked,
                options.points,
                effort=effort,
                workers=options.workers or 0,
                elsewhere=cluster,
                watching=watching,
            )
    except ProcessEndedError as ended:
        return refused(f"{ended} Nothing was written.")
    record = frontier_record(made)
    if out is not None and not written(out, frontier_files(made, record), replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: record, lambda: _say(made, record["said"], out))
    return exit_code(interrupted=not made.complete, proven=made.all_proven)


def _say(made: Frontier, said: list[str], out: Path | None) -> None:
    from optimiser.whatif.frontier.report import shown_rows

    one, other = (name.replace("_", " ") for name in (made.asked.one, made.asked.other))
    shown = table(f"{one} against {other}", "point", one, other, "at least", f"more {one}", f"less {other}", "proven")
    for row in shown_rows(made):
        shown.add_row(*(row[name] for name in ("point", "one", "other", "other_at_least", "more", "less", "proven")))
    print_table(shown)
    for each in said:
        say(each)
    if out is not None:
        print(f"Written to {out}.")
