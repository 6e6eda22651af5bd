"""``optimiser audit``: whether the service's audit trail holds, what it says, and where it ends."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from typing import TYPE_CHECKING

from optimiser import exits

if TYPE_CHECKING:
    from api.state.store import Store


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 5 when the trail does not hold; 2 for a request that says too little, or no database."""
    from api.terminal import read_settings, the_store

    with the_store(read_settings()) as store:
        if store is None:
            return exits.REFUSED
        return {"verify": _verify, "show": _show, "head": _head}[options.audit_command](store, options)


def _verify(store: Store, options: argparse.Namespace) -> int:
    from api.storage.audit import Head, check
    from api.storage.engine import reading

    noted = None
    if options.since_head is not None:
        found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", options.since_head)
        if found is None:
            print("Refused: --since-head is SEQ:HASH, as 'optimiser audit head' printed it.", file=sys.stderr)
            return exits.REFUSED
        noted = Head(int(found[1]), found[2])
    with reading(store.engine) as connection:
        checked = check(connection, noted)
    for each in checked.breaks:
        print(f"BREAK  entry {each.seq}: {each.problem}")
    told = f"{checked.entries:,} entries, the personal part of {checked.destroyed:,} destroyed"
    if checked.breaks:
        print(f"{told}; {len(checked.breaks):,} break(s): the trail does not hold.")
        return exits.BROKEN_TRAIL
    print(f"{told}; no break.")
    print(f"Head: {checked.last.seq}:{checked.last.hash}")
    return exits.PROVEN


def _show(store: Store, options: argparse.Namespace) -> int:
    from api.terminal import operator
    from api.upkeep.answers import Wanted, line_of, show

    try:
        since = None if options.since is None else dt.date.fromisoformat(options.since)
    except ValueError:
        print("Refused: --since is a day as YYYY-MM-DD.", file=sys.stderr)
        return exits.REFUSED
    wanted = Wanted(options.subject, options.actor, since)
    if wanted == Wanted():
        print("Refused: say which entries: --subject ID, --actor NAME or --since DATE.", file=sys.stderr)
        return exits.REFUSED
    for row in show(store, operator(), wanted):
        print(line_of(row))
    return exits.PROVEN


def _head(store: Store, _: argparse.Namespace) -> int:
    from api.storage.audit import head
    from api.storage.engine import reading

    with reading(store.engine) as connection:
        last = head(connection)
    print(f"{last.seq}:{last.hash}")
    return exits.PROVEN
