"""What a no in a draw leaves on record, for its check."""

from __future__ import annotations

import datetime as dt

from optimiser.domain.records import Offer
from optimiser.forecasting.played_events import Event


def is_for_good(offer: Offer) -> bool:
    """A no that holds as long as the person's needs are what they are."""
    return offer.response == "declined" and offer.reason == "cannot_meet_need"


def offer_on_record(event: Event, day: dt.date) -> Offer:
    """The record that a no leaves behind."""
    moment = dt.datetime.combine(day, dt.time(12))
    lapsed, for_good = event.reason == "expired", event.reason == "declined for good"
    return Offer(
        f"{event.subject} {event.contract_id} {day}",
        event.subject,
        event.contract_id,
        moment,
        moment,
        "expired" if lapsed else "declined",
        "cannot_meet_need" if for_good else "",
    )
