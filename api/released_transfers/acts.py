"""A transfer's plan is looked at provider by provider, released by a named person, and read by each for its own rounds."""

from __future__ import annotations

from typing import Any

import orjson

from api.acts.act import Caller, act, only
from api.http.errors import Problem, declare
from api.http.responses import Shown, shown
from api.own.whose import OWN, own_provider
from api.released_transfers.rounds_told import is_transfer, statements_of
from api.released_transfers.schemas import NewRelease, ReleaseWithdrawn
from api.runs.acts import ANOTHER_PLAN, NO_RESULT
from api.runs.stored_runs import NO_SUCH_RUN, Run, result_of, run_of
from api.security.roles import ADMIN, CONTRACTS, PLANNER, TRANSITION
from api.state.state import State
from api.state.stored_records import RELEASED_TRANSFERS, Body
from api.storage.database import reading

NO_TRANSFER = declare("no_transfer", 409, "This run is no plan of rounds that move")
RELEASED_ALREADY = declare("released_already", 409, "This plan is released to providers already")
WHO_READS = only(TRANSITION, CONTRACTS, PLANNER, ADMIN)
WHO_RELEASES = only(TRANSITION, ADMIN)
NOT_RELEASED = "Nothing of this run is released to providers."
NOT_YOURS = "There is no transfer of this id."
Json = dict[str, Any]


@act("transfers.statements", WHO_READS)
def read_statements(by: Caller, run_id: str) -> Shown:
    """What each provider would read of a transfer's plan, before it is released to them; it names nobody."""
    _, result = _plan(by, run_id)
    statements = statements_of(by.store.state(), result)
    return shown({"items": [statements[each] for each in sorted(statements)]})


@act("transfers.release", WHO_RELEASES, writes=("transfer.released",), changes=True)
def release(by: Caller, run_id: str, given: NewRelease) -> Shown:
    """A named person releases a transfer's plan: each provider whose rounds it looked at may read of its own."""
    run, result = _plan(by, run_id)
    if run.row.plan_digest != given.plan_digest:
        raise Problem(ANOTHER_PLAN, "Look at what providers would read, and send the plan_digest of that run.")
    with by.change() as change:
        if change.state.get(RELEASED_TRANSFERS, run_id) is not None:
            raise Problem(RELEASED_ALREADY, "Withdraw the release first, if something in it is wrong.")
        body: Body = {
            "run_id": run_id,
            "plan_digest": given.plan_digest,
            "released_by": by.actor.name,
            "released_at": by.settings.clock.now().isoformat(),
            "contact": given.contact,
            "statements": statements_of(change.state, result),
        }
        change.put(RELEASED_TRANSFERS, run_id, body)
        told = {"plan_digest": given.plan_digest, "provider_ids": sorted(body["statements"])}
        change.remember("transfer.released", "runs", run_id, told)
    return shown(_released(body))


@act("transfers.withdraw_release", WHO_RELEASES, writes=("transfer.release_withdrawn",), changes=True)
def withdraw(by: Caller, run_id: str, given: ReleaseWithdrawn) -> Shown:
    """A released plan is told to providers no more, for a reason."""
    with by.change() as change:
        if change.state.get(RELEASED_TRANSFERS, run_id) is None:
            raise Problem("not_found", NOT_RELEASED)
        change.remove(RELEASED_TRANSFERS, run_id)
        change.remember("transfer.release_withdrawn", "runs", run_id, {"reason": given.reason})
    return shown({"run_id": run_id})


@act("transfers.released", WHO_READS)
def list_released(by: Caller) -> Shown:
    """The plans that are released to providers, the newest first."""
    return shown({"items": [_released(body) for body in _newest_first(by.store.state())]})


@act("own.transfers", OWN)
def list_own(by: Caller) -> Shown:
    """Released transfers' plans that looked at rounds of somebody's own provider, the newest first."""
    state = by.store.state()
    provider_id = own_provider(by, state).provider_id
    mine = [body for body in _newest_first(state) if provider_id in body["statements"]]
    return shown({"items": [_own(body, provider_id) for body in mine]})


@act("own.transfer", OWN)
def read_own(by: Caller, run_id: str) -> Shown:
    """One of them: which of the provider's own rounds move, which stay and why, and whom to call."""
    state = by.store.state()
    provider_id = own_provider(by, state).provider_id
    stored = state.get(RELEASED_TRANSFERS, run_id)
    if stored is None or provider_id not in stored.body["statements"]:
        raise Problem("not_found", NOT_YOURS)
    return shown(_own(stored.body, provider_id))


def _plan(by: Caller, run_id: str) -> tuple[Run, Json]:
    """A run with its plan of rounds that move. Raises a problem where it is none, or has none."""
    with reading(by.store.engine) as connection:
        run = run_of(connection, run_id)
        found = None if run is None or run.row.kind != "transfer" else result_of(connection, run_id)
    if run is None:
        raise Problem("not_found", NO_SUCH_RUN)
    if run.row.kind != "transfer":
        raise Problem(NO_TRANSFER, "Only plans of the kind transfer are released to providers.")
    if found is None:
        raise Problem(NO_RESULT, "It has not ended, failed, was cancelled, or was destroyed.")
    result: Json = orjson.loads(found)["result"]
    if not is_transfer(result):
        raise Problem(NO_TRANSFER, "Where the care of a contract goes that is handed back is told by other letters.")
    return run, result


def _newest_first(state: State) -> list[Body]:
    found = (stored.body for stored in state.stock[RELEASED_TRANSFERS].values())
    return sorted(found, key=lambda body: (body["released_at"], body["run_id"]), reverse=True)


def _released(body: Body) -> Json:
    names = ("run_id", "plan_digest", "released_by", "released_at", "contact")
    return {**{name: body[name] for name in names}, "provider_ids": sorted(body["statements"])}


def _own(body: Body, provider_id: str) -> Json:
    """As a provider reads it: who has released it, by name and without the id of their key."""
    return {
        "run_id": body["run_id"],
        "released_by": body["released_by"].partition(" (")[0],
        "released_on": body["released_at"].partition("T")[0],
        "contact": body["contact"],
        **body["statements"][provider_id],
    }
