"""What runs have written of people: explanations one by one, results whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, or_, select, update

from api.state.naming import names_any, says
from api.storage import table_schema
from api.storage.who_is_in_it import people_in

WORDS_OF_A_CALLER = "idempotency_key"
"""Plain words, and no JSON: whoever asks for a run may put anything into it. No two of one caller's are the same."""


def destroy_results(connection: Connection, ids: Collection[str]) -> int:
    """Delete explanations that name one of the ids, and destroy the results that do; returns how many results that were.

    A result is destroyed whole: without some of its people it would belie its digest.
    """
    _delete_explanations(connection, ids)
    runs = people_in(table_schema.runs)
    _empty(connection, table_schema.run_events, people_in(table_schema.run_events), ids)
    _rename(connection, ids)
    _empty(connection, table_schema.runs, [name for name in runs if name not in ("result", WORDS_OF_A_CALLER)], ids)
    return _empty(connection, table_schema.runs, ("result",), ids)


def destroy_old_runs(connection: Connection, before: str) -> int:
    """What runs that ended before a moment have left behind: their events, explanations, results and what went wrong. That they
    were, who asked for them and when, stays. Returns how many had any of it.
    """
    runs, ended = table_schema.runs, table_schema.runs.c.finished_at < before
    traces = (table_schema.run_explanations, table_schema.run_events)
    left = [select(each.c.run_id).where(each.c.run_id == runs.c.run_id).exists() for each in traces]
    has_any = or_(runs.c.result.is_not(None), *left)
    found = connection.execute(select(runs.c.run_id).where(ended, has_any)).scalars().all()
    for run_id in found:
        for each in traces:
            connection.execute(delete(each).where(each.c.run_id == run_id))
        connection.execute(update(runs).where(runs.c.run_id == run_id).values(result=None, problem=None))
    return len(found)


def _delete_explanations(connection: Connection, ids: Collection[str]) -> None:
    table = table_schema.run_explanations
    rows = connection.execute(select(table).execution_options(yield_per=1000))
    for run_id, package_id in [(row.run_id, row.package_id) for row in rows if row.package_id in ids or names_any(row.body, ids)]:
        connection.execute(delete(table).where(table.c.run_id == run_id, table.c.package_id == package_id))


def _rename(connection: Connection, ids: Collection[str]) -> None:
    """A run that was asked for in words which name one of the ids has its own name in their place."""
    table = table_schema.runs
    rows = connection.execute(select(table.c.run_id, table.c[WORDS_OF_A_CALLER]))
    for run_id in [row.run_id for row in rows if says(row.idempotency_key, ids)]:
        new = f"forgotten {run_id}"
        connection.execute(update(table).where(table.c.run_id == run_id).values({WORDS_OF_A_CALLER: new}))


def _empty(connection: Connection, table: Table, names: Sequence[str], ids: Collection[str]) -> int:
    """Empty the columns that name one of the ids; returns how many lines that were."""
    keys = list(table.primary_key)
    rows = connection.execute(select(*keys, *(table.c[name] for name in names)).execution_options(yield_per=100))
    found: list[tuple[list[Any], dict[str, Any]]] = []
    for row in rows:
        empty = {name: None if table.c[name].nullable else "{}" for name in names if names_any(getattr(row, name), ids)}
        if empty:
            found.append(([getattr(row, key.name) for key in keys], empty))
    for values, empty in found:
        mine = and_(*(key == value for key, value in zip(keys, values, strict=True)))
        connection.execute(update(table).where(mine).values(**empty))
    return len(found)
