"""``optimiser audit``: whether the service's audit trail holds, what it says, and where it ends."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from typing import TYPE_CHECKING

from optimiser import exits

if TYPE_CHECKING:
    from api.acts.act import Caller


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 5 when the trail does not hold; 2 for a request that says too little, or no database."""
    from api.terminal import at_the_terminal, read_settings

    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        return {"verify": _verify, "show": _show, "head": _head}[options.audit_command](by, options)


def _verify(by: Caller, options: argparse.Namespace) -> int:
    from api.storage.audit import Head
    from api.upkeep import acts

    noted = None
    if options.since_head is not None:
        found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", options.since_head)
        if found is None:
            print("Refused: --since-head is SEQ:HASH, as 'optimiser audit head' printed it.", file=sys.stderr)
            return exits.REFUSED
        noted = Head(int(found[1]), found[2])
    checked = acts.verify_audit(by, noted)
    for each in checked.breaks:
        print(f"BREAK  entry {each.seq}: {each.problem}")
    told = f"{checked.entries:,} entries, the personal part of {checked.destroyed:,} destroyed"
    if checked.breaks:
        print(f"{told}; {len(checked.breaks):,} break(s): the trail does not hold.")
        return exits.BROKEN_TRAIL
    print(f"{told}; no break.")
    print(f"Head: {checked.last.seq}:{checked.last.hash}")
    return exits.PROVEN


def _show(by: Caller, options: argparse.Namespace) -> int:
    from api.upkeep import acts
    from api.upkeep.answers import Wanted, line_of

    try:
        since = None if options.since is None else dt.date.fromisoformat(options.since)
    except ValueError:
        print("Refused: --since is a day as YYYY-MM-DD.", file=sys.stderr)
        return exits.REFUSED
    wanted = Wanted(options.subject, options.actor, since)
    if wanted == Wanted():
        print("Refused: say which entries: --subject ID, --actor NAME or --since DATE.", file=sys.stderr)
        return exits.REFUSED
    for row in acts.show_audit(by, wanted):
        print(line_of(row))
    return exits.PROVEN


def _head(by: Caller, _: argparse.Namespace) -> int:
    from api.upkeep import acts

    last = acts.audit_head(by)
    print(f"{last.seq}:{last.hash}")
    return exits.PROVEN
