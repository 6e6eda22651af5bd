"""Statements are drafted, read and closed, and their lines questioned by their provider and decided about by a named person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import select

from api.accounts.closing_statements import close, hindrances, refuse_closed
from api.accounts.drafting import Draft, drafts_of
from api.accounts.kept_book import BOOK, kept_files, with_sent
from api.accounts.line_questions import ask, decide, owed, question_json, standing_by_line
from api.accounts.schemas import NewQuery, QueriesQuery, QueryDecision, StatementsQuery, ToDraft
from api.accounts.statement_records import (
    body_of_draft,
    key_of,
    line_json,
    lines_numbered,
    next_id,
    statement_json,
    statement_of,
    write_lines,
)
from api.acts.act import Caller, Size, act, only
from api.http.errors import Problem
from api.http.paging import Page
from api.http.responses import Shown, require, shown, tag
from api.http.strict import Query
from api.own.whose import OWN, own_name, own_provider
from api.security.roles import ADMIN, CONTRACTS, FINANCE
from api.state.state import State
from api.state.stored_records import ACCOUNT_BOOK, LINE_QUERIES, PERIOD_FIGURES, STATEMENTS, Body, Stored
from api.storage.database import reading
from api.storage.table_schema import statement_lines

WHO_PAYS = only(FINANCE, ADMIN)
WHO_KEEPS = only(FINANCE, CONTRACTS, ADMIN)
NO_STATEMENT = "There is no statement of this number."
NO_LINE = "There is no line of this number, or whoever it was about is forgotten."


@act("accounts.read_book", WHO_KEEPS)
def read_book(by: Caller) -> Shown:
    """What statements are made by: when periods begin, terms of contracts, incentives."""
    state = by.store.state()
    return shown({"files": kept_files(state)}, _book_tag(state))


@act("accounts.keep_book", WHO_KEEPS, writes=("account_book.keep",), changes=True, takes=Size.LIST)
def keep_book(by: Caller, sent: Mapping[str, bytes], if_match: str | None = None) -> Shown:
    """Files of the account book are kept in place of those of the same names; all of them are judged together."""
    with by.change() as change:
        require(if_match, _book_tag(change.state))
        before, files = kept_files(change.state), with_sent(change.state, sent)
        if files != before:
            change.put(ACCOUNT_BOOK, BOOK, {"files": files})
            changed = {name: text for name, text in files.items() if before.get(name) != text}
            told = {"before": {name: before.get(name, "") for name in changed}, "after": changed}
            change.remember("account_book.keep", "account_book", BOOK, told)
        after = change.as_if()
    return shown({"files": files}, _book_tag(after))


def _book_tag(state: State) -> str:
    stored = state.get(ACCOUNT_BOOK, BOOK)
    return tag(0 if stored is None else stored.version)


@act("accounts.draft", WHO_PAYS, writes=("statement.draft", "period_figures.count"), changes=True)
def draft(by: Caller, given: ToDraft) -> Shown:
    """A period's statements are drafted, or one contract's, from the records of visits that have come; a draft is made anew."""
    before = by.store.state()
    if given.contract_id is not None:
        if before.get("contracts", given.contract_id) is None:
            raise Problem("not_found", "There is no contract of this id.")
        known = statement_of(before, given.contract_id, given.period_starts)
        if known is not None:
            refuse_closed(known.body)
    with reading(by.store.engine) as connection:
        drafts = drafts_of(connection, before, given.period_starts, given.contract_id)
    bodies = [_keep(by, each) for each in drafts.of_contracts]
    if drafts.figures is not None:
        _keep_figures(by, drafts.figures)
    return shown(
        {
            "period_starts": given.period_starts.isoformat(),
            "statement_ids": [each["statement_id"] for each in bodies],
            "total_gbp": sum(each["figures"]["total_gbp"] for each in bodies) / 100,
            "cannot_be_closed": [each["statement_id"] for each in bodies if each["unknown_terms"]],
        }
    )


def _keep(by: Caller, made: Draft) -> dict[str, Any]:
    """Each contract's is a change of its own. One that somebody has closed meanwhile stays as it is."""
    at = by.settings.clock.now().isoformat()
    with by.change() as change:
        known = statement_of(change.state, made.contract_id, made.period.starts)
        if known is not None and known.body["state"] == "closed":
            return known.body
        statement_id = next_id(change.state) if known is None else known.body["statement_id"]
        digest = write_lines(change.connection, statement_id, made.lines)
        body = body_of_draft(statement_id, made, by.actor.name, at, digest)
        change.put(STATEMENTS, statement_id, body)
        told = {"contract_id": made.contract_id, "period_starts": body["period_starts"], "lines": body["lines"]}
        told |= {"total_pence": body["figures"]["total_gbp"], "batch": made.batch}
        change.remember("statement.draft", "statements", statement_id, told)
    return body


