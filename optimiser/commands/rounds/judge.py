"""``optimiser rounds judge FOLDER``: whether rounds and providers can deliver their care with the staff they have."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, quiet, replace, show_values, snapshot_folder, staffing, workers
from optimiser.commands.shared.elsewhere import elsewhere
from optimiser.commands.shared.running import counter, defect
from optimiser.commands.shared.saying import complain, is_free, print_table, refused, refused_with, say, table, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.rounds_plan import RoundsPlan, UnservedVisit
    from optimiser.domain.snapshot import Snapshot
    from optimiser.in_parallel.piece_of_work import Elsewhere
    from optimiser.rounds.deliverability import Judged
    from optimiser.rounds.story import Order

ORDER = 20
SUMMARY = "can the rounds and providers that exist deliver their care with the staff they have"
SHOWN = 25


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "judge",
        description="Can the rounds and providers that exist deliver their care with the staff they have? If not, where it"
        " breaks, and what one care worker more would do.",
        example="optimiser rounds judge data/three_villages",
        run=run,
        arguments=_arguments,
    )


def _arguments(judge: argparse.ArgumentParser) -> None:
    snapshot_folder(judge)
    judge.add_argument("--out", metavar="DIR", help="folder for judged_rounds.csv and judged_providers.csv")
    judge.add_argument("--provider", metavar="ID", help="the rounds and care of one provider alone")
    judge.add_argument("--allocation", metavar="DIR", help="a result of allocate: judge its placements, not today's care alone")
    replace(judge)
    staffing(judge)
    workers(judge)
    quiet(judge)
    show_values(judge)
    as_json(judge, "what its files hold")


def run(options: argparse.Namespace) -> int:
    """Exit code 0 where all was judged, whatever the verdicts; 3 where no shift can hold some visits; 2 when the input is
    refused; 130 when interrupted."""
    from pathlib import Path

    from optimiser.commands.shared.rounds_inputs import read_inputs
    from optimiser.geography.travel_times.interface import TravelError
    from optimiser.io.faults import InputRefusedError
    from optimiser.io.moves import with_placements
    from optimiser.processes import ProcessEndedError
    from optimiser.rounds.story import Order

    out = Path(options.out) if options.out is not None else None
    if out is not None and not is_free(out, replace=options.replace):
        return exits.REFUSED
    inputs = read_inputs(options)
    if inputs is None:
        return exits.REFUSED
    try:
        snapshot = inputs.snapshot
        if options.allocation is not None:
            snapshot = with_placements(snapshot, Path(options.allocation))
        if options.provider is not None:
            snapshot = _only(snapshot, options.provider)
        order = Order(snapshot, inputs.settings, inputs.workers, driving=inputs.travel)
        return _judge(order, out, options)
    except InputRefusedError as faults:
        return refused_with(faults)
    except (TravelError, ProcessEndedError) as error:
        return refused(str(error))


def _judge(order: Order, out: Path | None, options: argparse.Namespace) -> int:
    from optimiser.rounds.deliverability import judge_providers, judge_rounds
    from optimiser.rounds.visits_by_shift import care_of, providers_with_care

    provider_ids = providers_with_care(order.snapshot)
    if not provider_ids:
        return refused("no care is running there, so there is nothing to judge")
    with elsewhere(options) as cluster:
        work = _Work(quiet=options.quiet, processes=options.workers or 0, cluster=cluster)
        judged = {
            "rounds": judge_rounds(order, work.of("rounds judged")),
            "providers": judge_providers(order, provider_ids, work.of("providers judged")),
        }
    if work.faults:
        return defect(f"the check finds {len(work.faults)} fault(s) in the plans, so nothing is said.", work.faults)
    if not work.whole:
        complain("Interrupted: nothing is said, because a plan that was cut short judges nobody.")
        return exits.INTERRUPTED
    barred = [
        each for name in provider_ids for each in care_of(order.snapshot, order.settings.of(name), name).unserved if each.bar
    ]
    if not options.json:
        _say_all(judged, barred)
    if out is not None and not written(out, _files(judged, barred), replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: _record(judged, barred), lambda: None if out is None else print(f"Written to {out}."))
    return exits.OPEN_GAPS if barred else exits.PROVEN


def _files(judged: dict[str, list[Judged]], barred: list[UnservedVisit]) -> dict[str, bytes]:
    from optimiser.io.spreadsheets import spreadsheet
    from optimiser.rounds.deliverability import JUDGED, judged_rows
    from optimiser.rounds.report.tables import UNSERVED, unserved_rows

    files = {f"judged_{name}.csv": spreadsheet(JUDGED, judged_rows(each)) for name, each in judged.items()}
    return files | ({"unserved.csv": spreadsheet(UNSERVED, unserved_rows(barred))} if barred else {})


def _record(judged: dict[str, list[Judged]], barred: list[UnservedVisit]) -> dict[str, Any]:
    """The rows of the files; what is not told is null."""
    from optimiser.rounds.deliverability import judged_rows
    from optimiser.rounds.report.week_figures import record_of

    rows = {
        name: [{column: None if value == "" else value for column, value in row.items()} for row in judged_rows(each)]
        for name, each in judged.items()
    }
    return {**rows, "not_planned": record_of(barred)}


class _Work:
    """Builds and checks plans, and remembers whether all were made to the end and right."""

    def __init__(self, *, quiet: bool, processes: int, cluster: Elsewhere | None) -> None:
        self._quiet, self._processes, self._cluster = quiet, processes, cluster
        self.whole = True
        self.faults: list[str] = []

    def of(self, what: str) -> Callable[[Order, Sequence[str]], tuple[RoundsPlan, bool]]:
        def build(order: Order, names: Sequence[str]) -> tuple[RoundsPlan, bool]:
            from optimiser.rounds import story
            from optimiser.rounds.check import Case, check
            from optimiser.rounds.week_records import together

            if not self.whole:
                return together([story.not_reached(order, name) for name in names]), False
            report = counter(what, quiet=self._quiet)
            plan, whole = story.build(order, names, processes=self._processes, elsewhere=self._cluster, report=report)
            self.whole = whole
            if whole:
                case = Case(order.snapshot, order.settings, order.workers, plan, order.driving, order.walking, names)
                self.faults += check(case)
            return plan, whole

        return build


def _only(snapshot: Snapshot, provider_id: str) -> Snapshot:
    """A snapshot with one provider's running care and rounds alone; of an unknown provider there is none."""
    from dataclasses import replace

    mine = {contract.contract_id for contract in snapshot.contracts if contract.provider_id == provider_id}
    return replace(
        snapshot,
        packages=tuple(package for package in snapshot.packages if package.contract_id in mine),
        rounds=tuple(each for each in snapshot.rounds if each.provider_id == provider_id),
    )


