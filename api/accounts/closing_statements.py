"""Closing a statement: what stands in the way of it, who may alone, and who else has to confirm it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import Connection

from api.accounts.kept_book import BOOK
from api.accounts.line_questions import open_questions
from api.accounts.records_since import changed_since
from api.accounts.statement_records import CLOSED, closed_before
from api.actuals.stored_actuals import number_workers
from api.http.errors import Problem, declare
from api.incentives.opened_periods import changed_after
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import ACCOUNT_BOOK, STATEMENTS, Body
from api.storage.audit import Actor
from optimiser.domain.dates import days_after
from optimiser.domain.words import pounds_in_words

CANNOT_CLOSE = declare("cannot_be_closed", 409, "Something stands in the way of closing this statement; `faults` says what")
ALREADY_CLOSED = declare("already_closed", 409, "The statement is closed: it is never rewritten")
SAME_PERSON = declare("same_person", 409, "A second, other person has to confirm this")
FIRST_DAY = "0001-01-01"


def refuse_closed(body: Body) -> None:
    """Raises the problem ``already_closed`` for a statement that is."""
    if body["state"] == CLOSED:
        told = f"It was closed by {body['closed_by']}. What is wrong with it is put right by correcting the record of the visit:"
        raise Problem(ALREADY_CLOSED, f"{told} the next statement has an adjustment.")


def hindrances(connection: Connection, state: State, settings: Settings, body: Body) -> list[str]:
    """What stands in the way of closing a draft, each in a sentence."""
    return list(_hindrances(connection, state, settings, body))


def _hindrances(connection: Connection, state: State, settings: Settings, body: Body) -> Iterator[str]:
    contract_id = body["contract_id"]
    if body["unknown_terms"]:
        yield f"Terms of the contract are not known: {', '.join(body['unknown_terms'])}. Write them into terms.csv."
    if state.as_of.isoformat() < body["period_ends"]:
        yield f"The period ends on {days_after(_day(body['period_ends']), -1)}: close it after that."
    if changed_since(connection, contract_id, body["batch"], FIRST_DAY, body["period_ends"]):
        yield "Records of visits have come since the draft was made: draft it again."
    if _terms_changed(state, body) or changed_after(state, body["county_version"], _day(body["period_ends"])):
        yield "The contract, prices, account book or incentive periods have changed since the draft was made: draft it again."
    if any(each["closed_at"] > body["drafted_at"] for each in closed_before(state, contract_id, _day(body["period_starts"]))):
        yield "A statement of an earlier period has been closed since the draft was made: draft it again."
    if not settings.close_with_queries and (count := len(open_questions(state, body["statement_id"]))):
        yield f"{count} line(s) are questioned by the provider: decide about them first."


def _terms_changed(state: State, body: Body) -> bool:
    of_it = [state.get(ACCOUNT_BOOK, BOOK), state.get("contracts", body["contract_id"])]
    of_it += [each for each in state.stock["rates"].values() if each.record.contract_id == body["contract_id"]]
    return any(each is None or each.version > body["county_version"] for each in of_it)


def alone_up_to_pence(actor: Actor, settings: Settings) -> int:
    """Up to how much somebody may close alone: as is said of themselves, else of the best of their roles."""
    limits = settings.approval_limits_gbp
    own = limits.get(_named_by(actor.name))
    found = own if own is not None else max((limits[each] for each in actor.roles if each in limits), default=0)
    return int(found * 100)


def close(change: Change, settings: Settings, body: Body, at: str) -> Body:
    """A draft becomes a closed statement, or waits for a second person; what it is then. Raises a ``Problem``."""
    refuse_closed(body)
    if faults := hindrances(change.connection, change.state, settings, body):
        raise Problem(CANNOT_CLOSE, f"{len(faults)} thing(s) stand in the way; nothing was written.", faults=faults)
    total, actor = body["figures"]["total_gbp"], change.actor
    told = {"contract_id": body["contract_id"], "period_starts": body["period_starts"], "total_pence": total}
    first = body["first_yes"]
    if first is None and abs(total) > alone_up_to_pence(actor, settings):
        after = body | {"state": "first_yes", "first_yes": {"by": actor.name, "at": at}}
        change.put(STATEMENTS, body["statement_id"], after)
        change.remember("statement.first_yes", "statements", body["statement_id"], told)
        return after
    if first is not None and bare(first["by"]) == bare(actor.name):
        raise Problem(
            SAME_PERSON,
            f"{pounds_in_words(abs(total))} are above what one person may close alone; you have said yes already."
            " Somebody else has to confirm it.",
        )
    after = body | {"state": CLOSED, "closed_by": actor.name, "closed_at": at}
    change.put(STATEMENTS, body["statement_id"], after)
    workers = number_workers(change.connection, body["contract_id"], body["period_starts"], body["period_ends"])
    seconded = {} if first is None else {"first_yes_by": first["by"]}
    change.remember("statement.close", "statements", body["statement_id"], {**told, **seconded, "pseudonyms_destroyed": workers})
    return after


def bare(name: str) -> str:
    """Somebody's name without the key that they used: with another key they are the same person."""
    return (name.rpartition(" (")[0] or name).strip().casefold()


def _named_by(name: str) -> str:
    """The id of a key, or the directory's subject, in an actor's name; empty: none."""
    return name.rpartition(" (")[2].rstrip(")").removeprefix("oidc ") if name.endswith(")") else ""


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