def _keep_figures(by: Caller, figures: Body) -> None:
    """What the whole period tells beside its statements takes the place of what it told before."""
    body = figures | {"counted_by": by.actor.name, "counted_at": by.settings.clock.now().isoformat()}
    with by.change() as change:
        change.put(PERIOD_FIGURES, body["period_starts"], body)
        told = {"period_starts": body["period_starts"], "batch": body["batch"], "people": body["people"]}
        change.remember("period_figures.count", PERIOD_FIGURES, body["period_starts"], told)


@act("accounts.list", WHO_KEEPS)
def list_statements(by: Caller, query: StatementsQuery) -> Page[bytes]:
    """Statements in figures alone, the newest period first."""
    found = (
        each
        for each in by.store.state().stock[STATEMENTS].values()
        if query.contract_id in (None, each.body["contract_id"])
        and query.provider_id in (None, each.body["provider_id"])
        and query.state in (None, each.body["state"])
        and (query.period_starts is None or each.body["period_starts"] == query.period_starts.isoformat())
    )
    return _paged(by, found, query)


def _paged(by: Caller, found: Iterable[Stored], query: Query, *, own: bool = False) -> Page[bytes]:
    def turn(each: Stored) -> tuple[int, str]:
        return -dt.date.fromisoformat(each.body["period_starts"]).toordinal(), each.body["contract_id"]

    page = by.page(found, turn, query.limit, query.cursor)
    return Page([orjson.dumps(_told(each, own=own)) for each in page.items], page.next_cursor)


def _told(stored: Stored, *, own: bool = False) -> dict[str, Any]:
    """A provider is told that its statement is closed, and not who of the council did what."""
    told = statement_json(stored) | {"in_the_way": None}
    first = told["first_yes"] and {"by": "", "at": told["first_yes"]["at"]}
    return told | ({"drafted_by": None, "closed_by": None, "first_yes": first, "odd": {}} if own else {})


@act("accounts.read", WHO_KEEPS)
def read_statement(by: Caller, statement_id: str) -> Shown:
    """One statement in figures, with what stands in the way of closing it."""
    with reading(by.store.engine) as connection:
        state = by.store.live.at(connection)
        stored = _statement(state, statement_id)
        told = statement_json(stored)
        told["in_the_way"] = [] if told["state"] == "closed" else hindrances(connection, state, by.settings, stored.body)
    return shown(told | {"can_be_closed": told["can_be_closed"] and not told["in_the_way"]}, tag(stored.version))


@act("accounts.lines", WHO_PAYS, writes=("statement.read_lines",))
def list_lines(by: Caller, statement_id: str, query: Query) -> Page[bytes]:
    """The lines of a statement, each with whose visit it was, the minutes that count, and why."""
    return _lines(by, by.store.state(), statement_id, query)


def _lines(by: Caller, state: State, statement_id: str, query: Query) -> Page[bytes]:
    _statement(state, statement_id)
    with reading(by.store.engine) as connection:
        numbers = select(statement_lines.c.number).where(statement_lines.c.statement_id == statement_id)
        page = by.page(connection.execute(numbers).scalars(), lambda each: (each,), query.limit, query.cursor)
        lines = [line_json(row) for row in lines_numbered(connection, statement_id, page.items)]
    seen = {"package_ids": sorted({each["package_id"] for each in lines if each["package_id"]})}
    state = by.read("statement.read_lines", "statements", statement_id, seen)
    standing = standing_by_line(state, statement_id)
    told = (each | {"query": standing.get(tuple(key_of(each)))} for each in lines)
    return Page([orjson.dumps(each) for each in told], page.next_cursor)


@act("accounts.close", WHO_PAYS, writes=("statement.close", "statement.first_yes"), changes=True)
def close_statement(by: Caller, statement_id: str, if_match: str | None = None) -> Shown:
    """A named person closes a statement: it is never rewritten. Above what they may close alone a second one confirms."""
    with by.change() as change:
        stored = _statement(change.state, statement_id)
        require(if_match, tag(stored.version))
        close(change, by.settings, stored.body, by.settings.clock.now().isoformat())
        after = _statement(change.as_if(), statement_id)
    return shown(_told(after), tag(after.version))


@act("accounts.queries", WHO_PAYS, writes=("statement.read_queries",))
def list_queries(by: Caller, query: QueriesQuery) -> Page[bytes]:
    """Lines that providers question: those that nobody has decided about first."""
    state = by.store.state()
    found = (
        each.body
        for each in state.stock[LINE_QUERIES].values()
        if query.statement_id in (None, each.body["statement_id"]) and query.state in (None, each.body["state"])
    )
    page = by.page(found, lambda body: (body["state"] != "open", body["asked_at"], body["query_id"]), query.limit, query.cursor)
    seen = {"package_ids": sorted({body["about"][0] for body in page.items})}
    by.read("statement.read_queries", "statements", details=seen)
    return Page([orjson.dumps(question_json(state, by.settings, body)) for body in page.items], page.next_cursor)


