"""``optimiser rounds fit FOLDER PACKAGE_ID``: each eligible provider's cheapest way to take a waiting package into its rounds."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from optimiser import exits
from optimiser.commands.rounds_inputs import Inputs, counter, read_inputs
from optimiser.commands.tables import print_table, table
from optimiser.county import County
from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.geography.travel_times.interface import TravelError
from optimiser.io.faults import InputRefusedError, clean, shown
from optimiser.io.rounds_plan import read_rounds_plan
from optimiser.processes import ProcessEndedError
from optimiser.rounds.fitting.cheapest_insertion import RoundsInMemory
from optimiser.rounds.fitting.eligible import Eligible
from optimiser.rounds.fitting.fit import Fit
from optimiser.rounds.fitting.fit_check import FitCheck
from optimiser.rounds.fitting.loading import refuse_other_shifts, refuse_other_travel
from optimiser.rounds.report.times import time_on_page
from optimiser.rounds.story import Order, build

SHOWN = 25


def run(options: argparse.Namespace) -> int:
    """Exit code 0 where somebody can take it whole, 3 where nobody can, 2 when the input is refused."""
    inputs = read_inputs(options)
    if inputs is None:
        return exits.REFUSED
    snapshot = inputs.snapshot
    package = next((each for each in snapshot.packages if each.package_id == options.package_id), None)
    eligible = Eligible(County.of(snapshot))
    if package is None or package.status != "new" or not eligible.visits[package.package_id]:
        expected = "a package of packages.csv that waits (status new) and has visits in visits.csv"
        print(f"Refused: PACKAGE_ID: expected {expected}; found {shown(options.package_id)}", file=sys.stderr)
        return exits.REFUSED
    providers = eligible.providers(package.package_id)
    try:
        plan, whole = _plan(options, inputs, providers)
        if not whole:
            print("Interrupted: nothing is said.", file=sys.stderr)
            return exits.INTERRUPTED
        fits, faults = _fits(plan, inputs, package, eligible.visits[package.package_id], providers)
    except (InputRefusedError, TravelError, ProcessEndedError) as refused:
        for fault in refused.faults if isinstance(refused, InputRefusedError) else ():
            print(fault.message(), file=sys.stderr)
        print(clean("Refused: --rounds." if isinstance(refused, InputRefusedError) else f"Refused: {refused}"), file=sys.stderr)
        return exits.REFUSED
    if faults:
        print(f"DEFECT: the check finds {len(faults)} fault(s) in what was found, so nothing is said.", file=sys.stderr)
        for said in faults[:SHOWN]:
            print(clean(f"  {said}"), file=sys.stderr)
        return exits.DEFECT
    names = {provider.provider_id: provider.name for provider in snapshot.providers}
    _say(package, fits, names, plan, most=options.most)
    print(f"Travel times: {inputs.travel.provenance}.")
    return exits.PROVEN if any(fit.is_whole for fit in fits) else exits.OPEN_GAPS


def _plan(options: argparse.Namespace, inputs: Inputs, providers: list[str]) -> tuple[RoundsPlan, bool]:
    """The rounds built before, or those of the eligible providers, built now; and whether they are whole."""
    if options.rounds is None:
        order = Order(inputs.snapshot, inputs.settings, inputs.workers, driving=inputs.travel)
        return build(order, providers, report=counter("providers planned", quiet=options.quiet))
    built = read_rounds_plan(Path(options.rounds), inputs.snapshot)
    refuse_other_travel(built, inputs.travel)
    refuse_other_shifts(built.plan, inputs.settings)
    return built.plan, True


def _fits(
    plan: RoundsPlan, inputs: Inputs, package: Package, visits: list[Visit], providers: list[str]
) -> tuple[list[Fit], list[str]]:
    """What each provider's rounds could do, and every fault that the check finds in that."""
    given = plan, inputs.snapshot, inputs.settings, inputs.travel, inputs.workers
    fits, check = RoundsInMemory(*given).fit(package, visits, providers), FitCheck(*given)
    return fits, [fault for fit in fits if fit.insertions for fault in check.faults(package, visits, fit)]


def _say(package: Package, fits: list[Fit], names: dict[str, str], plan: RoundsPlan, *, most: int) -> None:
    if not fits:
        print(f"No provider may be asked for {clean(package.package_id)}: optimiser explain says why.")
        return
    with_rounds = {each.provider_id for each in plan.rounds}
    made = table(
        f"Where {clean(package.package_id)} fits", "provider", "rounds", "extra minutes a week", "visits without room", left=2
    )
    for fit in fits[:most]:
        rounds = ", ".join(fit.round_ids) or ("no room" if fit.provider_id in with_rounds else "has no rounds")
        extra = f"{fit.extra_minutes:,}" if fit.insertions else ""
        made.add_row(clean(names[fit.provider_id]), clean(rounds), extra, str(len(fit.missing)))
    print_table(made)
    if len(fits) > most:
        print(f"{len(fits) - most} more (--most N).")
    best = fits[0]
    print(clean(f"{names[best.provider_id]}, day by day:"))
    for line in told(best):
        print(clean(f"  {line}"))


def told(fit: Fit) -> list[str]:
    """A fit in sentences: which round when, and who begins how much later; days that are alike together."""
    days: dict[str, list[str]] = defaultdict(list)
    for each in fit.insertions:
        time = f"{each.visit_id} at {time_on_page(each.start)}"
        days[f"{time} as number {each.position} of {each.round_id}"].append(each.day)
    for later in fit.shifted:
        days[f"{later.visit_id} of {later.round_id} {-(-later.seconds // 60)} minutes later"].append(later.day)
    lines = [f"{', '.join(on)}: {line}" for line, on in days.items()]
    if not fit.shifted:
        lines.append("Nobody begins later.")
    lines += [f"{day}: no round has room for {visit_id}" for visit_id, day in fit.missing if visit_id not in fit.barred]
    return [*lines, *(f"no shift can hold {visit_id}: {why}" for visit_id, why in fit.barred.items())]
