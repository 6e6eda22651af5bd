"""Digests of rows: what an entry of the audit trail commits to of the records, keys and settings that its transaction wrote.

Each row has a salt of its own. A digest is of the salt and everything in the row, so it tells nothing of a row that is gone, and
an entry that lists digests need never be destroyed for anybody. An entry tells which digests came and which went: the rows that
are there must be exactly those that came and never went, so that a row that was written past the service is found, one that was
taken out, and one that was put back as it once was. See ``row_ledger`` for the other side.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, RowMapping, Table, select

from api.storage import table_schema

T = TypeVar("T")
SALT_BYTES = 16
AT_ONCE = 500
"""How many rows a statement names: databases take only so many parameters."""
COVERED = {
    "county": ("id", "title", "policy", "practice"),
    "keys": ("key_id", "name", "roles", "secret_hash", "created_at", "expires_at", "revoked_at"),
    "records": ("kind", "id", "body", "version", "since"),
}
"""Per table the columns that a digest is of. Not when a key was used last, nor what moves with every entry."""
WHERE_GIVEN = {"keys": ("provider_id",)}
"""Columns that tables did not always have: where they are empty, the digest is what it was before there were any."""
TABLES: Mapping[str, Table] = {name: table_schema.metadata.tables[name] for name in COVERED}


@dataclass(frozen=True)
class RowDigests:
    """The rows that a transaction wrote. ``version``: the county's, where it wrote records or settings."""

    version: int | None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.came or self.went)

    def __add__(self, other: RowDigests) -> RowDigests:
        version = self.version if other.version is None else other.version
        return RowDigests(version, self.came + other.came, self.went + other.went)

    def text(self) -> str:
        """As it stands in an entry."""
        return orjson.dumps({"version": self.version, "came": self.came, "went": self.went}).decode()


NO_ROWS = RowDigests(None)


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def digest_of(table: str, row: Mapping[str, Any] | RowMapping) -> str:
    """The digest of a row with its ``salt``, after the name of its table. Raises ``TypeError`` for what no such row can hold."""
    salt = b"" if row["salt"] is None else row["salt"]
    cells = [bool(row[name]) if name == "practice" else row[name] for name in COVERED[table]]
    cells += [{name: row[name]} for name in WHERE_GIVEN.get(table, ()) if row.get(name)]
    return f"{table}:{hashlib.sha256(salt + orjson.dumps([table, *cells])).hexdigest()}"


def records_there(connection: Connection, named: Iterable[tuple[str, str]]) -> dict[tuple[str, str], RowMapping]:
    """The records that are there among some, as they stand in the database."""
    by_kind: dict[str, list[str]] = {}
    for kind, record_id in named:
        by_kind.setdefault(kind, []).append(record_id)
    found: dict[tuple[str, str], RowMapping] = {}
    for kind, ids in by_kind.items():
        for some in in_parts(ids):
            record = table_schema.records
            rows = connection.execute(select(record).where(record.c.kind == kind, record.c.id.in_(some))).mappings()
            found |= {(kind, row["id"]): row for row in rows}
    return found


def gone(table: str, rows: Iterable[RowMapping], version: int | None = None) -> RowDigests:
    """Rows that are about to be deleted or written anew, as they are: one that was never in the trail is found by it."""
    return RowDigests(version, went=tuple(digest_of(table, row) for row in rows))


def came(table: str, rows: Collection[Mapping[str, Any]], version: int | None = None) -> RowDigests:
    """Rows that are being written, each with a salt."""
    return RowDigests(version, came=tuple(digest_of(table, row) for row in rows))


def in_parts(ids: Sequence[T]) -> Iterator[Sequence[T]]:
    """So many at once as a statement may name."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
