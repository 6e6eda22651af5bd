"""The audit trail: who did what, when, by which rule book, on which figures. Nothing is ever changed or taken out of it.

Each entry commits to what is personal in it (subject and details) by a salted hash, and the entries are chained over these
commitments. So the personal part of an entry can be destroyed, salt and all, while every edit, removal or reordering of
entries is still found. The head of the chain stands in the county's row: entries cut off the end are missed as well. What is
destroyed is accounted for by an entry of its own, so that nobody destroys one quietly.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, insert, update

from api.storage import table_schema
from api.storage.database import county_row
from api.storage.noted_head import appended
from api.storage.row_digests import NO_ROWS, RowDigests, in_parts
from api.storage.row_ledger import Break
from api.storage.runs_told import FORGET
from api.storage.signed_heads import signature_after
from api.storage.trail import (
    BEGINNING,
    Checked,
    Head,
    canonical,
    check,
    commitment,
    entry_hash,
    public_part,
    spans,
    verify,
)

__all__ = (
    "BEGINNING",
    "FORGET",
    "WHOLE_COUNTY",
    "WHOLE_TRAIL",
    "Actor",
    "Break",
    "Checked",
    "Entry",
    "Head",
    "append",
    "check",
    "destroy",
    "head",
    "sign",
    "verify",
)

WHOLE_COUNTY, WHOLE_TRAIL = "whole_county", "whole_trail"
"""In the details of an entry: the version of the county of which everybody was shown, or by which the trail was read whole.

Such a reading is one entry, however many people were in it; who was is worked out when somebody asks (``api/upkeep/seen.py``).
"""
SALT_BYTES = 32


@dataclass(frozen=True)
class Actor:
    """Who acts: a named person or job, in a role."""

    name: str
    role: str
    """The one that is used, which an entry names."""
    others: tuple[str, ...] = ()
    """The roles that they have beside it."""
    key_id: str = ""
    """Of the key with which they came; empty: with a token of the council's sign-in service, or at the command line."""
    note: str = ""
    """Beside the name of a command's account: who may have typed the command, on nobody's authority."""
    provider_id: str = ""
    """The provider that somebody with the role provider is bound to; empty: somebody of the council."""

    @staticmethod
    def of(name: str, roles: Sequence[str], provider_id: str = "") -> Actor:
        """Somebody with one role or several, before it is known which they use."""
        return Actor(name, roles[0], tuple(roles[1:]), provider_id=provider_id)

    @property
    def roles(self) -> tuple[str, ...]:
        """All that they have, the one that is used first."""
        return (self.role, *self.others)

    def using(self, role: str) -> Actor:
        """The same person in another of their roles."""
        return replace(self, role=role, others=tuple(each for each in self.roles if each != role))


@dataclass(frozen=True)
class Entry:
    """Something to be remembered. ``details`` hold the figures seen, as plain JSON data."""

    actor: Actor
    action: str
    subject_kind: str
    subject: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def append(
    connection: Connection,
    entries: Collection[Entry],
    *,
    at: str,
    rule_book: str,
    written: RowDigests = NO_ROWS,
    sign_anew: bool = False,
    locked: Row[Any] | None = None,
    told: Mapping[str, Any] | None = None,
) -> None:
    """Add entries at the end, in a writing transaction that has locked the county's row.

    ``written``: the rows that came and went with them; the last entry commits to these. Raises ``ValueError`` where none is.
    ``sign_anew``: the head is signed, whether the one before it was or not. ``locked``: the county's row as it was when it was
    locked, by whoever has added nothing since. ``told``: what else the county's row is told, columns and values.
    """
    if written and not entries:
        raise ValueError("rows are written with an entry that tells why")
    head = county_row(connection) if locked is None else locked
    seq, previous = int(head.audit_seq), str(head.audit_hash)
    rows = []
    for place, entry in enumerate(entries, start=1):
        seq += 1
        noted = {"typed_by": entry.actor.note} if entry.actor.note else {}
        salt, details = secrets.token_bytes(SALT_BYTES), canonical({**entry.details, **noted}).decode()
        row: dict[str, Any] = {
            "seq": seq,
            "at": at,
            "actor": entry.actor.name,
            "role": entry.actor.role,
            "action": entry.action,
            "subject_kind": entry.subject_kind,
            "rule_book": rule_book,
            "commitment": commitment(salt, entry.subject, details),
            "salt": salt,
            "subject": entry.subject,
            "details": details,
            "row_digests": written.text() if written and place == len(entries) else None,
        }
        row |= {"previous": previous, "hash": entry_hash(previous, public_part(row))}
        previous = row["hash"]
        rows.append(row)
    if rows:
        connection.execute(insert(table_schema.audit), rows)
        signature = signature_after(connection.engine, head, seq, previous, anew=sign_anew)
        told = {**(told or {}), "audit_seq": seq, "audit_hash": previous, "audit_signature": signature}
        connection.execute(update(table_schema.county).values(**told))
        appended(connection, Head(seq, previous))
    elif told:
        connection.execute(update(table_schema.county).values(**told))


def destroy(connection: Connection, entries: Collection[int], actor: Actor, **told: Any) -> Entry:
    """Destroy what is personal in these entries. Returns the entry that accounts for them, which has to be added in the same
    transaction. ``told`` holds nothing personal.
    """
    for some in in_parts(sorted(entries)):
        mine = table_schema.audit.c.seq.in_(some)
        connection.execute(update(table_schema.audit).where(mine).values(salt=None, subject=None, details=None))
    return Entry(actor, FORGET, "audit", details={**told, "destroyed": spans(entries)})


def head(connection: Connection) -> Head:
    """The last entry, as the county's row knows it."""
    row = county_row(connection)
    return Head(int(row.audit_seq), str(row.audit_hash))


def sign(connection: Connection) -> None:
    """Sign the head as it is, where a key is given: of a database that comes from before there were signatures."""
    last = county_row(connection)
    signature = signature_after(connection.engine, last, int(last.audit_seq), str(last.audit_hash), anew=True)
    connection.execute(update(table_schema.county).values(audit_signature=signature))
