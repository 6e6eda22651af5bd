"""A provider that has said nothing yet is reminded by its desk's own messages once so much of its time is gone, and once again
where a named person has moved that time. Planners are told whom to ring at the same moment.

Only those are reminded whose desk the outbox would tell: where nobody hears, nobody was reminded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from api.offers.lapsing import expires_at, is_to_be_reminded
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored
from api.storage.audit import Actor

KIND = "offer_reminder"
"""The kind of message."""
REMINDED = "offer.reminded"
REMINDED_OF = "reminded_of"
"""Under this name the body of an offer holds the last moment of which its provider was reminded."""


def to_be_reminded(state: State, settings: Settings, heard: Collection[str]) -> Iterator[Stored]:
    """The offers of which a provider out of ``heard`` is to be reminded now."""
    if not heard:
        return
    contracts, now = state.stock["contracts"], settings.clock.moment()
    for stored in state.stock["offers"].values():
        if stored.record.response or contracts[stored.record.contract_id].record.provider_id not in heard:
            continue
        until = expires_at(state, stored, settings)
        if until > now and stored.body.get(REMINDED_OF) != _told(until) and is_to_be_reminded(state, stored, settings):
            yield stored


def remind(change: Change, state: State, settings: Settings, heard: Collection[str], actor: Actor) -> None:
    """Remind them, inside a change: an entry for each, of which the outbox tells. ``state``: as the change has it so far."""
    for stored in list(to_be_reminded(state, settings, heard)):
        record, until = stored.record, _told(expires_at(state, stored, settings))
        change.put("offers", record.offer_id, stored.body | {REMINDED_OF: until})
        told = {"offer_id": record.offer_id, "contract_id": record.contract_id, "expires_at": until}
        change.remember(REMINDED, "packages", record.package_id, told, actor=actor)


def _told(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()
