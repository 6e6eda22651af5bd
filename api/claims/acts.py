"""Somebody says that they are working on a person, and that they are no longer. It bars nobody: it is told to others."""

from __future__ import annotations

from api.acts.act import Caller, act, only
from api.claims.schemas import Claim
from api.claims.who_works import working_json
from api.http.errors import Problem, declare
from api.http.responses import Shown, shown
from api.offers.problems import package_index
from api.security.roles import ADMIN, PLANNER, SOCIAL_WORK, TRANSITION
from api.state.state import State
from api.state.stored_records import CLAIMS

SOMEBODY_ELSE = declare("somebody_else", 409, "Somebody else is working on this person")
WHO = only(PLANNER, TRANSITION, SOCIAL_WORK, ADMIN)


@act("claims.take", WHO, writes=("claim.take",), changes=True)
def take(by: Caller, package_id: str, given: Claim) -> Shown:
    """Somebody says that they are working on a person; it lapses after a while, and bars nobody from anything."""
    with by.change() as change:
        package_index(change.state, package_id)
        known = working_json(change.state, by.settings, package_id)
        mine = known is not None and known["by"] == by.actor.name
        if known is not None and not mine and not given.instead:
            raise Problem(SOMEBODY_ELSE, f"{known['by']} has been since {known['since']}.", by=known["by"])
        if not mine:
            since = by.settings.clock.moment().isoformat()
            change.put(CLAIMS, package_id, {"package_id": package_id, "by": by.actor.name, "since": since})
            change.remember("claim.take", "packages", package_id, {"before": known and known["by"]})
        return _shown(by, change.as_if(), package_id)


@act("claims.release", WHO, writes=("claim.release",), changes=True)
def release(by: Caller, package_id: str) -> Shown:
    """Somebody is no longer working on a person; only who has said so themselves can take it back."""
    with by.change() as change:
        package_index(change.state, package_id)
        known = working_json(change.state, by.settings, package_id)
        if known is not None and known["by"] != by.actor.name:
            raise Problem(SOMEBODY_ELSE, f"{known['by']} has been since {known['since']}.", by=known["by"])
        if known is not None:
            change.remove(CLAIMS, package_id)
            change.remember("claim.release", "packages", package_id)
        return _shown(by, change.as_if(), package_id)


@act("claims.read", WHO)
def read(by: Caller, package_id: str) -> Shown:
    """Who is working on a person; of the person it tells nothing."""
    state = by.store.state()
    package_index(state, package_id)
    return _shown(by, state, package_id)


def _shown(by: Caller, state: State, package_id: str) -> Shown:
    return shown({"package_id": package_id, "working": working_json(state, by.settings, package_id)})
