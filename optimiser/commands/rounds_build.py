"""``optimiser rounds build FOLDER --out DIR``: weekly master rounds, checked, written whole or not at all."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path
from typing import Any

from optimiser import exits
from optimiser.commands.outputs import is_free, written
from optimiser.commands.rounds_inputs import counter, read_inputs
from optimiser.commands.tables import print_table, table
from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import StaffingSettings
from optimiser.geography.travel_times.interface import TravelError
from optimiser.io.faults import InputRefusedError, clean, shown
from optimiser.io.folders import pretty
from optimiser.io.placements import with_placements
from optimiser.io.run_record import run_record
from optimiser.io.spreadsheets import spreadsheet
from optimiser.processes import ProcessEndedError
from optimiser.rounds.check import Case, check, check_evenness
from optimiser.rounds.report import tables
from optimiser.rounds.report.geojson import rounds_geojson
from optimiser.rounds.report.page import rounds_page
from optimiser.rounds.report.visits_left import by_visit, in_words, record_of
from optimiser.rounds.report.week_figures import figure_rows, figures_by_provider, figures_of, figures_record
from optimiser.rounds.story import Order, build
from optimiser.rounds.visits_by_shift import providers_with_care
from optimiser.version import FORMAT, SOFTWARE

MOST_SHOWN = 20


def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line: 0 when every visit is planned, 3 when some are listed as not planned, 130 when
    interrupted."""
    started, clock = dt.datetime.now(dt.UTC), time.perf_counter()
    out = Path(options.out)
    if not is_free(out, replace=options.replace):
        return exits.REFUSED
    inputs = read_inputs(options)
    if inputs is None:
        return exits.REFUSED
    try:
        snapshot = inputs.snapshot if options.allocation is None else with_placements(inputs.snapshot, Path(options.allocation))
    except InputRefusedError as refused:
        for fault in refused.faults:
            print(fault.message(), file=sys.stderr)
        return _refused(f"{len(refused.faults)} fault(s). Nothing was written.")
    staffing, workers = inputs.settings, inputs.workers
    provider_ids = _chosen(options, snapshot)
    if provider_ids is None:
        return exits.REFUSED
    order = Order(snapshot, staffing, workers, options.area or "", driving=inputs.travel)
    try:
        plan, whole = build(order, provider_ids, report=counter("providers planned", quiet=options.quiet))
    except (TravelError, ProcessEndedError) as error:
        return _refused(f"{error} Nothing was written.")
    case = Case(snapshot, staffing, workers, plan, order.driving, order.walking, provider_ids, order.area_id)
    faults = check(case) or check_evenness(case)
    if faults:
        return _defect(faults)
    run = run_record("no" if whole else "cancelled", started, time.perf_counter() - clock)
    if not written(out, files(plan, snapshot, staffing, run, exact=options.exact), replace=options.replace):
        return exits.REFUSED
    _say(plan, snapshot, staffing, out, whole=whole)
    if not whole:
        return exits.INTERRUPTED
    return exits.OPEN_GAPS if by_visit(plan.unserved) else exits.PROVEN


def files(
    plan: RoundsPlan, snapshot: Snapshot, settings: StaffingSettings, run: dict[str, Any], *, exact: bool
) -> dict[str, bytes]:
    """The content of each file of a result. ``exact``: maps with places, ids and times."""
    figures = figures_of(plan, snapshot, settings)
    record = {
        "format": FORMAT,
        "software": SOFTWARE,
        "snapshot_digest": snapshot.digest(),
        "title": snapshot.title,
        "as_of": str(snapshot.as_of),
        "travel": plan.travel,
        "figures": figures_record(figures),
        **({"not_planned": barred} if (barred := record_of(plan.unserved)) else {}),
        "providers": {name: figures_record(each) for name, each in figures_by_provider(plan, snapshot, settings).items()},
    }
    return {
        "rounds_planned.csv": spreadsheet(tables.ROUNDS, tables.round_rows(plan)),
        "visits_planned.csv": spreadsheet(tables.VISITS, tables.visit_rows(plan)),
        "unserved.csv": spreadsheet(tables.UNSERVED, tables.unserved_rows(plan.unserved)),
        "rounds.geojson": rounds_geojson(plan, snapshot, exact=exact),
        "rounds.html": rounds_page(plan, snapshot, figure_rows(figures), exact=exact),
        "result.json": pretty(record),
        "run.json": pretty(run),
    }


def _refused(why: str) -> int:
    print(clean(f"Refused: {why}"), file=sys.stderr)
    return exits.REFUSED


def _defect(faults: list[str]) -> int:
    print(f"DEFECT: the check finds {len(faults)} fault(s) in the rounds, so nothing was written.", file=sys.stderr)
    for said in faults[:MOST_SHOWN]:
        print(clean(f"  {said}"), file=sys.stderr)
    print("This is a mistake in the software, not in your data. Please report it with the lines above.", file=sys.stderr)
    return exits.DEFECT


def _chosen(options: argparse.Namespace, snapshot: Snapshot) -> tuple[str, ...] | None:
    """The providers to plan; None after an unknown id has been said."""
    if options.area and options.area not in {area.area_id for area in snapshot.areas}:
        _refused(f"--area: expected an area of areas.geojson; found {shown(options.area)}")
        return None
    if options.provider and options.provider not in {provider.provider_id for provider in snapshot.providers}:
        _refused(f"--provider: expected a provider of providers.csv; found {shown(options.provider)}")
        return None
    found = providers_with_care(snapshot, options.area or "")
    chosen = tuple(name for name in found if options.provider in (None, name))
    if not chosen:
        _refused("no care is running there, so there are no rounds to plan")
        return None
    return chosen


def _say(plan: RoundsPlan, snapshot: Snapshot, settings: StaffingSettings, out: Path, *, whole: bool) -> None:
    made = table("Rounds for a week", "figure", "value")
    for name, value in figure_rows(figures_of(plan, snapshot, settings)):
        made.add_row(name, value)
    print_table(made)
    for line in in_words(plan.unserved, MOST_SHOWN):
        print(clean(line))
    packages = sum(not each.visit_id for each in plan.unserved)
    if packages:
        print(f"{packages} package(s) without visits in visits.csv are not planned; unserved.csv lists them.")
    print("Checked: every rule of rounds holds. No claim is made that no better rounds exist.")
    if not whole:
        print("Interrupted: providers that were not reached are listed in unserved.csv.")
    print(f"Written to {out}.")
