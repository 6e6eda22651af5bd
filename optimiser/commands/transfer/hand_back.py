"""``optimiser transfer FOLDER --from CONTRACT --out DIR``: where the care of a returned contract goes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from optimiser import exits
from optimiser.commands.shared.outputs import written
from optimiser.commands.shared.running import Begun, exit_code
from optimiser.commands.shared.saying import tell
from optimiser.commands.shared.tables import print_table, table
from optimiser.commands.transfer.telling import INTERRUPTED, reporter
from optimiser.io.reading import Reading
from optimiser.transferring.handing_back.report import hand_back_files, notes
from optimiser.transferring.handing_back.story import HandBack, plan_hand_back
from optimiser.transferring.story import Search


def hand_back(options: argparse.Namespace, reading: Reading, begun: Begun) -> int:
    """Plan, check, write, say; the exit code."""
    search = Search(options.wall_seconds, reporter(quiet=options.quiet))
    plan = plan_hand_back(reading.snapshot, options.handed_back, reading.transfer, search)
    files = hand_back_files(plan, begun.record(plan.stopped))
    if not written(Path(options.out), files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: json.loads(files["result.json"]), lambda: _say(plan, Path(options.out)))
    return exit_code(interrupted=plan.stopped == "cancelled", proven=plan.all_proven)


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
