"""``optimiser cld FOLDER --from DATE --to DATE --out DIR``: the statutory return of client-level data, with its totals."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, day, replace, result, show_values, snapshot_folder
from optimiser.commands.shared.inputs import read_for_results
from optimiser.commands.shared.running import defect
from optimiser.commands.shared.saying import refused, refused_with, say, tell, written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from optimiser.commands.shared.arguments import Commands

ORDER = 412
SUMMARY = "the statutory return of client-level data (CLD): running care as services, with its totals"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "cld",
        description="Running care as the services of the national return of client-level data, in its headings and words, with"
        " totals and the codes of the public FHIR value sets. What a snapshot does not hold stays empty and is told: a map says"
        " in which columns of your own it is.",
        example="optimiser cld county --from 2026-10-01 --to 2026-12-31 --map return.toml --out return",
        run=run,
        arguments=_arguments,
    )


def _arguments(command: argparse.ArgumentParser) -> None:
    snapshot_folder(command)
    command.add_argument(
        "--from", required=True, type=day, dest="first", metavar="DATE", help="the first day of the reporting period"
    )
    command.add_argument("--to", required=True, type=day, dest="last", metavar="DATE", help="its last day")
    command.add_argument("--map", metavar="FILE", help="TOML: la_code, and the columns, words and services of your own")
    result(command, "the return")
    replace(command)
    show_values(command)
    as_json(command, "what client-level.json holds")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when the folder or the map is refused, or the days do not fit."""
    from pathlib import Path

    from optimiser.county import County
    from optimiser.io.faults import InputRefusedError
    from optimiser.ledger.client_level import ReportingPeriod, client_level
    from optimiser.ledger.client_level_map import ReturnMap, read_return_map
    from optimiser.ledger.price_changes import DoNotAddUpError

    out = Path(options.out)
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    own = reading.snapshot.extra.get("packages")
    try:
        by = read_return_map(Path(options.map), own.columns if own else ()) if options.map else ReturnMap()
        made = client_level(County.of(reading.snapshot), ReportingPeriod(options.first, options.last), by)
    except InputRefusedError as faults:
        return refused_with(faults)
    except DoNotAddUpError as found:
        return defect("the return does not add up, so nothing was written.", [str(found)])
    except ValueError as error:
        return refused(f"{error}. Nothing was written.")
    if not written(out, made.files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: made.record, lambda: _say(made.record, options.out))
    return exits.PROVEN


def _say(record: Mapping[str, Any], out: str) -> None:
    say(f"{record['events']:,} services, {record['hours_per_week']} hours a week, {record['weekly_gbp']} pounds a week.")
    missing = [each for each in record["left_empty"] if each["mandatory"]]
    if missing:
        say("Left empty, though the collection asks for it:")
    for each in missing:
        say(f"  {each['column']}: {each['lines']:,} line(s); {each['why']}.")
    for each in record["not_in_the_return"]:
        say(f"Not in the return: {each}.")
    say(f"Written to {out}, for you alone.")
