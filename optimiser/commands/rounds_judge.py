"""``optimiser rounds judge FOLDER``: whether rounds and providers can deliver their care with the staff they have."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from optimiser import exits
from optimiser.commands.outputs import is_free, written
from optimiser.commands.rounds_inputs import counter, read_inputs
from optimiser.commands.tables import print_table, table
from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.travel_times.interface import TravelError
from optimiser.io.faults import InputRefusedError, clean
from optimiser.io.placements import with_placements
from optimiser.io.spreadsheets import spreadsheet
from optimiser.processes import ProcessEndedError
from optimiser.rounds import story
from optimiser.rounds.check import Case, check
from optimiser.rounds.deliverability import JUDGED, Judged, judge_providers, judge_rounds, judged_rows
from optimiser.rounds.recording import together
from optimiser.rounds.report.tables import UNSERVED, unserved_rows
from optimiser.rounds.report.visits_left import in_words
from optimiser.rounds.story import Order, not_reached
from optimiser.rounds.visits_by_shift import care_of, providers_with_care

SHOWN = 25


def run(options: argparse.Namespace) -> int:
    """Exit code 0 where all was judged, whatever the verdicts; 3 where no shift can hold some visits; 2 when the input is
    refused; 130 when interrupted."""
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
    except InputRefusedError as refused:
        for fault in refused.faults:
            print(fault.message(), file=sys.stderr)
        return _refused(f"{len(refused.faults)} fault(s). Nothing was written.")
    except (TravelError, ProcessEndedError) as error:
        return _refused(str(error))


def _judge(order: Order, out: Path | None, options: argparse.Namespace) -> int:
    provider_ids = providers_with_care(order.snapshot)
    if not provider_ids:
        return _refused("no care is running there, so there is nothing to judge")
    work = _Work(quiet=options.quiet)
    rounds = judge_rounds(order, work.of("rounds judged"))
    providers = judge_providers(order, provider_ids, work.of("providers judged"))
    if work.faults:
        print(f"DEFECT: the check finds {len(work.faults)} fault(s) in the plans, so nothing is said.", file=sys.stderr)
        for fault in work.faults[:SHOWN]:
            print(clean(f"  {fault}"), file=sys.stderr)
        return exits.DEFECT
    if not work.whole:
        print("Interrupted: nothing is said, because a plan that was cut short judges nobody.", file=sys.stderr)
        return exits.INTERRUPTED
    _say("Rounds that exist", rounds)
    _say("Providers, all of their care", providers)
    print('"yes": a checked plan serves every visit with that staff. "no plan found": some are left, not proven impossible;')
    print(
        "each has one shift a day unless the setting split_shifts allows both. Needed: so many serve all, one shift a day each."
    )
    barred = [
        each for name in provider_ids for each in care_of(order.snapshot, order.settings.of(name), name).unserved if each.bar
    ]
    if barred:
        print("Whatever the staff, no shift can hold these, so nobody is planned to make them.")
    for line in in_words(barred, SHOWN):
        print(clean(line))
    if out is not None:
        files = {f"judged_{name}.csv": spreadsheet(JUDGED, judged_rows(each)) for name, each in
                 (("rounds", rounds), ("providers", providers))}  # fmt: skip
        if barred:
            files["unserved.csv"] = spreadsheet(UNSERVED, unserved_rows(barred))
        if not written(out, files, replace=options.replace):
            return exits.REFUSED
        print(f"Written to {out}.")
    return exits.OPEN_GAPS if barred else exits.PROVEN


class _Work:
    """Builds and checks plans, and remembers whether all were made to the end and right."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self.whole = True
        self.faults: list[str] = []

    def of(self, what: str) -> Callable[[Order, Sequence[str]], tuple[RoundsPlan, bool]]:
        def build(order: Order, names: Sequence[str]) -> tuple[RoundsPlan, bool]:
            if not self.whole:
                return together([not_reached(order, name) for name in names]), False
            plan, whole = story.build(order, names, report=counter(what, quiet=self._quiet))
            self.whole = whole
            if whole:
                case = Case(order.snapshot, order.settings, order.workers, plan, order.driving, order.walking, names)
                self.faults += check(case)
            return plan, whole

        return build


def _only(snapshot: Snapshot, provider_id: str) -> Snapshot:
    """A snapshot with one provider's running care and rounds alone; of an unknown provider there is none."""
    mine = {contract.contract_id for contract in snapshot.contracts if contract.provider_id == provider_id}
    return replace(
        snapshot,
        packages=tuple(package for package in snapshot.packages if package.contract_id in mine),
        rounds=tuple(each for each in snapshot.rounds if each.provider_id == provider_id),
    )


def _refused(why: str) -> int:
    print(clean(f"Refused: {why}"), file=sys.stderr)
    return exits.REFUSED


def _say(title: str, judged: Sequence[Judged]) -> None:
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
