"""The time to answer an offer was moved: its provider is told until when it is now. Why is not said: it may be of a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words
from api.outbox.offer_dates import diary_of, last_moment, until_in_words

ACTION = "offer.answer_by_moved"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        offer, until = happening.after().get("offers", str(entry.details["offer_id"])), str(entry.details["after"])
        if offer is not None and until != entry.details["before"]:
            holder = happening.after().stock["contracts"][offer.record.contract_id].record.provider_id
            # It may be moved back to a moment that it has had: what is new is that it was moved at this version of the county.
            about = f"{offer.record.offer_id} until {until} {happening.after().version}"
            yield Notice(about, holder, entry.subject, {"expires_at": until}, diary_of(offer.record.offer_id))


def _words(facts: Mapping[str, str]) -> Words:
    return Words(
        "You have another time to answer an offer of home care",
        (f"Please answer by {until_in_words(facts)}. What you were told before counts no more.",),
        "/own/offers",
        last_moment(facts),
    )


KIND = Kind("offer_time_moved", "The time to answer an offer was moved", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
