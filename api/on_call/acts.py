"""What a provider has declared of the hours in which somebody there is on call: written down by the council, and read."""

from __future__ import annotations

from typing import Any

from api.acts.act import Caller, act, only
from api.http.errors import Problem
from api.http.responses import Shown, shown
from api.on_call.schemas import NewOnCall
from api.security.roles import ADMIN, CONTRACTS, PLANNER, TRANSITION
from api.state.state import State
from api.state.stored_records import ON_CALL


@act("on_call.read", only(PLANNER, CONTRACTS, TRANSITION, ADMIN))
def read(by: Caller, provider_id: str) -> Shown:
    """When somebody at a provider is on call, as it has declared."""
    return _shown(by.store.state(), provider_id)


@act("on_call.declare", only(PLANNER, CONTRACTS, ADMIN), writes=("on_call.declare",), changes=True)
def declare_hours(by: Caller, provider_id: str, given: NewOnCall) -> Shown:
    """The hours in which a provider is on call are written down; offers made from then on never expire outside of them."""
    with by.change() as change:
        _known(change.state, provider_id)
        before, hours = change.state.stock[ON_CALL].get(provider_id), [each.model_dump() for each in given.hours]
        told = {"before": [] if before is None else before.body["hours"], "after": hours, "declared_by": given.declared_by}
        if hours:
            now = by.settings.clock.now().isoformat()
            body = {"provider_id": provider_id, "hours": hours, "declared_by": given.declared_by, "recorded_at": now}
            change.put(ON_CALL, provider_id, body)
        elif before is not None:
            change.remove(ON_CALL, provider_id)
        if hours or before is not None:
            change.remember("on_call.declare", "providers", provider_id, told)
        return _shown(change.as_if(), provider_id)


def _known(state: State, provider_id: str) -> None:
    if provider_id not in state.stock["providers"]:
        raise Problem("not_found", "There is no provider of this id.")


def _shown(state: State, provider_id: str) -> Shown:
    _known(state, provider_id)
    stored = state.stock[ON_CALL].get(provider_id)
    nothing: dict[str, Any] = {"provider_id": provider_id, "hours": [], "declared_by": None, "recorded_at": None}
    return shown(nothing if stored is None else dict(stored.body))