def _say_all(judged: dict[str, list[Judged]], barred: list[UnservedVisit]) -> None:
    from optimiser.rounds.report.week_figures import in_words

    _say("Rounds that exist", judged["rounds"])
    _say("Providers, all of their care", judged["providers"])
    print('"yes": a checked plan serves every visit with that staff. "no plan found": some are left, not proven impossible;')
    print(
        "each has one shift a day unless the setting split_shifts allows both. Needed: so many serve all, one shift a day each."
    )
    if barred:
        print("Whatever the staff, no shift can hold these, so nobody is planned to make them.")
    for line in in_words(barred, SHOWN):
        say(line)


def _say(title: str, judged: Sequence[Judged]) -> None:
    from optimiser.io.faults import clean

    short = [each for each in judged if each.verdict == "no plan found"]
    told = [each for each in judged if each.staff is not None]
    made = table(
        f"{title}: {len(told) - len(short)} of {len(told)} whose staff is told can deliver", "name", "deliverable",
        "worst days", "staff", "needed", "contact h", "travel min/h", "waiting h", "unserved", "with one more", left=3,
    )  # fmt: skip
    shown_first = sorted(judged, key=lambda each: (-each.unserved, each.name))
    for each in shown_first[:SHOWN]:
        figures = each.figures
        made.add_row(
            clean(each.name),
            each.verdict,
            clean(", ".join(f"{area} {day} {visits}" for area, day, visits in each.breaks[:2])),
            "" if each.staff is None else str(each.staff),
            str(figures.staff_needed),
            f"{figures.contact_seconds / 3600:,.0f}",
            f"{figures.travel_minutes_per_contact_hour:.1f}",
            f"{figures.waiting_seconds / 3600:,.0f}",
            str(each.unserved),
            "" if each.unserved_with_one_more is None else str(each.unserved_with_one_more),
        )
    print_table(made)
    if len(judged) > SHOWN:
        print(f"{len(judged) - SHOWN} more in the files (--out DIR).")
