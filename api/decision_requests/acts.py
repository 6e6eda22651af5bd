"""Social work is asked for a decision about a move, by name; and who is asked about is listed, the first due first."""

from __future__ import annotations

import secrets
from typing import Any

import orjson

from api.acts.act import Caller, act, only
from api.contract_lives.plans_made import plans_made
from api.decision_requests.of_plans import moves_of, stands_of
from api.decision_requests.open_questions import Question, questions
from api.decision_requests.schemas import DecisionsAskedQuery, NewDecisionRequest
from api.http.errors import ALREADY_THERE, Problem
from api.http.paging import Key, Page
from api.http.responses import Shown, shown
from api.offers.problems import NOT_IN_THIS_STATE, package_index
from api.runs.kinds import KINDS
from api.runs.sent_snapshots import is_on_what_was_sent
from api.runs.stored_runs import NO_SUCH_RUN, result_of, run_of
from api.security.roles import ADMIN, PLANNER, SOCIAL_WORK, TRANSITION
from api.state.state import State
from api.state.stored_records import DECISION_REQUESTS, Body
from api.storage.database import reading
from optimiser.county import NOWHERE

USUAL = 50


@act("decision_requests.ask", only(PLANNER, TRANSITION, ADMIN), writes=("decision.ask",), changes=True)
def ask(by: Caller, package_id: str, given: NewDecisionRequest) -> Shown:
    """Social work is asked whether one kind of move is right for a person, and by when it is to say so."""
    with by.change() as change:
        state = change.state
        person = state.county.packages[package_index(state, package_id)]
        request_id = given.request_id or f"DR-{secrets.token_hex(8)}"
        known = state.get(DECISION_REQUESTS, request_id)
        if known is not None:
            if (known.body["package_id"], known.body["move"]) != (package_id, given.move):
                raise Problem(ALREADY_THERE, "Another request has this request_id: give each an id of its own.")
            return shown(_told(known.body))
        if person.status != "active":
            raise Problem(NOT_IN_THIS_STATE, "Its care has not begun, so there is nothing to move: record the person's answer.")
        _refuse(state, given)
        mine = (each for each, stored in state.stock["decisions"].items() if stored.record.package_id == package_id)
        body: Body = {
            "request_id": request_id,
            "package_id": package_id,
            "move": given.move,
            "to_provider_id": given.to_provider_id or "",
            "decide_by": given.decide_by.isoformat(),
            "why": given.why,
            "asked_by": by.actor.name,
            "asked_at": by.settings.clock.now().isoformat(),
            "known": sorted(mine),
        }
        change.put(DECISION_REQUESTS, request_id, body)
        change.remember("decision.ask", "packages", package_id, {"after": _told(body)})
        return shown(_told(body))


@act("decision_requests.list", only(SOCIAL_WORK, PLANNER, TRANSITION, ADMIN), writes=("decision_requests.list",))
def list_asked(by: Caller, query: DecisionsAskedQuery) -> Page[bytes]:
    """Whose decision is asked, for which move and by when, the first due first: by name, and by transfer plans that stand."""
    with reading(by.store.engine) as connection:
        plans = plans_made(connection)
    before = by.store.state()
    found = [each for each in questions(before, by.settings, plans) if _is_wanted(before, each, query)]
    page = by.page(found, _key, query.limit, query.cursor, usual=USUAL)
    ids = sorted({each.package_id for each in page.items})
    state = by.read("decision_requests.list", "packages", details={"package_ids": ids})
    still = {_key(each) for each in questions(state, by.settings, plans)}
    return Page([orjson.dumps(_json(state, each)) for each in page.items if _key(each) in still], page.next_cursor)


@act("decision_requests.of_run", only(PLANNER, TRANSITION, ADMIN), writes=("decision_requests.list",))
def of_run(by: Caller, run_id: str) -> Shown:
    """How it stands with the decision about everybody whose running care a plan would move: given, refused, asked or not."""
    with reading(by.store.engine) as connection:
        run, packed = run_of(connection, run_id), result_of(connection, run_id)
        plans = plans_made(connection)
    if run is None or is_on_what_was_sent(run):  # of which nobody here knows the people
        raise Problem("not_found", NO_SUCH_RUN)
    moves = [] if packed is None else list(moves_of(orjson.loads(packed), KINDS[run.row.kind].move))
    ids = sorted({each.package_id for each in moves})
    state = by.read("decision_requests.list", "packages", details={"package_ids": ids, "run_id": run_id})
    return Shown(orjson.dumps({"items": list(stands_of(state, moves, questions(state, by.settings, plans)))}))


def _is_wanted(state: State, each: Question, query: DecisionsAskedQuery) -> bool:
    area_id = state.county.packages[state.county.package_index[each.package_id]].area_id
    return query.area_id in (None, area_id) and query.package_id in (None, each.package_id)


def _key(each: Question) -> Key:
    return each.decide_by.isoformat(), each.package_id, each.move, each.to_provider_id


def _refuse(state: State, given: NewDecisionRequest) -> None:
    faults = []
    if given.to_provider_id is not None and state.get("providers", given.to_provider_id) is None:
        faults.append("to_provider_id: there is no provider of this id.")
    if given.decide_by < state.as_of:
        faults.append(f"decide_by: today, {state.as_of}, or later.")
    if faults:
        raise Problem("refused", f"{len(faults)} fault(s); nothing was written.", faults=faults)


def _told(body: Body) -> dict[str, Any]:
    names = ("request_id", "package_id", "move", "decide_by", "why", "asked_by", "asked_at")
    return {name: body[name] for name in names} | {"to_provider_id": body["to_provider_id"] or None}


def _json(state: State, each: Question) -> dict[str, Any]:
    county = state.county
    package = county.package_index[each.package_id]
    area_id, runs_on = county.packages[package].area_id, int(county.running_on[package])
    index = county.area_of.get(area_id)
    return {
        "request_id": each.request_id or None,
        "package_id": each.package_id,
        "area_id": area_id,
        "area_name": None if index is None else state.snapshot.areas[index].name,
        "move": each.move,
        "from_provider_id": None if runs_on == NOWHERE else county.provider(runs_on).provider_id,
        "to_provider_id": each.to_provider_id or None,
        "moves_on": None if each.moves_on is None else each.moves_on.isoformat(),
        "decide_by": each.decide_by.isoformat(),
        "overdue": each.decide_by < state.as_of,
        "why": each.why,
        "asked_by": each.asked_by or None,
        "run_id": each.run_id or None,
    }
