"""``optimiser forget``: what is personal of people whose care has ended is destroyed."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from optimiser import exits

if TYPE_CHECKING:
    from api.settings import Settings
    from api.state.store import Store


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when anybody named is waiting, cared for or unknown: then nobody is forgotten."""
    from api.terminal import read_settings, the_store

    if bool(options.package_ids) == options.due:
        print("Refused: name packages, or say --due.", file=sys.stderr)
        return exits.REFUSED
    settings = read_settings()
    with the_store(settings) as store:
        return exits.REFUSED if store is None else _forget(store, settings, options)


def _forget(store: Store, settings: Settings, options: argparse.Namespace) -> int:
    from api.forgetting.forgetting import forget
    from api.forgetting.people import CannotForgetError, all_ended, due
    from api.forgetting.sweeping import sweep
    from api.storage.engine import reading
    from api.terminal import operator

    ids = sorted(set(options.package_ids))
    if options.due:
        with reading(store.engine) as connection:
            ids = due(all_ended(connection), settings.clock.today(), settings.forget_after_days)
    if not ids:
        print(f"Nobody is due: no package ended {settings.forget_after_days:,} days ago or earlier.")
        return exits.PROVEN
    try:
        done = forget(store, operator(), ids)
    except CannotForgetError as refused:
        print("\n".join(["Refused: nobody was forgotten.", *(f"  {fault}" for fault in refused.faults)]), file=sys.stderr)
        return exits.REFUSED
    print(f"Forgotten: {done.packages:,} package(s), with {done.records:,} records, {done.results:,} result(s) of runs")
    print(f"and the personal part of {done.entries:,} entries of the audit trail, which still holds together.")
    if sweep(store.engine):
        print("The database's files hold none of it any more. Backups and exports made before do: delete those that are too old.")
    else:
        print("Some bytes stay in the database's files, log or archives for a while: see 'Forgetting' in the README.")
    return exits.PROVEN
