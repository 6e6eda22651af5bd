"""Whether the rows that are there are those that the audit trail tells of: what came with its entries, and never went.

Digests that came are counted up, those that went down, in whatever order they are told. What is left is what should be there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import ColumnClause, Connection, RowMapping, Select, Table, column, select
from sqlalchemy.exc import SQLAlchemyError

from api.storage.failures import failure_of
from api.storage.row_digests import COVERED, TABLES, digest_of
from api.storage.table_schema import COUNTY_ID
from optimiser.io.faults import clean

BEGIN = "rows.begin"
"""The action of the entry by which a trail that is older than digests begins to tell of rows: nothing came before it."""

OR_AN_ENTRY = ", or the entry that told of it is damaged or gone"


FILES = "files"
"""In the place of a table: not one row, but what the database is kept in."""


@dataclass(frozen=True)
class Break:
    """Where the trail does not hold, and why. ``seq``: the entry; 0: none, what is wrong is a row that no entry tells of."""

    seq: int
    problem: str
    table: str = ""
    """Of rows: ``keys``, ``county``, ``runs``, ``sessions``, ``records`` or their kind; ``FILES``; empty: it is the chain."""
    row_id: str = ""
    """And which one. It may be a person's: who is told of no people is not told this."""


@dataclass
class RowLedger:
    """Told entry by entry what came and went; then asked to compare it with what is there."""

    breaks: list[Break] = field(default_factory=list)
    compared: int = 0
    """How many rows that were."""
    _there: dict[str, int] = field(default_factory=dict)
    """Of digests that came and have not gone, and of those that went and have not come, the entries that say so."""
    _went: dict[str, int] = field(default_factory=dict)
    _version_of: dict[int, object] = field(default_factory=dict)
    _begun_at: object = None
    """The version of the county from which on the trail tells of rows, where it is older."""
    _newest: tuple[int, int] = (0, 0)
    """The last version of the county that an entry tells of, after the number of that entry."""

    def take(self, seq: int, action: str, text: Any) -> None:
        """The digests of an entry. Raises ``TypeError``, ``ValueError`` or ``KeyError`` for what are none: then none is taken."""
        told = orjson.loads(text)
        came, went, version = _digests(told["came"]), _digests(told["went"]), told["version"]
        if version is not None:
            if type(version) is not int:
                raise TypeError("a version is a whole number")
            self._newest = seq, version
        self._version_of[seq] = version
        if action == BEGIN:
            if len(self._version_of) > 1:
                problem = "takes rows as they are, after others were told of: whatever was changed before is hidden by it"
                self.breaks.append(Break(seq, problem, "records"))
            self._begun_at = told["version"]
        for digest in came:
            if self._went.pop(digest, None) is None:
                self._there[digest] = seq
        for digest in went:
            if self._there.pop(digest, None) is None:
                self._went[digest] = seq

    def compare(self, connection: Connection, *, chain_holds: bool) -> None:
        """Every row against the entries, in the transaction that read these.

        ``chain_holds``: whether they are all there, as they were written; else what is said of a row may be their fault.
        """
        unknown = [each for table in COVERED for each in self._unknown_of(connection, table)]
        left = defaultdict[tuple[str, object], list[int]](list)
        for digest, seq in self._there.items():
            table = digest.partition(":")[0]
            left[table, self._version_of.get(seq) if table == "records" else None].append(seq)
        for table, row in unknown:
            # A changed record has the version of the entry that wrote it; so it is told once, with that entry.
            version = row["version"] if table == "records" else None
            told_by = left.get((table, version)) or left.get((table, self._begun_at))
            self.breaks.append(_unknown(table, row, told_by.pop(0) if told_by else 0, chain_holds=chain_holds))
        gone = sorted({(seq, table) for (table, _), entries in left.items() for seq in entries})
        self.breaks += [Break(seq, "a row is not there any more, or not as the entry wrote it", table) for seq, table in gone]
        over = sorted({(seq, digest.partition(":")[0]) for digest, seq in self._went.items()})
        problem = f"the entry wrote over a row that had been changed past the service{'' if chain_holds else OR_AN_ENTRY}"
        self.breaks += [Break(seq, problem, table) for seq, table in over]

    def _unknown_of(self, connection: Connection, table: str) -> list[tuple[str, RowMapping]]:
        found = []
        try:
            with apart(connection):
                for row in connection.execute(as_stored(TABLES[table])).mappings():
                    self.compared += 1
                    if table == "county" and row["id"] == COUNTY_ID and row["version"] != self._newest[1]:
                        problem = "its version is not the one that the last entry about records or settings tells of"
                        self.breaks.append(Break(self._newest[0], problem, table))
                    if not self._knows(table, row):
                        found.append((table, row))
        except SQLAlchemyError as error:
            self.breaks.append(Break(0, f"cannot be read: {why(error)}", table))
        return found

    def _knows(self, table: str, row: RowMapping) -> bool:
        if table == "county" and row["id"] == COUNTY_ID and row["salt"] is None and not (row["title"] or row["policy"]):
            return True  # nothing was loaded yet
        try:
            return self._there.pop(digest_of(table, row), None) is not None
        except (TypeError, ValueError):
            return False


@contextmanager
def apart(connection: Connection) -> Iterator[None]:
    """What may fail is read apart: else PostgreSQL would let everything fail that is read after it in the same transaction."""
    if connection.dialect.name == "sqlite":
        yield
    else:
        with connection.begin_nested():
            yield


def as_stored(table: Table) -> Select[*tuple[Any, ...]]:
    """All of a table, each cell as the database has it, whatever it should be: what is damaged is read as well."""
    columns: list[ColumnClause[Any]] = [column(each.name) for each in table.c]
    return select(*columns).select_from(table).execution_options(yield_per=1000)


def why(error: SQLAlchemyError) -> str:
    """What is wrong with a database that cannot be read, in a sentence."""
    failure = failure_of(error)
    return "It has not the form that it should have." if failure is None else failure.sentence


def _digests(told: Any) -> list[str]:
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise TypeError("digests are a list of texts")
    return told


LONGEST_SHOWN = 200


def _unknown(table: str, row: RowMapping, seq: int, *, chain_holds: bool) -> Break:
    why = f"it was written past the service{'' if chain_holds else OR_AN_ENTRY}"
    kind = row["kind"] if table == "records" else table
    row_id = row["key_id"] if table == "keys" else row["id"] if table == "records" else ""
    return Break(seq, f"is not as any entry tells of it: {why}", named(kind), named(row_id))


def named(cell: object) -> str:
    """Whatever stands in a cell that names a row, on one line."""
    text = str(cell)
    return clean(text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…")
