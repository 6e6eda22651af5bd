"""Whether records of visits, and the lines of statements that were made of them, are those that were written.

Of each batch of records an entry of the trail has a digest over their seals; of a statement its lines have one in its record,
which the trail covers. Whatever was changed, put there or taken out past the service is found; what was destroyed with somebody
who is forgotten has left its seal.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, Table, select
from sqlalchemy.exc import SQLAlchemyError

from api.storage.row_ledger import OR_AN_ENTRY, Break, apart, as_stored, named, why
from api.storage.runs_told import FORGET
from api.storage.sealed_rows import digest_over, seal_of
from api.storage.table_schema import actuals, records, statement_lines

TAKEN = "actuals.take"
"""The action of the entry of a batch: its details have its number and digest."""
STATEMENTS = "statements"
"""The kind of the records that have a digest over their lines."""


@dataclass
class VisitsTold:
    """Told entry by entry which batches came; then asked to compare that with what is there."""

    batches: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Per batch the entry that tells of it, and the digest in it."""
    forgotten: int = 0
    """How many records and lines were destroyed with people who are forgotten."""
    _one_is_destroyed: bool = False

    def take(self, action: str, seq: int, details: str | None) -> None:
        """Raises ``TypeError``, ``ValueError`` or ``KeyError`` where the entry of a batch does not say what came."""
        if action == TAKEN and details:
            told = orjson.loads(details)
            self.batches[int(told["batch"])] = seq, str(told["digest"])
        elif action == TAKEN:
            self._one_is_destroyed = True
        elif action == FORGET and details:
            count = orjson.loads(details).get("visits", 0)
            self.forgotten += count if isinstance(count, int) else 0

    def compare(self, connection: Connection, *, chain_holds: bool) -> list[Break]:
        """What does not hold; whose fault that may be where the chain of entries does not."""
        or_an_entry = "" if chain_holds else OR_AN_ENTRY
        try:
            with apart(connection):
                seals, emptied, changed = _seals(connection, actuals, "batch")
                lines, emptied_lines, changed_lines = _seals(connection, statement_lines, "statement_id")
                digests = _digests_of_statements(connection)
        except (SQLAlchemyError, TypeError, ValueError) as error:
            said = f"cannot be read: {why(error)}" if isinstance(error, SQLAlchemyError) else "are damaged"
            return [Break(0, said, "actuals")]
        found = changed + changed_lines + self._batches_missed(seals, or_an_entry)
        for statement_id in sorted(digests.keys() | lines.keys(), key=str):
            if digest_over(lines.get(statement_id, ())) != digests.get(statement_id):
                problem = f"its lines are not those that it was made with{or_an_entry}"
                found.append(Break(0, problem, STATEMENTS, named(statement_id)))
        if emptied + emptied_lines > self.forgotten:
            found.append(Break(0, "more was destroyed than with people who are forgotten", "actuals"))
        return found

    def _batches_missed(self, seals: dict[Any, list[bytes]], or_an_entry: str) -> list[Break]:
        found = []
        for batch in sorted(seals.keys() | self.batches.keys()):
            seq, digest = self.batches.get(batch, (0, ""))
            if seq == 0 and not self._one_is_destroyed:
                problem = f"records of visits that no entry tells of: they were written past the service{or_an_entry}"
                found.append(Break(0, problem, "actuals", named(batch)))
            elif seq and digest_over(seals.get(batch, ())) != digest:
                problem = f"records of visits are not those that the entry tells of{or_an_entry}"
                found.append(Break(seq, problem, "actuals", named(batch)))
        return found


def _seals(connection: Connection, table: Table, by: str) -> tuple[dict[Any, list[bytes]], int, list[Break]]:
    """By batch or statement the seals of its rows; how many rows are emptied; and those that are not what their seal is of."""
    seals, emptied, changed = defaultdict[Any, list[bytes]](list), 0, list[Break]()
    for row in connection.execute(as_stored(table)).mappings():
        seals[row[by]].append(bytes(row["seal"]))
        if row["cells"] is None:
            emptied += 1
        elif seal_of(bytes(row["salt"] or b""), sealed_cells(table, row)) != row["seal"]:
            problem = "is not as it was written: it was changed past the service"
            changed.append(Break(0, problem, table.name, named(row[by])))
    return dict(seals), emptied, changed


def sealed_cells(table: Table, row: RowMapping | dict[str, Any]) -> list[object]:
    """What the seal of a row is of: all of it but pseudonyms, which are destroyed sooner."""
    if table is actuals:
        names = ("actual_id", "batch", "package_id", "date", "contract_id", "corrects", "cells")
        return ["actuals", *(row[name] for name in names)]
    return ["statement_lines", *(row[name] for name in ("statement_id", "number", "package_id", "pence", "cells"))]


def _digests_of_statements(connection: Connection) -> dict[Any, str]:
    mine = select(records.c.id, records.c.body).where(records.c.kind == STATEMENTS, records.c.body.is_not(None))
    return {row.id: str(orjson.loads(row.body)["lines_digest"]) for row in connection.execute(mine)}
