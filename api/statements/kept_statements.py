"""Statements are made once their month is over, all of a month's at once, and kept as they are: nobody writes one again."""

from __future__ import annotations

import hashlib

import orjson
from sqlalchemy import Connection, insert, select

from api.fairness.requests_kept import requests_kept
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import FIRST_ASKINGS
from api.statements.monthly_statement import has_statement, offers_by_provider, statement_of
from api.statements.statement_months import is_over, span_of
from api.storage.table_schema import provider_statements


def months_due(state: State) -> list[str]:
    """The months that are over and have no statements yet, the earliest first.

    A month in which the service asked for nobody has none.
    """
    return sorted(month for month in state.stock[FIRST_ASKINGS] if is_over(month, state.as_of))


def keep(change: Change, settings: Settings, month: str) -> int:
    """Make and keep the statements of a month inside a change; how many there are. What was counted for them is let go of.

    Those that are there already, where a clock was set back, stay as they are.
    """
    state, span = change.as_if(), span_of(month)
    counts = state.stock[FIRST_ASKINGS][month].body["providers"]
    offers = offers_by_provider(state, requests_kept(change.connection, state), span)
    told = has_statement(state, span) | counts.keys() | offers.keys()
    there = {provider_id for _, provider_id in kept_months(change.connection, month=month)}
    rows, digests = [], {}
    for provider_id in sorted(told - there):
        found = statement_of(
            state, provider_id, month, span, counts.get(provider_id, {}), offers.get(provider_id, ()), settings.smallest_count
        )
        body = orjson.dumps(found)
        rows.append({"month": month, "provider_id": provider_id, "body": body})
        digests[provider_id] = hashlib.sha256(body).hexdigest()
    if rows:
        change.connection.execute(insert(provider_statements), rows)
    change.remove(FIRST_ASKINGS, month)
    change.remember("statements.keep", "county", details={"month": month, "digests": digests})
    return len(rows)


def kept_months(connection: Connection, *, provider_id: str = "", month: str = "") -> list[tuple[str, str]]:
    """The months, each with whose statement it is, of a provider or of a month; the newest first."""
    table = provider_statements.c
    asked = select(table.month, table.provider_id).order_by(table.month.desc(), table.provider_id)
    if provider_id:
        asked = asked.where(table.provider_id == provider_id)
    if month:
        asked = asked.where(table.month == month)
    return [(row.month, row.provider_id) for row in connection.execute(asked)]


def kept_statement(connection: Connection, provider_id: str, month: str) -> bytes | None:
    """A statement as it was made; None where there is none."""
    table = provider_statements.c
    asked = select(table.body).where(table.provider_id == provider_id, table.month == month)
    found = connection.execute(asked).scalar()
    return None if found is None else bytes(found)
