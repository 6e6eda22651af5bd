"""``optimiser rehearse FOLDER --settings FILE``: who would wait longer if a setting were another, before it is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, count, count_from_one, snapshot_folder, solving
from optimiser.commands.shared.inputs import read_for_results
from optimiser.commands.shared.running import counter, exit_code, telling_defects
from optimiser.commands.shared.saying import print_table, refused, refused_with, table, tell, written

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.policy import Policy
    from optimiser.domain.snapshot import Snapshot
    from optimiser.whatif.rehearse.who_waited import Rehearsal

ORDER = 235
SUMMARY = "who would wait longer if a setting were another: the same nights under both"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "rehearse",
        description="Who would wait longer if a setting were another: nights of invented requests, the same under today's"
        " settings and under those proposed, each allocated and checked. By hours, care workers, need, rurality, priority and"
        " source.",
        example="optimiser rehearse data/three_villages --settings proposed.toml --nights 14 --requests 0.5 --out rehearsal",
        run=run,
        arguments=_arguments,
    )


def _arguments(rehearse: argparse.ArgumentParser) -> None:
    snapshot_folder(rehearse)
    rehearse.add_argument("--settings", required=True, metavar="FILE", help="TOML with a [policy] table: the settings proposed")
    rehearse.add_argument("--nights", type=count_from_one, default=90, metavar="N", help="how many (default: %(default)s)")
    rehearse.add_argument(
        "--requests", type=_requests, metavar="N", help="how many are asked for in a night (default: as care has begun of late)"
    )
    rehearse.add_argument("--seed", type=count, default=1, metavar="N", help="other requests for another (default: %(default)s)")
    rehearse.add_argument(
        "--decide", action="store_true", help="whoever was passed over passed_over_limit times is placed first, as if by decision"
    )
    rehearse.add_argument("--out", metavar="DIR", help="folder for rehearsal.csv and rehearsal.json; made whole or not at all")
    solving(rehearse)
    as_json(rehearse, "what rehearsal.json holds")


def _requests(text: str) -> Fraction:
    from fractions import Fraction

    try:
        found = Fraction(text) if len(text) < 20 else Fraction(-1)
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if not 0 <= found <= 10_000:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 10000, found {text!r}")
    return found


@telling_defects
def run(options: argparse.Namespace) -> int:
    """One table; ``rehearsal.csv`` and ``rehearsal.json`` where a folder is named."""
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.io.folders import pretty
    from optimiser.whatif.rehearse.proposed import read_proposed
    from optimiser.whatif.rehearse.to_come import CannotRehearseError
    from optimiser.whatif.rehearse.who_waited import rehearsal_record, rehearsal_table

    out = Path(options.out) if options.out else None
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    try:
        made = _rehearsed(options, reading.snapshot, read_proposed(Path(options.settings), reading.snapshot.policy))
    except InputRefusedError as faults:
        return refused_with(faults)
    except CannotRehearseError as cannot:
        return refused(str(cannot))
    record = rehearsal_record(made)
    files = {"rehearsal.csv": rehearsal_table(record), "rehearsal.json": pretty(record)}
    if out is not None and not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: record, lambda: _say(record, out))
    return exit_code(interrupted=not made.complete, proven=made.all_proven)


def _rehearsed(options: argparse.Namespace, snapshot: Snapshot, proposed: Policy) -> Rehearsal:
    from optimiser.solving.outcome import Effort
    from optimiser.whatif.rehearse.story import Nights, rehearsed
    from optimiser.whatif.rehearse.to_come import drawn, requests_a_night
    from optimiser.whatif.rehearse.who_waited import Rehearsal

    a_night = requests_a_night(snapshot) if options.requests is None else options.requests
    to_come = drawn(snapshot, options.nights, a_night, options.seed)
    effort, tick = Effort(wall_seconds=options.wall_seconds), counter("nights rehearsed", quiet=options.quiet)

    def under(policy: Policy, earlier: int) -> Nights:
        return rehearsed(
            snapshot,
            to_come,
            policy,
            effort,
            decide=options.decide,
            after_a_night=lambda night: tick(earlier + night, 2 * options.nights),
        )

    today = under(snapshot.policy, 0)
    after = under(proposed, options.nights) if today.complete else Nights(complete=False)
    return Rehearsal(snapshot, proposed, options.nights, a_night, options.seed, options.decide, today, after)


def _say(record: dict[str, Any], out: Path | None) -> None:
    for name, values in record["changed"].items():
        print(f"{name}: {values['today']} today, {values['proposed']} proposed.")
    made = table(
        f"{record['nights']} nights, nights waited", "by", "group", "people", "today", "proposed", "longer", "shorter",
        "still waiting today", "still waiting proposed", left=2, wrap=True,
    )  # fmt: skip
    told = ("people", "nights_waited_today", "nights_waited_proposed", "wait_longer", "wait_shorter", "still_waiting_today",
            "still_waiting_proposed")  # fmt: skip
    for row in record["groups"]:
        made.add_row(row["by"], row["group"], *(f"{row[name]:,}" for name in told))
    print_table(made)
    over = record["passed_over"]
    print(
        f"Passed over though there was room: at most {over['most_nights_today']} nights today,"
        f" {over['most_nights_proposed']} proposed."
        + (
            f" Decisions: {over['decisions_today']} today, {over['decisions_proposed']} proposed."
            if record["named_decisions"]
            else ""
        )
    )
    print(record["estimate"])
    if not record["complete"]:
        print("Interrupted: the nights after that are missing, so nothing can be compared.")
    if out is not None:
        print(f"Written to {out}.")
