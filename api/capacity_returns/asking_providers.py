"""Providers whose free hours nobody knows are asked for them, once a period: they never told, or what they told is old.

Only those are asked whose desk the outbox would tell: where nobody hears, nothing was asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from api.capacity_returns.told_hours import has_lapsed, told_on
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import CAPACITY_ASKS, CAPACITY_RETURNS
from api.storage.audit import Actor
from optimiser.domain.dates import days_after

KIND = "capacity_asked"
"""The kind of message."""
ASKED = "capacity.asked"


def untold(state: State) -> list[str]:
    """The providers with a contract in force that have told no free hours that count, by id."""
    holders = {each.provider_id for each in state.county.contracts if each.in_force(state.as_of)}
    known = state.stock[CAPACITY_RETURNS]
    return sorted(each for each in holders if each not in known or has_lapsed(state, known[each].body))


def told_last(state: State, provider_id: str) -> dt.date | None:
    """The day of what a provider has told last; None: it never did."""
    stored = state.get(CAPACITY_RETURNS, provider_id)
    return None if stored is None else told_on(stored.body)


def asked_last(state: State, provider_id: str) -> dt.date | None:
    """The day on which it was asked last; None: it never was."""
    stored = state.get(CAPACITY_ASKS, provider_id)
    return None if stored is None else dt.date.fromisoformat(stored.body["asked_on"])


def to_be_asked(state: State, heard: Collection[str]) -> list[str]:
    """Those of ``heard`` that are to be asked now: they were not within as many days as a return counts."""
    if not heard:
        return []
    days = state.snapshot.procurement.capacity_return_days
    found = []
    for provider_id in untold(state):
        last = asked_last(state, provider_id)
        if provider_id in heard and (last is None or days_after(last, days) <= state.as_of):
            found.append(provider_id)
    return found


def ask(change: Change, heard: Collection[str], actor: Actor) -> None:
    """Ask them, inside a change: an entry for each, of which the outbox tells."""
    state = change.as_if()
    today = state.as_of.isoformat()
    for provider_id in to_be_asked(state, heard):
        change.put(CAPACITY_ASKS, provider_id, {"provider_id": provider_id, "asked_on": today})
        last = told_last(state, provider_id)
        told = {"asked_on": today, "told_last": None if last is None else last.isoformat()}
        change.remember(ASKED, "providers", provider_id, told, actor=actor)
