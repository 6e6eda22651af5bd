"""``optimiser size FOLDER``: how many hours contracts should have so that shares hold and little need stays unmet."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import (
    as_json,
    count,
    count_from_one,
    day,
    four_week_hours,
    quiet,
    replace,
    show_values,
    snapshot_folder,
    workers,
)
from optimiser.commands.shared.elsewhere import elsewhere
from optimiser.commands.shared.inputs import read_for_results
from optimiser.commands.shared.running import counter, telling_defects
from optimiser.commands.shared.saying import print_table, refused, refused_with, say_lines, table, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.snapshot import Snapshot
    from optimiser.forecasting.sizing.story import Sizing

ORDER = 236
SUMMARY = "how many hours contracts should have so that shares hold and little need stays unmet, in most draws"
HUNDRED = 100


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "size",
        description="How many hours the principal and framework contracts of each area should have so that shares hold and unmet"
        " need stays at or below a mark in most draws of a forecast: the fewest found by playing the draws with other hours, then"
        " tried on draws that the search has not seen; and what hinders where hours alone cannot.",
        example="optimiser size data/demonstration --given forecast.toml --until 2027-11-22 --draws 100 --out sizes",
        run=run,
        arguments=_arguments,
    )


def _arguments(size: argparse.ArgumentParser) -> None:
    snapshot_folder(size)
    size.add_argument("--given", metavar="FILE", required=True, help="rates (TOML), as of a forecast: see data/README.md")
    size.add_argument("--until", type=day, metavar="DATE", required=True, help="the last day")
    size.add_argument("--mark-unmet", type=four_week_hours, default="40", metavar="HOURS",
                      help="the most unmet need of an area in a week, in hours a week (default: %(default)s)")  # fmt: skip
    size.add_argument("--in-draws", type=count_from_one, default=95, metavar="PERCENT",
                      help="in how many percent of draws the marks are to hold (default: %(default)s)")  # fmt: skip
    size.add_argument("--last-weeks", type=count_from_one, metavar="N",
                      help="the weeks at the end of a draw that are looked at (default: 13, or all if fewer)")  # fmt: skip
    size.add_argument("--draws", type=count_from_one, default=100, metavar="N", help="of the search (default: %(default)s)")
    size.add_argument("--fresh-draws", type=count_from_one, default=100, metavar="N",
                      help="that the search has not seen (default: %(default)s)")  # fmt: skip
    size.add_argument("--step", type=count_from_one, default=80, metavar="HOURS",
                      help="how finely hours are told, per four weeks (default: %(default)s)")  # fmt: skip
    size.add_argument("--seed", type=count, default=1, metavar="N", help="other draws for another (default: %(default)s)")
    workers(size)
    size.add_argument(
        "--out", metavar="DIR", help="folder for sizes.html, sizes.csv, sizes-areas.csv and sizes.json; made whole or not at all"
    )
    replace(size)
    quiet(size)
    show_values(size)
    as_json(size, "what sizes.json holds")


@telling_defects
def run(options: argparse.Namespace) -> int:
    """The areas on a terminal; a page, tables and ``sizes.json`` where a folder is named."""
    from pathlib import Path

    from optimiser.forecasting.answers_record import CannotForecastError
    from optimiser.forecasting.sizing.report import sizes_files, sizes_record
    from optimiser.forecasting.sizing.story import StoppedEarlyError
    from optimiser.io.faults import InputRefusedError
    from optimiser.processes import ProcessEndedError

    if options.in_draws > HUNDRED:
        return refused(f"--in-draws: expected at most {HUNDRED} percent. Nothing was written.")
    out = Path(options.out) if options.out else None
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    try:
        made = _made(options, reading.snapshot)
    except InputRefusedError as faults:
        return refused_with(faults)
    except CannotForecastError as cannot:
        return refused(f"{cannot}.")
    except ProcessEndedError as ended:
        return refused(str(ended))
    except StoppedEarlyError as stopped:
        refused(f"Interrupted {stopped}: hours that a search has not ended with are no answer. Nothing was written.")
        return exits.INTERRUPTED
    record = sizes_record(made)
    if out is not None and not written(out, sizes_files(made, record), replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: record, lambda: _say(record, out))
    return exits.PROVEN


def _made(options: argparse.Namespace, snapshot: Snapshot) -> Sizing:
    from fractions import Fraction
    from pathlib import Path

    from optimiser.forecasting.rates_file import read_given
    from optimiser.forecasting.sizing.story import LAST_WEEKS, Asked, sizing
    from optimiser.forecasting.story import course_of

    course = course_of(snapshot, read_given(Path(options.given), snapshot, None), until=options.until, seed=options.seed)
    asked = Asked(
        options.mark_unmet,
        Fraction(options.in_draws, HUNDRED),
        options.draws,
        options.fresh_draws,
        options.step,
        options.last_weeks or min(LAST_WEEKS, course.weeks),
    )
    with elsewhere(options) as cluster:
        return sizing(
            course,
            asked,
            workers=options.workers or 0,
            elsewhere=cluster,
            report=lambda number: counter(f"draws of round {number}", quiet=options.quiet),
        )


def _say(record: dict[str, Any], out: Path | None) -> None:
    made = table(
        f"In how many of {record['draws']} draws an area's marks hold; hours per four weeks",
        "area", "today", "found", "as good as can be", "principal", "framework", left=1, wrap=True,
    )  # fmt: skip
    for area in record["areas"]:
        hours = {"principal": 0, "framework": 0}
        for row in record["contracts"]:
            if row["area_id"] == area["area_id"]:
                hours[row["tier"]] += row["hours_4w_found"]
        counts = (area["held_today"], area["held_with_found"], area["as_good_with_found"], *hours.values())
        made.add_row(area["area_id"], *(str(each) for each in counts))
    print_table(made)
    say_lines(record["said"])
    if out is not None:
        print(f"Written to {out}. Begin with sizes.html.")
