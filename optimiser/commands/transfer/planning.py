"""Read, plan, check, write, say: a transfer, or where the care of a returned contract goes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from optimiser import exits
from optimiser.commands.shared.inputs import read_or_refuse, say_notes
from optimiser.commands.shared.letters import as_asked, refuse_impossible, say_beside_json
from optimiser.commands.shared.running import MOST_SHOWN, Begun, defect, exit_code
from optimiser.commands.shared.saying import complain, is_free, print_table, refused, refused_with, table, tell, written
from optimiser.commands.transfer.telling import INTERRUPTED, reporter, say_plan, tell_point
from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.io.faults import InputRefusedError
from optimiser.io.moves import read_earlier, read_known
from optimiser.io.reading import Reading
from optimiser.io.rounds_plan import with_planned_rounds
from optimiser.rules.book import standard_rules
from optimiser.transferring.frontier import Point, frontier
from optimiser.transferring.handing_back.letters import hand_back_letters
from optimiser.transferring.handing_back.report import hand_back_files, notes
from optimiser.transferring.handing_back.story import HandBack, plan_hand_back
from optimiser.transferring.letters_as_asked import ask_first
from optimiser.transferring.report import PlanNotConfirmedError, letters, verified_files
from optimiser.transferring.story import CannotPlanError, EarlierPlan, Search, plan_transfer, reached
from optimiser.transferring.targets import areas_with_a_principal

ALL = "all"
"""In place of area ids: every area with a principal contract that has not ended."""


def plan(options: argparse.Namespace) -> int:
    """The exit code."""
    begun = Begun()
    if not is_free(Path(options.out), replace=options.replace):
        return exits.REFUSED
    if bool(options.area) == bool(options.handed_back):
        return refused("name the areas (--area ID…) or the contract that is handed back (--from CONTRACT)")
    refuse_impossible(options)
    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return exits.REFUSED
    try:
        if options.rounds is not None:
            reading = replace(reading, snapshot=with_planned_rounds(reading.snapshot, Path(options.rounds)))
        known, earlier = _beside(options, reading)
    except InputRefusedError as faults:
        return refused_with(faults)
    try:
        if options.handed_back:
            return hand_back(options, reading, begun)
        return _plan(options, reading, known, earlier, begun)
    except CannotPlanError as cannot:
        for problem in cannot.problems:
            complain(f"- {problem}")
        return refused("this cannot be planned. Nothing was written.")
    except PlanNotConfirmedError as found:
        what = "the check does not confirm the plan, so nothing was written."
        return defect(what, map(_as_in_a_log, found.faults[:MOST_SHOWN]))


def _as_in_a_log(said: str) -> str:
    """What the check says, without the name of a rule that tells something of the person."""
    for name in sorted(standard_rules().private_names):
        said = said.replace(f"fails {name} ", "fails a rule (left out, since it may tell something of the person) ")
    return said


def _beside(options: argparse.Namespace, reading: Reading) -> tuple[Known, EarlierPlan | None]:
    """The files beside the snapshot; raises ``InputRefusedError``."""
    paths = {
        name: None if value is None else Path(value)
        for name in ("history", "agreed", "refused", "wishes", "limits")
        for value in (getattr(options, name),)
    }
    known, notes = read_known(reading.snapshot, **paths)
    say_notes((*reading.notes, *notes))
    return known, None if options.earlier is None else read_earlier(Path(options.earlier))


def _plan(options: argparse.Namespace, reading: Reading, known: Known, earlier: EarlierPlan | None, begun: Begun) -> int:
    policy = policy_of(options, reading.transfer)
    area_ids = _areas(options.area, reading)
    search = Search(options.wall_seconds, reporter(quiet=options.quiet))
    if earlier is None and (known.refused or known.agreed):
        before = plan_transfer(
            reading.snapshot, area_ids, policy, replace(known, refused=frozenset()), recut=options.recut, search=search
        )
        earlier = before.days
        if before.stopped == "cancelled":
            search = replace(search, should_stop=lambda: True)
    plan = plan_transfer(reading.snapshot, area_ids, policy, known, earlier=earlier, recut=options.recut, search=search)
    points: list[Point] = []
    if options.frontier and plan.stopped != "cancelled":
        try:
            for point in frontier(policy, reached(reading.snapshot, area_ids, known), recut=options.recut):
                points.append(point)
                tell_point(len(points), quiet=options.quiet)
        except KeyboardInterrupt:
            plan = replace(plan, stopped="cancelled")
    record = begun.record(plan.stopped)
    told = {"contact": options.contact, "forms": options.letter_forms}
    files = verified_files(plan, record, name_blockers=options.name_blockers, frontier=points, **told)
    if not written(Path(options.out), files, replace=options.replace):
        return exits.REFUSED
    record = json.loads(files["result.json"])
    of_letters = ask_first(plan.county, letters(plan), options.contact)
    tell(options, lambda: record, lambda: say_plan(plan, record["need_anybody_move"], points, Path(options.out), of_letters))
    say_beside_json(options, of_letters)
    return exit_code(interrupted=plan.stopped == "cancelled", proven=plan.all_proven)


def policy_of(options: argparse.Namespace, policy: TransferPolicy) -> TransferPolicy:
    """The settings of the snapshot; the command line's own horizon where it names one, and letters as it asks for them."""
    policy = as_asked(options, policy)
    return policy if options.horizon_months is None else replace(policy, horizon_months=options.horizon_months)


def _areas(named: Sequence[str], reading: Reading) -> list[str]:
    return areas_with_a_principal(reading.snapshot) if list(named) == [ALL] else list(named)


def hand_back(options: argparse.Namespace, reading: Reading, begun: Begun) -> int:
    """Plan, check, write, say; the exit code."""
    search = Search(options.wall_seconds, reporter(quiet=options.quiet))
    plan = plan_hand_back(reading.snapshot, options.handed_back, reading.transfer, search)
    files = hand_back_files(plan, begun.record(plan.stopped), contact=options.contact, forms=options.letter_forms)
    if not written(Path(options.out), files, replace=options.replace):
        return exits.REFUSED
    of_letters = ask_first(plan.county, hand_back_letters(plan), options.contact)
    tell(options, lambda: json.loads(files["result.json"]), lambda: _say(plan, Path(options.out), of_letters))
    say_beside_json(options, of_letters)
    return exit_code(interrupted=plan.stopped == "cancelled", proven=plan.all_proven)


def _say(plan: HandBack, out: Path, of_letters: Sequence[str]) -> None:
    made = table("Preferences, in strict order", "level", "unit", "value", "bound", "proven", left=2)
    for level in plan.levels:
        made.add_row(level.name, level.unit, str(level.value), str(level.bound), "yes" if level.proven else "no")
    print_table(made)
    print(
        f"{plan.county.people(plan.placed)} of {plan.county.people(plan.members)} people have a place,"
        f" {len(plan.whole_rounds)} rounds whole. {plan.county.people(plan.without_a_place)} have none yet: see hand-back.csv."
        " Checked: every rule and limit holds."
    )
    for note in (*notes(plan), *of_letters):
        print(note)
    if plan.stopped == "cancelled":
        print(INTERRUPTED)
    print(f"Written to {out}; read {out / 'hand-back.html'} first.")