@act("accounts.owed_queries", WHO_KEEPS)
def list_owed(by: Caller) -> Shown:
    """To which providers decisions about lines are owed, and by when; of nobody's visit anything is told."""
    found: dict[str, list[Body]] = {}
    state = by.store.state()
    for body in owed(state, by.settings):
        found.setdefault(body["provider_id"], []).append(body)
    items = [
        {
            "provider_id": provider_id,
            "lines": len(bodies),
            "answer_by": bodies[0]["answer_by"],
            "late": sum(body["is_late"] for body in bodies),
        }
        for provider_id, bodies in found.items()
    ]
    return shown({"items": items, "next_cursor": None})


@act("accounts.decide_query", WHO_PAYS, writes=("statement.decide_query",), changes=True)
def decide_query(by: Caller, query_id: str, given: QueryDecision) -> Shown:
    """A named person decides about a line that is questioned; where it is upheld, the record of the visit has to be corrected."""
    with by.change() as change:
        stored = change.state.get(LINE_QUERIES, query_id)
        if stored is None:
            raise Problem("not_found", "There is no query of this id.")
        body = decide(change, stored.body, given.decision, given.reason, by.settings.clock.now().isoformat())
        told = {"query_id": query_id, "decision": given.decision, "reason": given.reason, "package_id": body["about"][0]}
        change.remember("statement.decide_query", "statements", body["statement_id"], told)
    return shown(question_json(change.state, by.settings, body))


@act("own.accounts", OWN)
def list_own(by: Caller, query: Query) -> Page[bytes]:
    """The provider's own statements in figures, drafts too, the newest period first."""
    state = by.store.state()
    provider_id = own_provider(by, state).provider_id
    mine = (each for each in state.stock[STATEMENTS].values() if each.body["provider_id"] == provider_id)
    return _paged(by, mine, query, own=True)


@act("own.account", OWN)
def read_own(by: Caller, statement_id: str) -> Shown:
    """One of the provider's own statements in figures."""
    stored = _own(by, by.store.state(), statement_id)
    return shown(_told(stored, own=True), tag(stored.version))


@act("own.account_lines", OWN, writes=("statement.read_lines",))
def list_own_lines(by: Caller, statement_id: str, query: Query) -> Page[bytes]:
    """The lines of one of the provider's own statements."""
    state = by.store.state()
    _own(by, state, statement_id)
    return _lines(by, state, statement_id, query)


@act("own.account_queries", OWN, writes=("statement.read_queries",))
def list_own_queries(by: Caller, statement_id: str) -> Shown:
    """What the provider has asked about lines of one of its own statements, and what was decided."""
    state = by.store.state()
    _own(by, state, statement_id)
    bodies = [each.body for each in state.stock[LINE_QUERIES].values() if each.body["statement_id"] == statement_id]
    if about := sorted({each["about"][0] for each in bodies}):
        by.read("statement.read_queries", "statements", statement_id, {"package_ids": about})
    bodies.sort(key=lambda body: (str(body["asked_at"]), str(body["query_id"])))
    return shown({"items": [question_json(state, by.settings, each, own=True) for each in bodies], "next_cursor": None})


@act("own.query_account", OWN, writes=("statement.query_line",), changes=True)
def query_line(by: Caller, statement_id: str, given: NewQuery) -> Shown:
    """The provider questions a line of its own statement: it stands as queried until a named person decides."""
    with by.change() as change:
        stored = _own(by, change.state, statement_id)
        rows = lines_numbered(change.connection, statement_id, [given.number])
        if not rows or rows[0].cells is None:
            raise Problem("not_found", NO_LINE)
        line = line_json(rows[0])
        body = ask(change, by.settings, stored.body, line, given.words, own_name(by))
        told = {"query_id": body["query_id"], "number": given.number, "package_id": line["package_id"], "words": given.words}
        change.remember("statement.query_line", "statements", statement_id, told)
    return shown(question_json(change.state, by.settings, body, own=True))


def _statement(state: State, statement_id: str) -> Stored:
    stored = state.get(STATEMENTS, statement_id)
    if stored is None:
        raise Problem("not_found", NO_STATEMENT)
    return stored


def _own(by: Caller, state: State, statement_id: str) -> Stored:
    """Raises the problem ``not_found`` for all others' as well, whether they are there or not."""
    provider, stored = own_provider(by, state), state.get(STATEMENTS, statement_id)
    if stored is None or stored.body["provider_id"] != provider.provider_id:
        raise Problem("not_found", NO_STATEMENT)
    return stored
