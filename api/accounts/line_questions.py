"""Lines of statements that their provider questions: each stands so until a named person has decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from api.accounts.statement_records import key_of
from api.http.errors import Problem, declare
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import LINE_QUERIES, Body
from api.statements.line_queries import due_on
from optimiser.nightly.watch import OverdueLine

OPEN, UPHELD, REFUSED = "open", "upheld", "refused"
STATES = (OPEN, UPHELD, REFUSED)
QUESTIONED = declare("already_queried", 409, "This line is questioned already, and nobody has decided yet")
DECIDED = declare("already_decided", 409, "Somebody has decided about this already")


def questions_of(state: State, statement_id: str) -> list[Body]:
    """Every one of a statement, the first asked first."""
    bodies = (each.body for each in state.stock[LINE_QUERIES].values() if each.body["statement_id"] == statement_id)
    return sorted(bodies, key=lambda body: (str(body["asked_at"]), str(body["query_id"])))


def open_questions(state: State, statement_id: str) -> list[Body]:
    """Those about which nobody has decided."""
    return [each for each in questions_of(state, statement_id) if each["state"] == OPEN]


def standing_by_line(state: State, statement_id: str) -> dict[tuple[str, ...], str]:
    """By what a line is about how it stands: the last question of it."""
    return {tuple(each["about"]): each["state"] for each in questions_of(state, statement_id)}


def ask(change: Change, settings: Settings, statement: Body, line: Mapping[str, Any], words: str, asked_by: str) -> Body:
    """A provider questions a line. Raises the problem ``already_queried``."""
    about, statement_id = key_of(line), statement["statement_id"]
    before = questions_of(change.state, statement_id)
    if any(each["about"] == about and each["state"] == OPEN for each in before):
        raise Problem(QUESTIONED, "You have questioned this line already. The council will decide.")
    query_id = next(name for at_ in range(1, len(before) + 10_000) if not _was_ever(change, name := f"Q-{statement_id}-{at_}"))
    now = settings.clock.now()
    body = {
        "query_id": query_id,
        "statement_id": statement_id,
        "contract_id": statement["contract_id"],
        "provider_id": statement["provider_id"],
        "number": line["number"],
        "about": about,
        "pence": round(line["gbp"] * 100),
        "words": words,
        "asked_by": asked_by,
        "asked_at": now.isoformat(),
        "answer_by": due_on(settings, now.date()).isoformat(),
        "state": OPEN,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
    }
    change.put(LINE_QUERIES, query_id, body)
    return body


def _was_ever(change: Change, name: str) -> bool:
    return change.was_ever(LINE_QUERIES, name)


def decide(change: Change, body: Body, decision: str, reason: str, at: str) -> Body:
    """A named person decides. Raises the problem ``already_decided``."""
    if body["state"] != OPEN:
        raise Problem(DECIDED, f"{body['decided_by']} has decided already.")
    after = body | {"state": decision, "decided_by": change.actor.name, "decided_at": at, "reason": reason}
    change.put(LINE_QUERIES, body["query_id"], after)
    return after


def answer_by(settings: Settings, body: Body) -> str:
    """The last day for a decision. One that was asked before days were written down has the one that it would have had."""
    return str(body.get("answer_by") or due_on(settings, dt.datetime.fromisoformat(body["asked_at"]).date()))


def owed(state: State, settings: Settings) -> list[Body]:
    """Those about which nobody has decided, the first due first, each with its ``answer_by`` and whether it ``is_late``."""
    found = [with_day(state, settings, each.body) for each in state.stock[LINE_QUERIES].values() if each.body["state"] == OPEN]
    return sorted(found, key=lambda body: (body["answer_by"], body["query_id"]))


def with_day(state: State, settings: Settings, body: Body) -> Body:
    """A query with the day by which somebody is to decide, and whether that has passed."""
    day = answer_by(settings, body)
    return body | {"answer_by": day, "is_late": body["state"] == OPEN and day < state.as_of.isoformat()}


def overdue_lines(state: State, settings: Settings) -> Iterator[OverdueLine]:
    """Those whose day has passed, whoever has waited longest first."""
    for body in owed(state, settings):
        if body["is_late"]:
            stored = state.get("providers", body["provider_id"])
            name = body["provider_id"] if stored is None else stored.record.name
            yield OverdueLine(body["query_id"], name, body["statement_id"], dt.date.fromisoformat(body["answer_by"]))


def question_json(state: State, settings: Settings, body: Body, *, own: bool = False) -> dict[str, Any]:
    """As it is told; to its provider without who of the council decided."""
    body = with_day(state, settings, body)
    package_id, date, visit, worker, paid_for = body["about"]
    about = {"package_id": package_id, "date": date, "visit": visit, "worker": worker, "paid_for": paid_for}
    told = {name: body[name] for name in body if name not in ("about", "pence")}
    hidden = {"decided_by": None} if own else {}
    return told | {name: cell or None for name, cell in about.items()} | {"gbp": body["pence"] / 100} | hidden
