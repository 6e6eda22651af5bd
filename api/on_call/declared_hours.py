"""The hours in which a provider is on call, as its record holds them: those that count, and those that it has declared itself.

The fewer hours a provider is on call the longer an offer to it may wait for its answer, and the person with it. So what a
provider declares itself is kept beside what counts until the council has confirmed it; or it counts at once, by a setting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.http.errors import Problem
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import ON_CALL, Body

Hours = Sequence[Mapping[str, str]]
TO_CONFIRM, NOT_CONFIRMED = "to_confirm", "not_confirmed"
"""Under these names a record holds what its provider has declared itself and the council has not answered yet; and why what it
declared last is not confirmed.
"""
NOTHING: Mapping[str, Any] = {"hours": [], "declared_by": None, "recorded_at": None}


def refuse_unknown(state: State, provider_id: str) -> None:
    """Raises the problem ``not_found`` where there is no such provider."""
    if provider_id not in state.stock["providers"]:
        raise Problem("not_found", "There is no provider of this id.")


def body_of(state: State, provider_id: str) -> Body:
    """What is recorded of a provider; where nothing is, that it has declared nothing."""
    stored = state.stock[ON_CALL].get(provider_id)
    return {"provider_id": provider_id, **NOTHING} | (dict(stored.body) if stored is not None else {})


def declared_itself(state: State, provider_id: str) -> Mapping[str, Any] | None:
    """What a provider has declared itself and the council has not answered: ``hours``, ``declared_by``, ``declared_at``."""
    found: Mapping[str, Any] | None = body_of(state, provider_id).get(TO_CONFIRM)
    return found


def providers_to_confirm(state: State) -> list[str]:
    """The providers whose own declaration waits for the council, by id."""
    known = state.stock[ON_CALL]
    return [each for each in sorted(known) if TO_CONFIRM in known[each].body and each in state.stock["providers"]]


def keep(change: Change, provider_id: str, body: Body) -> None:
    """Write a record down; one that says nothing is taken away."""
    if body["hours"] or TO_CONFIRM in body or NOT_CONFIRMED in body:
        change.put(ON_CALL, provider_id, body)
    elif provider_id in change.state.stock[ON_CALL]:
        change.remove(ON_CALL, provider_id)


def answered(body: Body) -> Body:
    """The hours that count alone: nothing waits, and nothing is said of what waited."""
    return {name: body[name] for name in body if name not in (TO_CONFIRM, NOT_CONFIRMED)}


def in_force(body: Body, hours: Hours, declared_by: str, now: str) -> Body:
    """A record with these hours as those that count."""
    said = {"hours": list(hours), "declared_by": declared_by, "recorded_at": now} if hours else NOTHING
    return answered(body) | dict(said)


def told(state: State, provider_id: str) -> dict[str, Any]:
    """What is recorded of a provider, as it is answered."""
    return dict.fromkeys((TO_CONFIRM, NOT_CONFIRMED)) | body_of(state, provider_id)
