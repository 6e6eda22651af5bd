"""Statements as they are stored: a record in figures alone, and its lines in a table of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, Row, delete, insert, select

from api.state.state import State
from api.state.stored_records import STATEMENTS, Body, Stored
from api.storage.row_digests import new_salt
from api.storage.sealed_rows import digest_over, seal_of
from api.storage.table_schema import statement_lines
from api.storage.visits_told import sealed_cells
from optimiser.accounting.line_table import LINES

if TYPE_CHECKING:
    from api.accounts.drafting import Draft

DRAFT, FIRST_YES, CLOSED = "draft", "first_yes", "closed"
STATES = (DRAFT, FIRST_YES, CLOSED)
"""``first_yes``: one person would close it, and a second has to confirm."""
PENCE = (
    "visits_gbp", "late_cancellations_gbp", "retainers_gbp", "guarantee_floor_gbp", "guarantee_used_gbp", "guarantee_adds_gbp",
    "incentives_gbp", "adjustments_gbp", "total_gbp",
)  # fmt: skip
HOURS = ("commissioned_hours", "delivered_hours", "billed_hours")
OWN = ("visits_gbp", "late_cancellations_gbp", "retainers_gbp", "guarantee_adds_gbp", "incentives_gbp")
AT_ONCE = 5_000


def pence(cell: str) -> int:
    """Of a cell in pounds."""
    return int(Decimal(cell) * 100)


def statement_of(state: State, contract_id: str, period_starts: dt.date) -> Stored | None:
    """A contract's statement of a period, where there is one."""
    return _by_contract(state).get((contract_id, period_starts.isoformat()))


def _by_contract(state: State) -> Mapping[tuple[str, str], Stored]:
    def found() -> dict[tuple[str, str], Stored]:
        every = state.stock[STATEMENTS].values()
        return {(each.body["contract_id"], each.body["period_starts"]): each for each in every}

    return state.once("statements by contract and period", found)


def closed_before(state: State, contract_id: str, period_starts: dt.date) -> list[Body]:
    """A contract's closed statements of earlier periods, the earliest first."""
    day = period_starts.isoformat()
    mine = (each.body for (of, starts), each in _by_contract(state).items() if of == contract_id and starts < day)
    return sorted((each for each in mine if each["state"] == CLOSED), key=lambda each: str(each["period_starts"]))


def next_id(state: State) -> str:
    """The number of the next statement: they are counted, and none is ever taken out."""
    return f"S{len(state.stock[STATEMENTS]) + 1:06}"


def body_of_draft(statement_id: str, draft: Draft, by: str, at: str, digest: str) -> Body:
    """A draft as it is stored. Figures are whole pence, and hundredths of hours."""
    row = draft.row
    figures = {name: pence(row[name]) for name in PENCE} | {name: int(Decimal(row[name]) * 100) for name in HOURS}
    return {
        "statement_id": statement_id,
        "contract_id": draft.contract_id,
        "provider_id": row["provider_id"],
        "tier": row["tier"],
        "area_id": row["area_id"],
        "period_starts": row["period_starts"],
        "period_ends": row["period_ends"],
        "state": DRAFT,
        "unknown_terms": row["unknown_terms"].split(";") if row["unknown_terms"] else [],
        "figures": figures,
        "own_pence": sum(pence(row[name]) for name in OWN),
        "adjustments": [
            {"period_starts": each["period_starts"], "pence": pence(each["adjustment_gbp"])} for each in draft.adjustments
        ],
        "odd": dict(draft.odd),
        "lines": len(draft.lines),
        "lines_digest": digest,
        "batch": draft.batch,
        "county_version": draft.version,
        "drafted_by": by,
        "drafted_at": at,
        "first_yes": None,
        "closed_by": None,
        "closed_at": None,
    }


def write_lines(connection: Connection, statement_id: str, lines: Sequence[Mapping[str, str]]) -> str:
    """The lines of a draft in place of those that it had; the digest over them."""
    connection.execute(delete(statement_lines).where(statement_lines.c.statement_id == statement_id))
    rows = [_row(statement_id, number, line) for number, line in enumerate(lines, start=1)]
    for begin in range(0, len(rows), AT_ONCE):
        connection.execute(insert(statement_lines), rows[begin : begin + AT_ONCE])
    return digest_over(row["seal"] for row in rows)


def _row(statement_id: str, number: int, line: Mapping[str, str]) -> dict[str, Any]:
    salt = new_salt()
    row: dict[str, Any] = {
        "statement_id": statement_id,
        "number": number,
        "package_id": line["package_id"],
        "cells": orjson.dumps([line[name] for name in LINES]).decode(),
        "pence": pence(line["gbp"]),
        "salt": salt,
    }
    return row | {"seal": seal_of(salt, sealed_cells(statement_lines, row))}


def line_json(row: Row[Any]) -> dict[str, Any]:
    """A line as it is told; of whoever is forgotten only what it pays."""
    cells = {} if row.cells is None else dict(zip(LINES, orjson.loads(row.cells), strict=True))
    told = {name: cells.get(name) or None for name in LINES if name != "contract_id"}
    ids = cells.get("actual_ids", "")
    return {"number": row.number, **told, "gbp": row.pence / 100, "actual_ids": ids.split(";") if ids else []}


def lines_numbered(connection: Connection, statement_id: str, numbers: Sequence[int]) -> list[Row[Any]]:
    """Some lines of a statement, by number."""
    lines = statement_lines.c
    mine = select(statement_lines).where(lines.statement_id == statement_id, lines.number.in_(numbers))
    return list(connection.execute(mine.order_by(lines.number)))


def key_of(line: Mapping[str, Any]) -> list[str]:
    """What a line is about, whatever number it has in a later draft."""
    return [str(line[name] or "") for name in ("package_id", "date", "visit", "worker", "paid_for")]


def statement_json(stored: Stored) -> dict[str, Any]:
    """A statement as it is told: pounds and hours."""
    body = stored.body
    figures = {name: value / 100 for name, value in body["figures"].items()}
    hidden = ("figures", "own_pence", "batch", "county_version", "lines_digest", "adjustments")
    told = {name: value for name, value in body.items() if name not in hidden}
    adjustments = [{"period_starts": each["period_starts"], "gbp": each["pence"] / 100} for each in body["adjustments"]]
    can_close = not body["unknown_terms"] and body["state"] != CLOSED
    return {**told, **figures, "adjustments": adjustments, "can_be_closed": can_close}
