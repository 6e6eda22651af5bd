"""What was acknowledged before anything was damaged, as the database then had it, and what of it is there afterwards."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from api.storage import table_schema
from api.storage.database import open_database, reading
from api.storage.row_ledger import as_stored
from api.storage.whole_files import faults_of_files

LASTING = ("records", "keys", "audit", "runs", "run_events", "run_explanations")
"""Tables whose rows stay, whatever else happens in a campaign that forgets nobody."""
MOVING = {
    "keys": {"last_used_on"},
    "runs": {"started_at", "finished_at", "status", "attempts", "fence", "beats", "state_version", "turn", "cancel"},
    "records": {"version", "body", "salt"},
}
"""What of a row may go on changing, beside what is acknowledged."""


def rows_of(engine: Engine) -> dict[tuple[str, ...], bytes]:
    """Every lasting row by its table and key. Raises what the database raises."""
    found: dict[tuple[str, ...], bytes] = {}
    with reading(engine) as connection:
        for name in LASTING:
            table = table_schema.metadata.tables[name]
            keys = [column.name for column in table.primary_key]
            for row in connection.execute(as_stored(table)).mappings():
                found[(name, *(str(row[key]) for key in keys))] = _bytes_of(dict(row))
    return found


def _bytes_of(row: dict[str, Any]) -> bytes:
    return orjson.dumps({str(name): value.hex() if isinstance(value, bytes) else value for name, value in row.items()})


@dataclass
class History:
    """``rows``: as they were when they were acknowledged last. ``heads``: per entry of the trail its hash."""

    rows: dict[tuple[str, ...], bytes] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)

    @staticmethod
    def of(url: str) -> History:
        engine = open_database(url)
        audit = table_schema.audit.c
        try:
            with reading(engine) as connection:
                heads = {int(seq): str(each) for seq, each in connection.execute(select(audit.seq, audit.hash))}
            return History(rows_of(engine), heads)
        finally:
            engine.dispose()


@dataclass(frozen=True)
class Compared:
    """``lost``: rows that are not there, or not as they were. ``unreadable``: some cannot be read, as whoever asks is told."""

    lost: list[tuple[str, ...]]
    unreadable: bool
    broken: bool
    """The files themselves show that they are damaged."""


def compared(history: History, url: str, *, went_on: bool = False) -> Compared:
    """What is there of a history. ``went_on``: rows may have changed since then, and none of them gone."""
    engine = open_database(url)
    try:
        broken = _is_broken(engine)
        try:
            there = rows_of(engine)
        except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError, orjson.JSONEncodeError):
            return Compared([], unreadable=True, broken=broken)
        lost = [key for key, row in history.rows.items() if key not in there or not _same(key[0], row, there[key], went_on)]
        return Compared(lost, unreadable=False, broken=broken)
    finally:
        engine.dispose()


def _is_broken(engine: Engine) -> bool:
    try:
        with reading(engine) as connection:
            return bool(faults_of_files(connection))
    except (SQLAlchemyError, sqlite3.Error):
        return True


def _same(table: str, before: bytes, now: bytes, went_on: bool) -> bool:
    if before == now:
        return True
    moving = MOVING.get(table, set()) if went_on else MOVING["keys"] if table == "keys" else set()
    one, other = orjson.loads(before), orjson.loads(now)
    return all(one[name] == other[name] for name in one.keys() - moving)
