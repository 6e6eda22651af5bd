"""``optimiser compare FOLDER --scenario FILE…``: the county as it is beside the county as it might be."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from optimiser import exits
from optimiser.commands.defects import telling_defects
from optimiser.commands.inputs import read_or_refuse, say_notes
from optimiser.commands.outputs import is_free, written
from optimiser.commands.progress import reporter
from optimiser.commands.tables import print_table, table
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import InputRefusedError, clean
from optimiser.io.folders import pretty
from optimiser.solving.outcome import Effort
from optimiser.whatif.compare.problem import Scenario
from optimiser.whatif.compare.scenario_files import read_scenario
from optimiser.whatif.compare.story import Table, compare, table_csv, table_record


@telling_defects
def run(options: argparse.Namespace) -> int:
    """One table; ``compare.csv`` and ``compare.json`` where a folder is named."""
    out = Path(options.out) if options.out else None
    if out is not None and not is_free(out, replace=options.replace):
        return exits.REFUSED
    reading = read_or_refuse(options.folder, show_values=options.show_values, writes=out is not None)
    scenarios = None if reading is None else _scenarios(options.scenario, reading.snapshot)
    if reading is None or scenarios is None:
        return exits.REFUSED
    say_notes(reading.notes)
    effort = Effort(wall_seconds=options.wall_seconds)
    made = compare(reading.snapshot, scenarios, effort, reporter(quiet=options.quiet))
    if out is not None:
        files = {"compare.csv": table_csv(made), "compare.json": pretty(table_record(made))}
        if not written(out, files, replace=options.replace):
            return exits.REFUSED
    _say(made, out)
    if not made.complete:
        return exits.INTERRUPTED
    return exits.PROVEN if made.all_proven else exits.OPEN_GAPS


def _scenarios(files: list[str], snapshot: Snapshot) -> list[Scenario] | None:
    """Every scenario, or None after every fault of every file has been said."""
    scenarios, faults = [], 0
    for file in files:
        try:
            scenarios.append(read_scenario(Path(file), snapshot))
        except InputRefusedError as refused:
            faults += len(refused.faults)
            for fault in refused.faults:
                print(fault.message(), file=sys.stderr)
    if faults:
        print(f"Refused: {faults} fault(s) in the scenarios. Nothing was compared.", file=sys.stderr)
        return None
    return scenarios


def _say(made: Table, out: Path | None) -> None:
    shown = table("Side by side", "indicator", "unit", *(clean(column.title) for column in made.columns), left=2, wrap=True)
    for name, unit, values in made.rows():
        shown.add_row(name, unit, *map(clean, values))
    print_table(shown)
    if not made.complete:
        print("Interrupted: the last column is the best plan found until then, and later scenarios are missing.")
    if out is not None:
        print(f"Written to {out}.")
