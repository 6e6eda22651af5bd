"""``optimiser allocate --everybody-free``: what the county would look like if all care were placed today, in totals alone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.inputs import read_for_results
from optimiser.commands.shared.running import Begun, exit_code, reporter
from optimiser.commands.shared.saying import complain, print_table, refused, say, table, tell, written

if TYPE_CHECKING:
    from optimiser.whatif.everybody_free.story import EverybodyFree

SHOWN = 15
"""Limits on a terminal; files hold all."""


def place_everybody(options: argparse.Namespace) -> int:
    """Writes ``everybody-free.json``, its tables and its page; the exit code."""
    faults = list(senseless_with_it(options))
    for each in faults:
        complain(each)
    if faults:
        return refused(f"{len(faults)} fault(s). Nothing was placed.")
    from optimiser.county import County
    from optimiser.rules.longest_first.book_of_a_county import rules_for
    from optimiser.whatif.everybody_free.report import everybody_free_files, everybody_free_record
    from optimiser.whatif.everybody_free.story import everybody_free

    begun, out = Begun(), Path(options.out)
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    county = County.of(reading.snapshot)
    made = everybody_free(county, rules_for(county.policy), seconds=options.wall_seconds, report=reporter(quiet=options.quiet))
    record = everybody_free_record(made)
    files = everybody_free_files(made, record, begun.record(made.stopped))
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: record, lambda: _say(made, record, out))
    return exit_code(interrupted=made.stopped == "cancelled", proven=made.all_proven)


def senseless_with_it(options: argparse.Namespace) -> list[str]:
    """What says who goes where, or for whom a run is: with everybody free and nobody told of, there is nothing for it to do."""
    given = {
        **{f"--only-{kind}": getattr(options, f"only_{kind}") for kind in ("area", "package", "round", "provider")},
        "--pin": options.pin,
        "--pins": options.pins,
        "--travel-by": options.travel_by,
        "--if-others-move": options.if_others_move,
        "--certificate": options.certificate,
    }
    why = "it places all care of the county afresh and tells totals alone; leave one of the two out"
    return [f"{name}: expected without --everybody-free: {why}" for name, value in given.items() if value]


def _say(made: EverybodyFree, record: dict[str, Any], out: Path) -> None:
    from optimiser.whatif.everybody_free.report import shown_levels
    from optimiser.whatif.everybody_free.small_counts import in_words

    few = in_words(None)
    shown = table("If all care were placed today", "level", "today", "afresh", "at least", "gap")
    for row in shown_levels(made):
        shown.add_row(*row)
    print_table(shown)
    in_the_way = record["limits_in_the_way"]
    if in_the_way:
        full = table("Which sizes stand in the way (hours per four weeks)", "limit", "allows", "today", "afresh")
        for each in in_the_way[:SHOWN]:
            used = (each[f"used_per_4w_{when}"] or few for when in ("today", "afresh"))
            full.add_row(each["said"], each["hours_per_4w"], *used)
        print_table(full)
        if len(in_the_way) > SHOWN:
            say(f"{len(in_the_way) - SHOWN:,} more in everybody-free-limits.csv.")
    say(record["what_it_is_not"])
    print(f"Written to {out}.")
