"""``optimiser bridge FOLDER --out DIR``: which visits that cannot wait running rounds and contracts can still take today."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, result, snapshot_folder, solving
from optimiser.commands.shared.inputs import read_or_refuse, say_notes
from optimiser.commands.shared.running import MOST_SHOWN, Begun, defect, exit_code, reporter
from optimiser.commands.shared.saying import is_free, print_table, table, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.bridging.story import Bridge
    from optimiser.commands.shared.arguments import Commands

ORDER = 156
SUMMARY = "people wait: which visits that cannot wait can still be covered today, in three alternatives; it chooses none"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "bridge",
        description="Care with an end date for the visits that cannot wait (medication, getting up, meals, bed) of people who"
        " have nobody: what running rounds and contracts can still take today, in three strict orders side by side. A named"
        " person chooses; nobody is asked, and nothing changes.",
        example="optimiser bridge data/three_villages --out bridge",
        run=run,
        arguments=_arguments,
    )


def _arguments(bridge: argparse.ArgumentParser) -> None:
    snapshot_folder(bridge)
    result(bridge, "the alternatives")
    solving(bridge)
    as_json(bridge)


def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line."""
    from pathlib import Path

    from optimiser.bridging.report import BridgeNotConfirmedError

    begun, out = Begun(), Path(options.out)
    if not is_free(out, replace=options.replace):
        return exits.REFUSED
    try:
        return _bridge(options, out, begun)
    except BridgeNotConfirmedError as found:
        return defect("the check does not confirm the bridge, so nothing was written.", found.faults[:MOST_SHOWN])


def _bridge(options: argparse.Namespace, out: Path, begun: Begun) -> int:
    """Read, plan, check, write, say."""
    import json

    from optimiser.bridging.report import bridge_files
    from optimiser.bridging.story import plan_bridge
    from optimiser.solving.outcome import Effort

    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return exits.REFUSED
    say_notes(reading.notes)
    bridge = plan_bridge(reading.snapshot, effort=Effort(wall_seconds=options.wall_seconds), report=reporter(quiet=options.quiet))
    files = bridge_files(bridge, begun.record(bridge.stopped))
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: json.loads(files["bridge.json"]), lambda: _say(bridge, out))
    return exit_code(interrupted=bridge.stopped == "cancelled", proven=bridge.all_proven)


def _say(bridge: Bridge, out: Path) -> None:
    """Counts alone."""
    from optimiser.bridging.explain import summary
    from optimiser.bridging.report import notes
    from optimiser.commands.transfer.telling import INTERRUPTED
    from optimiser.domain.level_result import level_row

    columns = ("level", "unit", "value", "bound", "proven")
    for plan in bridge.plans:
        made = table(plan.name, *columns, left=2)
        for level in plan.levels:
            row = level_row(level, open_by=lambda each: f"gap {each.gap:.2%}")
            made.add_row(*(row[column] for column in columns))
        print_table(made)
        print(summary(bridge, plan))
    differ = sum(map(bridge.differs, bridge.case.people))
    print(f"The alternatives differ for {differ} of {len(bridge.case.people)} people.")
    _by_group(bridge)
    for note in notes(bridge):
        print(note)
    if bridge.stopped == "cancelled":
        print(INTERRUPTED)
    print(f"Checked: every rule and limit holds in each. Written to {out}; read {out / 'bridge.html'} first.")


def _by_group(bridge: Bridge) -> None:
    """Whether it reaches those who come last: by the hours of their care, and by care workers."""
    from optimiser.bridging.by_group import by_group

    figures = ("people_all", "people_some", "people_none", "hours_covered", "hours_not_covered")
    heads = ("with all", "with some", "with none", "hours covered", "hours not covered")
    made = table("Visits that cannot wait, by who waits", "by", "group", "alternative", "people", *heads, left=3)
    rows = [(plan.name, by_group(bridge, plan)) for plan in bridge.plans]
    for same in zip(*(told for _, told in rows), strict=True):
        for (name, _), each in zip(rows, same, strict=True):
            made.add_row(each["by"], each["group"], name, *(str(each[figure]) for figure in ("people", *figures)))
    print_table(made)
