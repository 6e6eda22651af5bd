"""``optimiser compare FOLDER --scenario FILE…``: the county as it is beside the county as it might be."""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, day, snapshot_folder, solving
from optimiser.commands.shared.inputs import read_for_results, say_notes
from optimiser.commands.shared.running import defect, exit_code, reporter, telling_defects
from optimiser.commands.shared.saying import print_table, refused, refused_with, table, tell, written
from optimiser.commands.shared.visit_records import read_records, visit_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.snapshot import Snapshot
    from optimiser.whatif.compare.problem import Scenario
    from optimiser.whatif.compare.story import Table
    from optimiser.whatif.compare.visits_paid import RecordedVisits

ORDER = 230
SUMMARY = "the county as it is beside scenarios: one table of indicators"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "compare",
        description="The county as it is beside the county as it might be: each scenario is a patch to the snapshot, is allocated"
        " anew, and becomes a column of one table of indicators.",
        example="optimiser compare data/three_villages --scenario winter.toml closures.toml --out comparison",
        run=run,
        arguments=_arguments,
    )


def _arguments(compare: argparse.ArgumentParser) -> None:
    snapshot_folder(compare)
    compare.add_argument(
        "--scenario", nargs="+", action="extend", required=True, metavar="FILE", help="a TOML patch: see data/README.md"
    )
    visit_records(compare, required=False)
    compare.add_argument(
        "--period",
        type=day,
        metavar="DATE",
        help="with --actuals: the first day of the four weeks of which it is told what recorded visits come to",
    )
    compare.add_argument("--out", metavar="DIR", help="folder for compare.csv and compare.json; made whole or not at all")
    solving(compare)
    as_json(compare, "what compare.json holds")


@telling_defects
def run(options: argparse.Namespace) -> int:
    """One table; ``compare.csv`` and ``compare.json`` where a folder is named."""
    from pathlib import Path

    from optimiser.accounting.report import AccountNotConfirmedError
    from optimiser.accounting.story import AccountRefusedError
    from optimiser.io.faults import InputRefusedError
    from optimiser.io.folders import pretty
    from optimiser.solving.outcome import Effort
    from optimiser.whatif.compare.story import compare, table_csv, table_record

    out = Path(options.out) if options.out else None
    reading = read_for_results(options, out)
    scenarios = None if reading is None else _scenarios(options.scenario, reading.snapshot)
    if reading is None or scenarios is None:
        return exits.REFUSED
    effort = Effort(wall_seconds=options.wall_seconds)
    try:
        with _visits(options, reading.snapshot, scenarios) as visits:
            made = compare(reading.snapshot, scenarios, effort, reporter(quiet=options.quiet), visits=visits)
    except InputRefusedError as faults:
        return refused_with(faults)
    except AccountRefusedError as asked:
        return refused(f"{'; '.join(asked.reasons)}. Nothing was written.")
    except AccountNotConfirmedError as found:
        return defect("the check does not confirm what recorded visits come to, so nothing was written.", found.faults)
    if out is not None:
        files = {"compare.csv": table_csv(made), "compare.json": pretty(table_record(made))}
        if not written(out, files, replace=options.replace):
            return exits.REFUSED
    tell(options, lambda: table_record(made), lambda: _say(made, out))
    return exit_code(interrupted=not made.complete, proven=made.all_proven)


def _scenarios(files: list[str], snapshot: Snapshot) -> list[Scenario] | None:
    """Every scenario, or None after every fault of every file has been said."""
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.whatif.compare.scenario_files import read_scenario

    scenarios, faults = [], 0
    for file in files:
        try:
            scenarios.append(read_scenario(Path(file), snapshot))
        except InputRefusedError as found:
            faults += len(found.faults)
            for fault in found.faults:
                print(fault.message(), file=sys.stderr)
    if faults:
        refused(f"{faults} fault(s) in the scenarios. Nothing was compared.")
        return None
    return scenarios


@contextmanager
def _visits(options: argparse.Namespace, snapshot: Snapshot, scenarios: list[Scenario]) -> Iterator[RecordedVisits | None]:
    """What was recorded of visits and what they are paid by, where that was asked for. Raises ``InputRefusedError``."""
    from pathlib import Path

    from optimiser.domain.accounts import Period
    from optimiser.io.account_files import read_account_book
    from optimiser.whatif.compare.visits_paid import RecordedVisits

    if options.actuals is None and options.period is None:
        if any(each.billing for each in scenarios):
            raise exits.RefusedError("[[billing]] changes what recorded visits come to: name them by --actuals and --period")
        yield None
        return
    if options.actuals is None or options.period is None:
        raise exits.RefusedError("--actuals and --period go together")
    book, notes = read_account_book(Path(options.folder), snapshot)
    say_notes(notes)
    with read_records(options.actuals) as (actuals, again):
        yield RecordedVisits(actuals, book, Period(options.period), again)


def _say(made: Table, out: Path | None) -> None:
    from optimiser.io.faults import clean

    shown = table("Side by side", "indicator", "unit", *(clean(column.title) for column in made.columns), left=2, wrap=True)
    for name, unit, values in made.rows():
        shown.add_row(name, unit, *map(clean, values))
    print_table(shown)
    if not made.complete:
        print("Interrupted: the last column is the best plan found until then, and later scenarios are missing.")
    if out is not None:
        print(f"Written to {out}.")
