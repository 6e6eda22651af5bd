"""Whose things these are: the one provider that whoever asks is bound to. What is another's is not there for them (404)."""

from __future__ import annotations

from api.acts.act import Caller, only
from api.http.errors import Problem
from api.security.roles import PROVIDER
from api.state.state import State
from api.state.stored_records import Stored
from optimiser.domain.records import Provider

OWN = only(PROVIDER)
NO_OFFER = "There is no offer of this id."


def own_provider(by: Caller, state: State) -> Provider:
    """Raises the problem ``forbidden`` where the county does not know the provider that a key or token names."""
    stored = state.get("providers", by.actor.provider_id) if by.actor.provider_id else None
    if stored is None:
        raise Problem("forbidden", "The provider that you are at is not known here: ask the council for another key.")
    record: Provider = stored.record
    return record


def own_name(by: Caller) -> str:
    """Who at the provider it is, without the id of their key."""
    return by.actor.name.partition(" (")[0]


def holder_of(state: State, stored: Stored) -> str:
    """The provider that was asked by an offer."""
    return str(state.stock["contracts"][stored.record.contract_id].record.provider_id)


def own_offer(by: Caller, state: State, offer_id: str) -> Stored:
    """An offer to the provider itself. Raises the problem ``not_found`` for all others, whether they are there or not."""
    provider, stored = own_provider(by, state), state.get("offers", offer_id)
    if stored is None or holder_of(state, stored) != provider.provider_id:
        raise Problem("not_found", NO_OFFER)
    return stored


def own_offers(by: Caller, state: State) -> list[Stored]:
    """All of them."""
    provider = own_provider(by, state)
    return [each for each in state.stock["offers"].values() if holder_of(state, each) == provider.provider_id]
