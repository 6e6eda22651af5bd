"""``optimiser audit``: whether the service's audit trail holds, what it says, and where it ends."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import refused, say, tell

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from api.acts.act import Caller
    from api.storage.audit import Checked
    from optimiser.commands.shared.arguments import Commands

ORDER = 560
SUMMARY = "the service's audit trail: verify, show, head, sign"
LONGEST = 200
"""So many characters has what is asked for at most: that it was asked for is written down."""


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "audit",
        description="The service's audit trail, of which nothing is ever changed or taken out: whether it holds, what it says,"
        " and where it ends.",
        example="optimiser audit verify",
        run=run,
        arguments=_actions,
    )


def _actions(audit: argparse.ArgumentParser) -> None:
    actions = audit.add_subparsers(dest="audit_command", metavar="ACTION", required=True)
    verify = actions.add_parser(
        "verify",
        help="find any edit, removal or reordering of entries, and rows changed past the service; exit code 5 if there is one",
        description="Find any edit, removal or reordering of entries, and every record, key or setting that was changed past the"
        " service; exit code 5 if there is one. It reads a database that cannot be written, and of a damaged one what it can.",
        example="optimiser audit verify",
    )
    verify.add_argument("--public-key", metavar="FILE", help="the head must be signed by this key: an Ed25519 one in PEM form")
    verify.add_argument("--since-head", metavar="SEQ:HASH", help="a head noted elsewhere: it must still be part of the trail")
    as_json(verify, "whether the trail holds, and every break of it,")
    head = actions.add_parser(
        "head",
        help="the last entry's number and hash, to be noted elsewhere",
        description="The last entry's number and hash, to be noted elsewhere: 'audit verify --since-head' then finds it again.",
        example="optimiser audit head",
    )
    as_json(head, "both")
    sign = actions.add_parser(
        "sign",
        help="sign the head, though the one before it was not: once, when a key is named or changed",
        description="Sign the head by the key in OPTIMISER_AUDIT_SIGNING_KEY, though the one before it was not signed by it:"
        " once, when a key is named or changed. Look at the trail before: what was done to it until now stands from then on.",
        example="optimiser audit sign",
    )
    as_json(sign, "the head, its number and hash,")
    show = actions.add_parser(
        "show",
        help="entries about somebody, by somebody or since a day; this too is written into the trail",
        description="Entries about somebody, by somebody or since a day, oldest first; this too is written into the trail.",
        example="optimiser audit show --subject N2 --since 2026-11-01",
    )
    show.add_argument("--subject", metavar="ID", help="entries about this id, or whose details name it")
    show.add_argument("--actor", metavar="NAME", help="entries by this person or job")
    show.add_argument("--since", metavar="DATE", help="entries of this day (YYYY-MM-DD) and later")
    as_json(show, "the entries")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 5 when the trail does not hold; 2 for a request that says too little, or no database."""
    from api.terminal import at_the_terminal, read_settings, reading_alone

    opened = at_the_terminal if options.audit_command in ("show", "sign") else reading_alone
    with opened(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        return {"verify": _verify, "show": _show, "head": _head, "sign": _sign}[options.audit_command](by, options)


def _verify(by: Caller, options: argparse.Namespace) -> int:
    from api.storage.audit import Head
    from api.storage.signed_heads import Verifier
    from api.upkeep import acts

    noted = None if options.since_head is None else Head.of(options.since_head)
    if noted is None and options.since_head is not None:
        return refused("--since-head is SEQ:HASH, as 'optimiser audit head' printed it.")
    try:
        signed_by = None if options.public_key is None else Verifier.of(options.public_key)
    except ValueError as wrong:
        return refused(f"--public-key: {wrong}.")
    checked = acts.verify_audit(by, noted, signed_by)
    tell(options, lambda: _verified(checked), lambda: _say(checked))
    return exits.BROKEN_TRAIL if checked.breaks else exits.PROVEN


def _verified(checked: Checked) -> dict[str, Any]:
    return {
        "holds": not checked.breaks,
        "entries": checked.entries,
        "destroyed": checked.destroyed,
        "rows": checked.rows,
        "breaks": [
            {"entry": each.seq, "problem": each.problem, **({"table": each.table, "id": each.row_id} if each.table else {})}
            for each in checked.breaks
        ],
        "backwards": [{"entry": each.seq, "at": each.at, "before": each.before} for each in checked.backwards],
        "head": None if checked.breaks else str(checked.last),
        "last_good_head": str(checked.good),
        "signed": checked.signed,
    }


def _say(checked: Checked) -> None:
    for each in checked.breaks:
        named = " ".join(word for word in (each.table, each.row_id) if word)
        of_entry = f" (entry {each.seq})" if named and each.seq else ""
        say(f"BREAK  {named or f'entry {each.seq}'}: {each.problem}{of_entry}")
    for late in checked.backwards:
        say(f"TIME   entry {late.seq}: written at {late.at}, the one before it at {late.before}: a clock was wrong")
    told = f"{checked.entries:,} entries, the personal part of {checked.destroyed:,} destroyed"
    if checked.breaks:
        print(f"{told}; {len(checked.breaks):,} break(s): the trail does not hold.")
        print(f"Last good head: {checked.good}" if checked.good.seq else "There is no good head.")
    else:
        print(f"{told}; no break.")
        print(f"Head: {checked.last}{', signed' if checked.signed else ''}")


def _show(by: Caller, options: argparse.Namespace) -> int:
    import datetime as dt

    from api.upkeep import acts
    from api.upkeep.acts import Wanted
    from api.upkeep.answers import line_of

    try:
        since = None if options.since is None else dt.date.fromisoformat(options.since)
    except ValueError:
        return refused("--since is a day as YYYY-MM-DD.")
    wanted = Wanted(options.subject, options.actor, since)
    if wanted == Wanted():
        return refused("say which entries: --subject ID, --actor NAME or --since DATE.")
    if any(len(each) > LONGEST for each in (options.subject or "", options.actor or "")):
        return refused(f"an id or a name has at most {LONGEST} characters: nothing longer is written into the trail.")
    rows = acts.show_audit(by, wanted)
    if options.json:
        tell(options, lambda: [_entry(row) for row in rows], lambda: None)
    else:
        for row in rows:
            print(line_of(row))
    return exits.PROVEN


def _entry(row: RowMapping) -> dict[str, Any]:
    """What a line tells; the moment as it is stored, in UTC."""
    from api.upkeep.answers import details_of

    told = {
        "entry": row["seq"],
        "at": f"{row['at']}Z",
        "actor": row["actor"],
        "role": row["role"],
        "action": row["action"],
        "about": row["subject_kind"],
    }
    if not row["salt"]:
        return {**told, "destroyed": True}
    return {**told, "destroyed": False, "subject": row["subject"], "details": details_of(row)}


def _head(by: Caller, options: argparse.Namespace) -> int:
    from api.terminal import UnreachableError, or_unreachable
    from api.upkeep import acts

    try:
        with or_unreachable():
            last = acts.audit_head(by)
    except (UnreachableError, ValueError):
        return refused("where the trail ends cannot be read: 'optimiser audit verify' tells why.")
    tell(options, lambda: {"entry": last.seq, "hash": last.hash}, lambda: print(last))
    return exits.PROVEN


def _sign(by: Caller, options: argparse.Namespace) -> int:
    from api.upkeep import acts

    try:
        last = acts.sign_audit(by)
    except acts.NotSignedError as why:
        return refused(f"{why}. Nothing was signed.")
    tell(options, lambda: {"entry": last.seq, "hash": last.hash}, lambda: print(f"{last}, signed"))
    return exits.PROVEN
