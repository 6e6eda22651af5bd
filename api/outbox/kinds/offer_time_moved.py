"""The time to answer an offer was moved: its provider is told until when it is now. Why is not said: it may be of a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from api.clock import LONDON
from api.outbox.message_kind import AT_ONCE, PROVIDER, DiaryDate, Happening, Kind, Notice, Words

ACTION = "offer.answer_by_moved"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        offer, until = happening.after().get("offers", str(entry.details["offer_id"])), str(entry.details["after"])
        if offer is not None:
            holder = happening.after().stock["contracts"][offer.record.contract_id].record.provider_id
            yield Notice(f"{offer.record.offer_id} until {until}", holder, entry.subject, {"expires_at": until})


def _words(facts: Mapping[str, str]) -> Words:
    by = dt.datetime.fromisoformat(facts["expires_at"]).astimezone(LONDON)
    return Words(
        "You have another time to answer an offer of home care",
        (f"Please answer by {by:%A} {by.day} {by:%B %Y}, {by:%H:%M}. What you were told before counts no more.",),
        "/own/offers",
        DiaryDate("Last moment to answer an offer of home care", by),
    )


KIND = Kind("offer_time_moved", "The time to answer an offer was moved", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
