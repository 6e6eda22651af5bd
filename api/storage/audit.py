"""The audit trail: who did what, when, by which rule book, on which figures. Nothing is ever changed or taken out of it.

Each entry commits to what is personal in it (subject and details) by a salted hash, and the entries are chained over these
commitments. So the personal part of an entry can be destroyed, salt and all, while every edit, removal or reordering of
entries is still found. The head of the chain stands in the county's row: entries cut off the end are missed as well.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, insert, select, update

from api.storage import tables
from api.storage.engine import county_row

BEGINNING = "0" * 64
SALT_BYTES = 32


@dataclass(frozen=True)
class Actor:
    """Who acts: a named person or job, in a role."""

    name: str
    role: str


@dataclass(frozen=True)
class Entry:
    """Something to be remembered. ``details`` hold the figures seen, as plain JSON data."""

    actor: Actor
    action: str
    subject_kind: str
    subject: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Break:
    """Where the trail does not hold, and why."""

    seq: int
    problem: str


def _canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _commitment(salt: bytes, subject: str, details: str) -> str:
    return hashlib.sha256(salt + _canonical([subject, details])).hexdigest()


def _hash(previous: str, public: Sequence[Any]) -> str:
    return hashlib.sha256(previous.encode() + _canonical(list(public))).hexdigest()


def _public(row: Mapping[str, Any] | RowMapping) -> list[Any]:
    names = ("seq", "at", "actor", "role", "action", "subject_kind", "rule_book", "commitment")
    return [row[name] for name in names]


def append(connection: Connection, entries: Iterable[Entry], *, at: str, rule_book: str) -> None:
    """Add entries at the end, in a writing transaction that has locked the county's row."""
    head = county_row(connection)
    seq, previous = int(head.audit_seq), str(head.audit_hash)
    rows = []
    for entry in entries:
        seq += 1
        salt, details = secrets.token_bytes(SALT_BYTES), _canonical(dict(entry.details)).decode()
        row: dict[str, Any] = {
            "seq": seq,
            "at": at,
            "actor": entry.actor.name,
            "role": entry.actor.role,
            "action": entry.action,
            "subject_kind": entry.subject_kind,
            "rule_book": rule_book,
            "commitment": _commitment(salt, entry.subject, details),
            "salt": salt,
            "subject": entry.subject,
            "details": details,
        }
        row |= {"previous": previous, "hash": _hash(previous, _public(row))}
        previous = row["hash"]
        rows.append(row)
    if rows:
        connection.execute(insert(tables.audit), rows)
        connection.execute(update(tables.county).values(audit_seq=seq, audit_hash=previous))


def destroy(connection: Connection, subjects: Iterable[str]) -> int:
    """Destroy what is personal in every entry about these subjects; how many entries that were."""
    statement = (
        update(tables.audit).where(tables.audit.c.subject.in_(list(subjects))).values(salt=None, subject=None, details=None)
    )
    return connection.execute(statement).rowcount


def verify(connection: Connection) -> Iterator[Break]:
    """Every place where the trail does not hold; none when it does."""
    expected, previous = 1, BEGINNING
    for row in connection.execute(select(tables.audit).order_by(tables.audit.c.seq)).mappings():
        if row["seq"] != expected:
            yield Break(expected, f"entries {expected} to {row['seq'] - 1} are missing")
        if row["previous"] != previous:
            yield Break(row["seq"], "does not follow from the entry before it")
        if row["hash"] != _hash(row["previous"], _public(row)):
            yield Break(row["seq"], "was changed")
        destroyed = [row[name] is None for name in ("salt", "subject", "details")]
        if any(destroyed) and not all(destroyed):
            yield Break(row["seq"], "is only in part destroyed")
        elif not any(destroyed) and row["commitment"] != _commitment(row["salt"], row["subject"], row["details"]):
            yield Break(row["seq"], "says something else than was committed to")
        expected, previous = row["seq"] + 1, row["hash"]
    head = county_row(connection)
    if (head.audit_seq, head.audit_hash) != (expected - 1, previous):
        yield Break(expected - 1, f"is not the last one: the county knows of {head.audit_seq}")
