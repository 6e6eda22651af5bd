"""``optimiser uplift FOLDER --proposal FILE --from DATE --out DIR``: what a proposed uplift costs, before it is decided."""

from __future__ import annotations

import argparse
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, day, quiet, replace, result, show_values, snapshot_folder
from optimiser.commands.shared.inputs import read_for_results
from optimiser.commands.shared.running import MOST_SHOWN, Begun, defect
from optimiser.commands.shared.saying import refused, refused_with, say_lines, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.io.reading import Reading

ORDER = 411
SUMMARY = "what a proposed uplift of prices costs this year and the next, and what is committed against a budget"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "uplift",
        description="A proposed uplift by tier, contract or band from a day on: what running care costs more in that financial"
        " year and the next, whether a block contract gets more than the market, who stays below what a sustainable hour costs,"
        " and what is committed to the end of the year by tier and area against a budget. Nothing is decided or changed.",
        example="optimiser uplift county --proposal proposal.csv --from 2027-04-05 --market-percent 5 --out uplift",
        run=run,
        arguments=_arguments,
    )


def _arguments(uplift: argparse.ArgumentParser) -> None:
    snapshot_folder(uplift)
    uplift.add_argument("--proposal", required=True, metavar="FILE", help="CSV: contract_id or tier, band, percent or new_rate")
    uplift.add_argument("--from", required=True, type=day, dest="starts", metavar="DATE", help="the first day of the new prices")
    uplift.add_argument("--budget", metavar="FILE", help="CSV: tier, area_id, budget_gbp and spent_gbp of this financial year")
    uplift.add_argument(
        "--market-percent", type=percent, metavar="P", help="what the wider market gets: a block's uplift is at most this"
    )
    uplift.add_argument(
        "--sustainable-hour",
        type=pounds_an_hour,
        metavar="POUNDS",
        help="what a sustainable hour costs; there is no default, and --sustainable-source says who found it",
    )
    uplift.add_argument("--sustainable-source", default="", metavar="WORDS", help="where that figure is from")
    result(uplift, "the tables")
    replace(uplift)
    quiet(uplift)
    show_values(uplift)
    as_json(uplift, "what uplift.json holds")


def percent(text: str) -> Fraction:
    """A percentage from 0 to 100."""
    if not re.fullmatch(r"\d{1,2}(\.\d{1,4})?|100", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"expected a percentage such as 5 or 5.25, found {text!r}")
    return Fraction(text)


def pounds_an_hour(text: str) -> int:
    """Pounds with at most two decimals, as pence."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"expected pounds an hour such as 28.53, found {text!r}")
    return int(Fraction(text) * 100)


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when something is refused; 4 when the check comes to something else."""
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.ledger.uplift_report import UpliftNotConfirmedError

    begun, out = Begun(), Path(options.out)
    if (options.sustainable_hour is None) != (options.sustainable_source == ""):
        return refused("--sustainable-hour and --sustainable-source go together. Nothing was written.")
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    try:
        return _uplift(options, reading, out, begun)
    except InputRefusedError as faults:
        return refused_with(faults)
    except UpliftNotConfirmedError as found:
        return defect("the check does not confirm the uplift, so nothing was written.", found.faults[:MOST_SHOWN])


def _uplift(options: argparse.Namespace, reading: Reading, out: Path, begun: Begun) -> int:
    """Read, work out, check, write, say."""
    from pathlib import Path

    from optimiser.county import County
    from optimiser.domain.proposals import Measures
    from optimiser.io.uplift_files import read_budget, read_proposal
    from optimiser.ledger.uplift_report import summary, uplift_files
    from optimiser.ledger.uplifts import work_out

    proposal = read_proposal(Path(options.proposal), options.starts, reading.snapshot)
    budget = read_budget(Path(options.budget), reading.snapshot) if options.budget else ()
    measures = Measures(options.market_percent, options.sustainable_hour, options.sustainable_source)
    files, record = uplift_files(work_out(County.of(reading.snapshot), proposal, measures, budget), begun.record("no"))
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: record, lambda: say_lines((*summary(record), f"Written to {out}, for you alone.")))
    return exits.PROVEN
