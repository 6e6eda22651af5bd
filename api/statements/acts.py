"""Statements are made once their month is over, read by their provider and the council, and asked about line by line."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import orjson

from api.acts.act import Caller, act, only
from api.http.errors import Problem, declare
from api.http.paging import Page
from api.http.responses import Shown, shown
from api.http.strict import Query
from api.own.whose import OWN, own_name, own_provider
from api.security.roles import ADMIN, CONTRACTS, PLANNER, SERVICE
from api.state.state import State
from api.state.stored_records import STATEMENT_QUERIES, Body
from api.state.trusted_time import judge
from api.statements.kept_statements import keep, kept_months, kept_statement, months_due
from api.statements.line_queries import MOST_OPEN, due_on, queries_of, query_json, turn_of
from api.statements.schemas import NewLineQuery, QueriesQuery, QueryAnswer
from api.storage.database import reading

WHO_READS = only(CONTRACTS, PLANNER, ADMIN)
WHO_ANSWERS = only(CONTRACTS, ADMIN)
QUERY_ANSWERED = declare("query_answered", 409, "This query has an answer already")
TOO_MANY_OPEN = declare("too_many_open", 409, "So many queries wait for an answer that no further one is taken")
NO_STATEMENT = "There is no statement of this month: one is made a week after the month has ended."
NO_QUERY = "There is no query of this id."


@act("statements.keep", only(SERVICE), writes=("statements.keep", "clock.doubt"), changes=True)
def keep_due(by: Caller) -> list[str]:
    """The statements of months that are over are made and kept, unless the clock is not believed; which months."""
    if by.store.is_empty():
        return []
    with reading(by.store.engine) as connection:
        due = months_due(by.store.live.at(connection))
        if not due or judge(connection, by.settings).doubt is not None:
            return []
    for month in due:
        with by.change() as change:
            if month in months_due(change.state):  # another process may have been quicker
                keep(change, by.settings, month)
    return due


@act("statements.list", WHO_READS)
def list_statements(by: Caller, provider_id: str) -> Shown:
    """The months of which a provider has a statement, the newest first."""
    _known(by.store.state(), provider_id)
    return _months(by, provider_id)


@act("statements.read", WHO_READS)
def read(by: Caller, provider_id: str, month: str) -> Shown:
    """A provider's statement of a month, as it was made and as the provider reads it."""
    _known(by.store.state(), provider_id)
    return _statement(by, provider_id, month)


@act("own.statements", OWN)
def list_own(by: Caller) -> Shown:
    """The months of which somebody's own provider has a statement, the newest first."""
    return _months(by, own_provider(by, by.store.state()).provider_id)


@act("own.statement", OWN)
def read_own(by: Caller, month: str) -> Shown:
    """The own provider's statement of a month: its offers, and why it was not asked, in counts in which nobody can be found."""
    return _statement(by, own_provider(by, by.store.state()).provider_id, month)


@act("own.query_line", OWN, writes=("statement.queried",), changes=True)
def query_line(by: Caller, month: str, given: NewLineQuery) -> Shown:
    """Somebody at a provider asks about a line of its statement; a named officer answers by a day."""
    provider_id = own_provider(by, by.store.state()).provider_id
    _statement(by, provider_id, month)
    with by.change() as change:
        open_ones = [each for each in queries_of(change.state, provider_id) if each["answered_at"] is None]
        for each in open_ones:
            if (each["month"], each["line"], each["said"]) == (month, given.line, given.said):
                return shown(_own(change.state, each))  # sent twice
        if len(open_ones) >= MOST_OPEN:
            raise Problem(TOO_MANY_OPEN, f"{len(open_ones)} of yours wait: ring the council's contract officers.")
        now = by.settings.clock.now()
        body: Body = {
            "query_id": f"SQ-{secrets.token_hex(8)}",
            "provider_id": provider_id,
            "month": month,
            **given.model_dump(),
            "asked_by": own_name(by),
            "asked_at": now.isoformat(),
            "answer_by": due_on(by.settings, now.date()).isoformat(),
            **dict.fromkeys(("answer", "answered_by", "answered_at")),
        }
        change.put(STATEMENT_QUERIES, body["query_id"], body)
        told = {name: body[name] for name in ("query_id", "month", "line", "answer_by")}
        change.remember("statement.queried", "providers", provider_id, told)
        state = change.as_if()
    return shown(_own(state, body))


@act("own.line_queries", OWN)
def list_own_queries(by: Caller, query: Query) -> Page[bytes]:
    """What the own provider has asked about its statements, open ones first, with the answers."""
    state = by.store.state()
    return _page(by, state, queries_of(state, own_provider(by, state).provider_id), query, _own)


@act("statements.queries", WHO_READS)
def list_queries(by: Caller, query: QueriesQuery) -> Page[bytes]:
    """What providers ask about lines of their statements: open ones by the day of their answer, then those with one."""
    state = by.store.state()
    found = [each for each in queries_of(state, query.provider_id) if not query.open or each["answered_at"] is None]
    return _page(by, state, found, query, query_json)


@act("statements.answer", WHO_ANSWERS, writes=("statement.answered",), changes=True)
def answer(by: Caller, query_id: str, given: QueryAnswer) -> Shown:
    """A named officer answers what a provider asked about a line; the provider reads the answer and the name."""
    with by.change() as change:
        stored = change.state.get(STATEMENT_QUERIES, query_id)
        if stored is None:
            raise Problem("not_found", NO_QUERY)
        if stored.body["answered_at"] is not None:
            raise Problem(QUERY_ANSWERED, "What else there is to say belongs into a call or a letter.")
        answered = {"answered_by": by.actor.name, "answered_at": by.settings.clock.now().isoformat()}
        body = stored.body | {"answer": given.answer, **answered}
        change.put(STATEMENT_QUERIES, query_id, body)
        told = {"query_id": query_id, "month": body["month"], "line": body["line"]}
        change.remember("statement.answered", "providers", body["provider_id"], told)
        state = change.as_if()
    return shown(query_json(state, body))


def _known(state: State, provider_id: str) -> None:
    if state.get("providers", provider_id) is None:
        raise Problem("not_found", "There is no provider of this id.")


def _months(by: Caller, provider_id: str) -> Shown:
    with reading(by.store.engine) as connection:
        months = [month for month, _ in kept_months(connection, provider_id=provider_id)]
    return shown({"provider_id": provider_id, "months": months})


def _statement(by: Caller, provider_id: str, month: str) -> Shown:
    with reading(by.store.engine) as connection:
        body = kept_statement(connection, provider_id, month)
    if body is None:
        raise Problem("not_found", NO_STATEMENT)
    return Shown(body)


def _own(state: State, body: Body) -> dict[str, Any]:
    """As its provider reads it: who has answered, by name and without the id of their key."""
    told = query_json(state, body)
    return told | {"answered_by": told["answered_by"] and str(told["answered_by"]).partition(" (")[0]}


def _page(by: Caller, state: State, found: list[Body], query: Query, as_told: Callable[[State, Body], Any]) -> Page[bytes]:
    page = by.page(found, turn_of, query.limit, query.cursor)
    return Page([orjson.dumps(as_told(state, each)) for each in page.items], page.next_cursor)
