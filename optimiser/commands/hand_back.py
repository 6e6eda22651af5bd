"""``optimiser transfer FOLDER --from CONTRACT --out DIR``: where the care of a returned contract goes."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from pathlib import Path

from optimiser.commands.tables import print_table, table
from optimiser.commands.transfer_telling import INTERRUPTED, exit_code, reporter
from optimiser.io.folders import write_folder
from optimiser.io.reading import Reading
from optimiser.io.run_record import run_record
from optimiser.transferring.handing_back.report import hand_back_files, notes
from optimiser.transferring.handing_back.story import HandBack, plan_hand_back
from optimiser.transferring.story import Search


def hand_back(options: argparse.Namespace, reading: Reading, started: dt.datetime, clock: float) -> int:
    """Plan, check, write, say; the exit code."""
    search = Search(options.wall_seconds, reporter(quiet=options.quiet))
    plan = plan_hand_back(reading.snapshot, options.handed_back, reading.transfer, search)
    files = hand_back_files(plan, run_record(plan.stopped, started, time.perf_counter() - clock))
    write_folder(Path(options.out), files, replace=options.replace)
    _say(plan, Path(options.out))
    return exit_code(plan.stopped, all_proven=plan.all_proven)


def _say(plan: HandBack, out: Path) -> None:
    made = table("Preferences, in strict order", "level", "unit", "value", "bound", "proven", left=2)
    for level in plan.levels:
        made.add_row(level.name, level.unit, str(level.value), str(level.bound), "yes" if level.proven else "no")
    print_table(made)
    print(
        f"{len(plan.placed)} of {len(plan.members)} people have a place, {len(plan.whole_rounds)} rounds whole."
        f" {len(plan.members) - len(plan.placed)} have none yet: see hand-back.csv. Checked: every rule and limit holds."
    )
    for note in notes(plan):
        print(note)
    if plan.stopped == "cancelled":
        print(INTERRUPTED)
    print(f"Written to {out}; read {out / 'hand-back.html'} first.")
