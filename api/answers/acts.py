"""What a person says to care from a provider is recorded: a yes lets care begin, a no ends the offer. And it is read."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import orjson

from api.acts.act import Caller, act, only
from api.answers.schemas import NewAnswer
from api.http.conversion import record_json
from api.http.errors import ALREADY_THERE, Problem
from api.http.responses import Shown, shown
from api.offers.alerts import PERSON_SAID_NO, Occasion, alert
from api.offers.lapsing import OF_SWEEPS, step_on, sweep
from api.offers.problems import NOT_IN_THIS_STATE, package_index
from api.offers.recording import Given, end_offers
from api.security.roles import ADMIN, PLANNER, SOCIAL_WORK, TRANSITION
from api.state.accepting import put_checked
from api.state.state import State
from api.state.stored_records import Stored
from optimiser.county import NOWHERE
from optimiser.domain.person_records import NO

PERSON_SAYS_NO = "the person said no"
"""Why an offer has ended that its person does not want."""


@act("answers.record", only(PLANNER, SOCIAL_WORK, ADMIN), writes=("answer.record", *OF_SWEEPS), changes=True)
def record(by: Caller, package_id: str, given: NewAnswer) -> Shown:
    """A person, or who may speak for them, says yes or no to a provider; a no ends its offers, and it is asked no more."""
    with by.change() as change:
        state = sweep(change, by.settings)
        if (known := state.get("answers", given.answer_id or "")) is not None:
            return shown(_the_same(state, known, package_id, given))
        _refuse(state, package_id, given)
        now = by.settings.clock.now()
        answered_at = given.answered_at or now.isoformat()
        if dt.datetime.fromisoformat(answered_at) > now:
            told = [f"answered_at: a moment up to now; it is {answered_at}."]
            raise Problem("refused", "1 fault(s); nothing was written.", faults=told)
        answer_id = given.answer_id or f"A-{secrets.token_hex(8)}"
        body = {
            "answer_id": answer_id,
            "package_id": package_id,
            "provider_id": given.provider_id,
            "answer": given.answer,
            "given_by": given.given_by,
            "advocate": given.advocate or "",
            "answered_at": answered_at,
            "reason": given.reason or "",
        }
        put_checked(change, {("answers", answer_id): body})
        change.remember("answer.record", "packages", package_id, {"after": body})
        after = change.as_if()
        last = after.county.answers.last(package_id, given.provider_id)
        if last is not None and last.answer == NO:
            offers = after.offers_of.get(package_id, ())
            mine = [each for each in offers if _provider_of(after, each.contract_id) == given.provider_id]
            ended = end_offers(change, after, by.settings, mine, Given("withdrawn", PERSON_SAYS_NO))
            if ended:
                alert(change, Occasion(PERSON_SAID_NO, package_id, answer_id))
            step_on(change, by.settings, ended)
        return shown(_json(change.as_if(), answer_id))


@act("answers.of_package", only(PLANNER, TRANSITION, SOCIAL_WORK, ADMIN), writes=("answers.read",))
def read_of_package(by: Caller, package_id: str) -> Shown:
    """What one person has said to providers, the earliest first, and which of it counts."""
    state = by.read("answers.read", "packages", package_id)
    package_index(state, package_id)
    mine = sorted(state.county.answers.of_person(package_id), key=lambda each: (each.answered_at, each.answer_id))
    return Shown(orjson.dumps({"items": [_json(state, each.answer_id) for each in mine]}))


def _refuse(state: State, package_id: str, given: NewAnswer) -> None:
    """Raises a problem where there is no such provider, or where care runs with it that a no cannot end."""
    package = package_index(state, package_id)
    if state.get("providers", given.provider_id) is None:
        raise Problem("refused", "1 fault(s); nothing was written.", faults=["provider_id: there is no provider of this id."])
    runs_on = int(state.county.running_on[package])
    if given.answer == NO and runs_on != NOWHERE and state.county.provider(runs_on).provider_id == given.provider_id:
        raise Problem(NOT_IN_THIS_STATE, "Its care runs with this provider. An answer ends no care: move it, or end it, by name.")


def _the_same(state: State, known: Stored, package_id: str, given: NewAnswer) -> dict[str, Any]:
    """An answer that is recorded already. Raises the problem ``already_there`` where its id is that of another."""
    said = package_id, given.provider_id, given.answer, given.given_by
    if said != tuple(known.body[name] for name in ("package_id", "provider_id", "answer", "given_by")):
        raise Problem(ALREADY_THERE, "Another answer has this answer_id: give each an id of its own.")
    return _json(state, known.body["answer_id"])


def _provider_of(state: State, contract_id: str) -> str:
    return str(state.stock["contracts"][contract_id].record.provider_id)


def _json(state: State, answer_id: str) -> dict[str, Any]:
    stored = state.stock["answers"][answer_id]
    told = record_json("answers", stored.body)
    del told["extra"]
    last = state.county.answers.last(stored.record.package_id, stored.record.provider_id)
    return told | {"counts": last is not None and last.answer_id == answer_id}
