"""``optimiser forget``: what is personal of people whose care has ended is destroyed."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from optimiser import exits

if TYPE_CHECKING:
    from api.acts.act import Caller


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when anybody named is waiting, cared for or unknown: then nobody is forgotten."""
    from api.terminal import at_the_terminal, read_settings

    if bool(options.package_ids) == options.due:
        print("Refused: name packages, or say --due.", file=sys.stderr)
        return exits.REFUSED
    with at_the_terminal(read_settings()) as by:
        return exits.REFUSED if by is None else _forget(by, options)


def _forget(by: Caller, options: argparse.Namespace) -> int:
    from api.forgetting import acts
    from api.forgetting.people import CannotForgetError

    ids = acts.due_to_be_forgotten(by) if options.due else sorted(set(options.package_ids))
    if not ids:
        print(f"Nobody is due: no package ended {by.settings.forget_after_days:,} days ago or earlier.")
        return exits.PROVEN
    try:
        done = acts.forget(by, ids)
    except CannotForgetError as refused:
        print("\n".join(["Refused: nobody was forgotten.", *(f"  {fault}" for fault in refused.faults)]), file=sys.stderr)
        return exits.REFUSED
    print(f"Forgotten: {done.packages:,} package(s), with {done.records:,} records, {done.results:,} result(s) of runs")
    print(f"and the personal part of {done.entries:,} entries of the audit trail, which still holds together.")
    if acts.sweep_files(by):
        print("The database's files hold none of it any more. Backups and exports made before do: delete those that are too old.")
    else:
        print("Some bytes stay in the database's files, log or archives for a while: see 'Forgetting' in the README.")
    return exits.PROVEN
