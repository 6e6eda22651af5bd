"""``optimiser forecast FOLDER``: what may come, week by week, if rates stay as they are given."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import (
    as_json,
    count,
    count_from_one,
    day,
    quiet,
    replace,
    show_values,
    snapshot_folder,
    workers,
)
from optimiser.commands.shared.elsewhere import elsewhere
from optimiser.commands.shared.inputs import read_for_results, read_or_refuse
from optimiser.commands.shared.running import counter, telling_defects
from optimiser.commands.shared.saying import print_table, refused, refused_with, say, table, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.snapshot import Snapshot
    from optimiser.forecasting.backcast import Backcast
    from optimiser.forecasting.story import Forecast

ORDER = 237
SUMMARY = "what may come week by week: unmet need, waits, shares, legacy and cost, as bands of many draws"
PRESET_NAMES = ("legacy-2029", "winter", "go-live", "turnover-alone")
"""Written here too, so that help needs nothing but this file."""


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "forecast",
        description="What may come, week by week, if rates stay as they are given: the county is played forward many times, and"
        " places"
        " are found as a planner finds them, by the same rules. Bands of unmet need, waits, shares, legacy hours, cost and"
        " guarantees"
        " unused, by area; what drives them; and everything that is taken for granted.",
        example="optimiser forecast data/demonstration --given forecast.toml --until 2027-11-22 --draws 100 --out forecast",
        run=run,
        arguments=_arguments,
    )


def _arguments(forecast: argparse.ArgumentParser) -> None:
    snapshot_folder(forecast)
    forecast.add_argument("--given", metavar="FILE", help="rates (TOML): see data/README.md")
    forecast.add_argument(
        "--counts", metavar="FILE", help="counts of days by area, as /v1/trends answers them: rates where none are given"
    )
    forecast.add_argument("--until", type=day, metavar="DATE", help="the last day (default: that of the preset)")
    forecast.add_argument("--preset", choices=PRESET_NAMES, help="a question asked often, with its horizon and what it changes")
    forecast.add_argument("--draws", type=count_from_one, default=100, metavar="N", help="how many (default: %(default)s)")
    forecast.add_argument("--seed", type=count, default=1, metavar="N", help="other draws for another (default: %(default)s)")
    forecast.add_argument("--decide", choices=("cascade", "optimiser"), default="cascade",
                          help="how places are found: one person at a time as a planner does, or all together (small"
                               " counties)")  # fmt: skip
    forecast.add_argument("--from", dest="earlier", metavar="FOLDER",
                          help="backcast: begin with this earlier snapshot, and judge what it foretells by the other"
                               " folder")  # fmt: skip
    forecast.add_argument("--sensitivity-draws", type=count, default=5, metavar="N",
                          help="draws in which each rate is moved alone; 0: none (default: %(default)s)")  # fmt: skip
    forecast.add_argument(
        "--name-providers", action="store_true", help="name providers, for commissioners alone; else they are numbered"
    )
    workers(forecast)
    forecast.add_argument(
        "--out", metavar="DIR", help="folder for index.html, forecast.json and tables; made whole or not at all"
    )
    replace(forecast)
    quiet(forecast)
    show_values(forecast)
    as_json(forecast, "what forecast.json holds")


@telling_defects
def run(options: argparse.Namespace) -> int:
    """The figures of the county on a terminal; ``index.html``, ``forecast.json`` and tables where a folder is named."""
    from pathlib import Path

    from optimiser.forecasting.answers_record import CannotForecastError
    from optimiser.forecasting.backcast import judged_by
    from optimiser.forecasting.report import forecast_files, forecast_record
    from optimiser.io.faults import InputRefusedError
    from optimiser.processes import ProcessEndedError

    out = Path(options.out) if options.out else None
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    earlier = None
    if options.earlier is not None:
        earlier = read_or_refuse(options.earlier, show_values=options.show_values, writes=out is not None)
        if earlier is None:
            return exits.REFUSED
    try:
        made = _made(options, reading.snapshot, None if earlier is None else earlier.snapshot)
    except InputRefusedError as faults:
        return refused_with(faults)
    except CannotForecastError as cannot:
        return refused(f"{cannot}.")
    except ProcessEndedError as ended:
        return refused(str(ended))
    if not made.draws.made:
        return exits.INTERRUPTED
    backcast = None if earlier is None else judged_by(made, reading.snapshot)
    record = forecast_record(made, backcast)
    if out is not None:
        files = forecast_files(made, record, backcast, named=options.name_providers)
        if not written(out, files, replace=options.replace):
            return exits.REFUSED
    tell(options, lambda: record, lambda: _say(record, backcast, out))
    return exits.PROVEN if made.complete else exits.INTERRUPTED


def _made(options: argparse.Namespace, later: Snapshot, earlier: Snapshot | None) -> Forecast:
    from pathlib import Path

    from optimiser.forecasting.answers_record import CannotForecastError
    from optimiser.forecasting.backcast import comparable
    from optimiser.forecasting.daily_counts import rates_of_counts
    from optimiser.forecasting.rates_file import read_given
    from optimiser.forecasting.story import course_of, forecast

    first = earlier or later
    if earlier is not None:
        comparable(earlier, later)
    derived = None if options.counts is None else rates_of_counts(Path(options.counts), first)
    if options.given is not None:
        given = read_given(Path(options.given), first, derived)
    elif derived is not None:
        given = derived
    else:
        raise CannotForecastError(
            "how many people are asked for in a week, and which part of needs ends, is not in a snapshot: give both in a file"
            " of rates"
            " (--given FILE), or the service's counts of days (--counts FILE)"
        )
    course = course_of(
        first,
        given,
        preset=options.preset or "",
        until=options.until or (None if earlier is None else later.as_of),
        seed=options.seed,
        decide=options.decide,
    )
    with elsewhere(options) as cluster:
        return forecast(
            course,
            options.draws,
            preset=options.preset or "",
            sensitivity_draws=options.sensitivity_draws,
            workers=options.workers or 0,
            elsewhere=cluster,
            report=counter("draws", quiet=options.quiet),
        )


def _say(record: dict[str, Any], backcast: Backcast | None, out: Path | None) -> None:
    made = table(
        f"The county, {record['draws']} draws: the first week, and after {record['weeks']} weeks",
        "figure", "unit", "first", "80% from", "median", "to", left=2, wrap=True,
    )  # fmt: skip
    for figure in record["county"].values():
        made.add_row(
            figure["words"], figure["unit"], figure["median"][0], *(figure[name][-1] for name in ("low_80", "median", "high_80"))
        )
    print_table(made)
    if backcast is not None:
        for said in record["backcast"]["said"]:
            say(said)
    say(f"Checked: {record['checked']['events']:,} events of the first draw replayed against the rules; all hold.")
    if not record["complete"]:
        print("Interrupted: only the draws that were done are counted.")
    if out is not None:
        print(f"Written to {out}. Begin with index.html.")
