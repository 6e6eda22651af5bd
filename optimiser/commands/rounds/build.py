"""``optimiser rounds build FOLDER --out DIR``: weekly master rounds, checked, written whole or not at all."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, quiet, replace, result, show_values, snapshot_folder, staffing, workers
from optimiser.commands.shared.elsewhere import elsewhere
from optimiser.commands.shared.running import MOST_SHOWN, Begun, counter, defect, exit_code
from optimiser.commands.shared.saying import is_free, print_table, refused, refused_with, say, table, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.commands.shared.rounds_inputs import Inputs
    from optimiser.domain.rounds_plan import RoundsPlan
    from optimiser.domain.snapshot import Snapshot
    from optimiser.rounds.story import Order

ORDER = 10
SUMMARY = "plan weekly master rounds for the care that is running"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "build",
        description="Plan weekly master rounds for the care that is running: who visits whom on which day, when, and by which"
        " way. Whatever no shift can hold is listed as not planned.",
        example="optimiser rounds build data/three_villages --out rounds",
        run=run,
        arguments=_arguments,
    )


def _arguments(build: argparse.ArgumentParser) -> None:
    snapshot_folder(build)
    result(build, "the rounds")
    build.add_argument("--area", metavar="ID", help="the care in one area alone")
    build.add_argument("--provider", metavar="ID", help="the care of one provider alone")
    build.add_argument("--allocation", metavar="DIR", help="a result of allocate: plan also whom it places, where it places them")
    build.add_argument("--exact", action="store_true", help="maps with exact places, ids and times: personal data")
    replace(build)
    staffing(build)
    workers(build)
    quiet(build)
    show_values(build)
    as_json(build)


def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line: 0 when every visit is planned, 3 when some are listed as not planned, 130 when
    interrupted."""
    from pathlib import Path

    from optimiser.commands.shared.rounds_inputs import read_inputs
    from optimiser.geography.travel_times.interface import TravelError
    from optimiser.io.faults import InputRefusedError
    from optimiser.io.moves import with_placements
    from optimiser.processes import ProcessEndedError

    begun = Begun()
    if not is_free(Path(options.out), replace=options.replace):
        return exits.REFUSED
    inputs = read_inputs(options)
    if inputs is None:
        return exits.REFUSED
    try:
        snapshot = inputs.snapshot if options.allocation is None else with_placements(inputs.snapshot, Path(options.allocation))
    except InputRefusedError as faults:
        return refused_with(faults)
    provider_ids = _chosen(options, snapshot)
    if provider_ids is None:
        return exits.REFUSED
    try:
        return _build(options, inputs, snapshot, provider_ids, begun)
    except (TravelError, ProcessEndedError) as error:
        return refused(f"{error} Nothing was written.")


def _build(options: argparse.Namespace, inputs: Inputs, snapshot: Snapshot, provider_ids: tuple[str, ...], begun: Begun) -> int:
    import json
    from pathlib import Path

    from optimiser.rounds.report.files import rounds_files
    from optimiser.rounds.report.week_figures import by_visit
    from optimiser.rounds.story import Order, build

    out = Path(options.out)
    order = Order(snapshot, inputs.settings, inputs.workers, options.area or "", driving=inputs.travel)
    count = options.workers or 0
    report = counter("providers planned", quiet=options.quiet)
    with elsewhere(options) as cluster:
        plan, whole = build(order, provider_ids, processes=count, elsewhere=cluster, report=report)
    faults = _faults(order, plan, provider_ids)
    if faults:
        return defect(f"the check finds {len(faults)} fault(s) in the rounds, so nothing was written.", faults)
    record = begun.record("no" if whole else "cancelled")
    files = rounds_files(plan, snapshot, inputs.settings, record, exact=options.exact)
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: json.loads(files["result.json"]), lambda: _say(plan, order, out, whole=whole))
    return exit_code(interrupted=not whole, proven=not by_visit(plan.unserved))


def _faults(order: Order, plan: RoundsPlan, provider_ids: tuple[str, ...]) -> list[str]:
    from optimiser.rounds.check import Case, check, check_evenness

    case = Case(order.snapshot, order.settings, order.workers, plan, order.driving, order.walking, provider_ids, order.area_id)
    return check(case) or check_evenness(case)


def _chosen(options: argparse.Namespace, snapshot: Snapshot) -> tuple[str, ...] | None:
    """The providers to plan; None after an unknown id has been said."""
    from optimiser.io.faults import shown
    from optimiser.rounds.visits_by_shift import providers_with_care

    if options.area and options.area not in {area.area_id for area in snapshot.areas}:
        refused(f"--area: expected an area of areas.geojson; found {shown(options.area)}")
        return None
    if options.provider and options.provider not in {provider.provider_id for provider in snapshot.providers}:
        refused(f"--provider: expected a provider of providers.csv; found {shown(options.provider)}")
        return None
    found = providers_with_care(snapshot, options.area or "")
    chosen = tuple(name for name in found if options.provider in (None, name))
    if not chosen:
        refused("no care is running there, so there are no rounds to plan")
        return None
    return chosen


def _say(plan: RoundsPlan, order: Order, out: Path, *, whole: bool) -> None:
    from optimiser.rounds.report.week_figures import figure_rows, figures_of, in_words

    made = table("Rounds for a week", "figure", "value")
    for name, value in figure_rows(figures_of(plan, order.snapshot, order.settings)):
        made.add_row(name, value)
    print_table(made)
    for line in in_words(plan.unserved, MOST_SHOWN):
        say(line)
    packages = sum(not each.visit_id for each in plan.unserved)
    if packages:
        print(f"{packages} package(s) without visits in visits.csv are not planned; unserved.csv lists them.")
    print("Checked: every rule of rounds holds. No claim is made that no better rounds exist.")
    if not whole:
        print("Interrupted: providers that were not reached are listed in unserved.csv.")
    print(f"Written to {out}.")
