"""``optimiser forget``: what is personal of people whose care has ended is destroyed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import PACKAGE_ID, as_json
from optimiser.commands.shared.saying import complain, refused, tell

if TYPE_CHECKING:
    from api.acts.act import Caller
    from api.forgetting.acts import Forgotten
    from optimiser.commands.shared.arguments import Commands

ORDER = 570
SUMMARY = "destroy what is personal of packages whose care has ended"
COUNTED = ("packages", "records", "texts", "results", "visits", "entries")
OF_AN_EARLIER_ONE = "An earlier 'forget' had ended before the database's files held nothing more of it: now they do not."
NOBODY = dict.fromkeys(COUNTED, 0)


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "forget",
        description="Destroy what is personal of packages whose care has ended: in the records, in the results of runs, and in"
        " the audit trail, which still holds together. It cannot be undone.",
        example="optimiser forget --due",
        run=run,
        arguments=_arguments,
    )


def _arguments(forget: argparse.ArgumentParser) -> None:
    forget.add_argument("package_ids", metavar="PACKAGE_ID", nargs="*", help=PACKAGE_ID)
    forget.add_argument(
        "--due",
        action="store_true",
        help="all that ended OPTIMISER_FORGET_AFTER_DAYS ago, what old runs left, and pseudonyms in old records of visits",
    )
    as_json(forget, "how much was destroyed")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when anybody named is waiting, cared for or unknown: then nobody is forgotten."""
    from api.terminal import at_the_terminal, read_settings

    if bool(options.package_ids) == options.due:
        return refused("name packages, or say --due.")
    with at_the_terminal(read_settings()) as by:
        return exits.REFUSED if by is None else _forget(by, options)


def _forget(by: Caller, options: argparse.Namespace) -> int:
    from api.forgetting import acts
    from api.forgetting.who_is_due import CannotForgetError
    from api.http.errors import Problem

    left = acts.left_in_files(by)
    try:
        ids = acts.due_to_be_forgotten(by) if options.due else sorted(set(options.package_ids))
        runs = acts.forget_old_runs(by) if options.due else 0
        workers = acts.forget_old_workers(by) if options.due else 0
    except Problem as problem:
        return refused(f"{problem.detail} Nobody was forgotten.")
    if not ids:
        if (runs or workers or left) and acts.sweep_files(by) and left:
            complain(OF_AN_EARLIER_ONE)
        words = f"Nobody is due: no package ended {by.settings.forget_after_days:,} days ago or earlier.{_of_runs(runs)}"
        tell(options, lambda: {**NOBODY, "runs": runs}, lambda: print(words))
        return exits.PROVEN
    try:
        done = acts.forget(by, ids)
    except CannotForgetError as why:
        refused("nobody was forgotten.")
        for fault in why.faults:
            complain(f"  {fault}")
        return exits.REFUSED
    swept = acts.sweep_files(by)
    if left and swept:
        complain(OF_AN_EARLIER_ONE)
    record = {**{name: getattr(done, name) for name in COUNTED}, "runs": runs, "nothing_left_in_files": swept}
    tell(options, lambda: record, lambda: _say(done, runs, swept=swept))
    return exits.PROVEN


def _of_runs(runs: int) -> str:
    return f" What {runs:,} run(s) that ended long ago had left was destroyed." if runs else ""


def _say(done: Forgotten, runs: int, *, swept: bool) -> None:
    print(f"Forgotten: {done.packages:,} package(s), with {done.records:,} records, {done.results:,} result(s) of runs")
    if done.texts:
        print(f"and what {done.texts:,} records of others said of them in a reason or a column of your own,")
    if done.visits:
        print(f"and what {done.visits:,} records of their visits and lines of statements told of them,")
    print(f"and the personal part of {done.entries:,} entries of the audit trail, which still holds together.{_of_runs(runs)}")
    if swept:
        print("The database's files hold none of it any more. Backups and exports made before do: delete those that are too old.")
    else:
        print("Some bytes stay in the database's files, log or archives for a while: see 'Forgetting' in the README.")
