"""``optimiser rounds fit FOLDER PACKAGE_ID``: each eligible provider's cheapest way to take a waiting package into its rounds."""

from __future__ import annotations

import argparse
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import PACKAGE_ID, as_json, count, quiet, show_values, snapshot_folder, staffing, workers
from optimiser.commands.shared.elsewhere import elsewhere
from optimiser.commands.shared.running import counter, defect
from optimiser.commands.shared.saying import complain, print_table, refused, say, table, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.commands.shared.rounds_inputs import Inputs
    from optimiser.domain.records import Package, Visit
    from optimiser.domain.rounds_plan import RoundsPlan
    from optimiser.rounds.fitting.fit import Fit

ORDER = 30
SUMMARY = "where a waiting package fits into the rounds of each provider that may be asked"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "fit",
        description="Where a waiting package fits into the rounds of each provider that may be asked: the cheapest way to take it"
        " in, how many minutes more that is, and who would begin later.",
        example="optimiser rounds fit data/three_villages N4",
        run=run,
        arguments=_arguments,
    )


def _arguments(fit: argparse.ArgumentParser) -> None:
    snapshot_folder(fit)
    fit.add_argument("package_id", metavar="PACKAGE_ID", help=PACKAGE_ID)
    fit.add_argument("--rounds", metavar="DIR", help="a result of rounds build (default: the providers' rounds are built first)")
    fit.add_argument("--most", type=count, default=10, metavar="N", help="show so many providers (default: %(default)s)")
    staffing(fit)
    workers(fit)
    quiet(fit)
    show_values(fit)
    as_json(fit, "every provider's fit")


def run(options: argparse.Namespace) -> int:
    """Exit code 0 where somebody can take it whole, 3 where nobody can, 2 when the input is refused."""
    from optimiser.commands.shared.rounds_inputs import read_inputs
    from optimiser.county import County
    from optimiser.geography.travel_times.interface import TravelError
    from optimiser.io.faults import InputRefusedError, shown
    from optimiser.processes import ProcessEndedError
    from optimiser.rounds.fitting.fit import Eligible

    inputs = read_inputs(options)
    if inputs is None:
        return exits.REFUSED
    package = next((each for each in inputs.snapshot.packages if each.package_id == options.package_id), None)
    eligible = Eligible(County.of(inputs.snapshot))
    if package is None or package.status != "new" or not eligible.visits[package.package_id]:
        expected = "a package of packages.csv that waits (status new) and has visits in visits.csv"
        return refused(f"PACKAGE_ID: expected {expected}; found {shown(options.package_id)}")
    providers = eligible.providers(package.package_id)
    try:
        plan, whole = _plan(options, inputs, providers)
        if not whole:
            complain("Interrupted: nothing is said.")
            return exits.INTERRUPTED
        fits, faults = _fits(plan, inputs, package, eligible.visits[package.package_id], providers)
    except InputRefusedError as found:
        for fault in found.faults:
            complain(fault.message())
        return refused("--rounds.")
    except (TravelError, ProcessEndedError) as error:
        return refused(str(error))
    if faults:
        return defect(f"the check finds {len(faults)} fault(s) in what was found, so nothing is said.", faults)
    tell(options, lambda: _record(package, fits, plan, inputs), lambda: _say(package, fits, plan, inputs, most=options.most))
    return exits.PROVEN if any(fit.is_whole for fit in fits) else exits.OPEN_GAPS


def _plan(options: argparse.Namespace, inputs: Inputs, providers: list[str]) -> tuple[RoundsPlan, bool]:
    """The rounds built before, or those of the eligible providers, built now; and whether they are whole."""
    from pathlib import Path

    from optimiser.io.rounds_plan import read_rounds_plan
    from optimiser.rounds.fitting.loading import refuse_other_shifts, refuse_other_travel
    from optimiser.rounds.story import Order, build

    if options.rounds is None:
        order = Order(inputs.snapshot, inputs.settings, inputs.workers, driving=inputs.travel)
        report = counter("providers planned", quiet=options.quiet)
        with elsewhere(options) as cluster:
            return build(order, providers, processes=options.workers or 0, elsewhere=cluster, report=report)
    built = read_rounds_plan(Path(options.rounds), inputs.snapshot)
    refuse_other_travel(built, inputs.travel)
    refuse_other_shifts(built.plan, inputs.settings)
    return built.plan, True


def _fits(
    plan: RoundsPlan, inputs: Inputs, package: Package, visits: list[Visit], providers: list[str]
) -> tuple[list[Fit], list[str]]:
    """What each provider's rounds could do, and every fault that the check finds in that."""
    from optimiser.rounds.fitting.cheapest_insertion import RoundsInMemory
    from optimiser.rounds.fitting.fit_check import FitCheck

    given = plan, inputs.snapshot, inputs.settings, inputs.travel, inputs.workers
    fits, check = RoundsInMemory(*given).fit(package, visits, providers), FitCheck(*given)
    return fits, [fault for fit in fits if fit.insertions for fault in check.faults(package, visits, fit)]


def _say(package: Package, fits: list[Fit], plan: RoundsPlan, inputs: Inputs, *, most: int) -> None:
    if fits:
        _say_fits(package, fits, plan, _names(inputs), most=most)
    else:
        say(f"No provider may be asked for {package.package_id}: optimiser explain says why.")
    print(f"Travel times: {inputs.travel.provenance}.")


def _names(inputs: Inputs) -> dict[str, str]:
    return {provider.provider_id: provider.name for provider in inputs.snapshot.providers}


def _record(package: Package, fits: list[Fit], plan: RoundsPlan, inputs: Inputs) -> dict[str, Any]:
    """Every provider, the best first; nothing more of one than the page says of the best."""
    names, with_rounds = _names(inputs), {each.provider_id for each in plan.rounds}
    return {
        "package_id": package.package_id,
        "providers": [
            {
                "provider_id": fit.provider_id,
                "provider": names[fit.provider_id],
                "has_rounds": fit.provider_id in with_rounds,
                "rounds": list(fit.round_ids),
                "extra_minutes_per_week": fit.extra_minutes if fit.insertions else None,
                "visits_without_room": len(fit.missing),
                "day_by_day": told(fit),
            }
            for fit in fits
        ],
        "travel": inputs.travel.provenance,
    }


def _say_fits(package: Package, fits: list[Fit], plan: RoundsPlan, names: dict[str, str], *, most: int) -> None:
    from optimiser.io.faults import clean

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
    say(f"{names[best.provider_id]}, day by day:")
    for line in told(best):
        say(f"  {line}")


def told(fit: Fit) -> list[str]:
    """A fit in sentences: which round when, and who begins how much later; days that are alike together."""
    from optimiser.rounds.report.week_figures import time_on_page

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
