"""A provider was asked: an offer waits for its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words
from api.outbox.offer_dates import diary_of, last_moment, until_in_words


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of("offer.made"):
        holder = happening.after().stock["contracts"][entry.details["contract_id"]].record.provider_id
        facts = {"expires_at": str(entry.details["expires_at"])}
        offer_id = str(entry.details["offer_id"])
        yield Notice(offer_id, holder, entry.subject, facts, diary_of(offer_id))


def _words(facts: Mapping[str, str]) -> Words:
    return Words(
        "An offer of home care waits for you",
        (f"Please answer by {until_in_words(facts)}.", "What is asked for is on the page."),
        "/own/offers",
        last_moment(facts),
    )


KIND = Kind("offer_waits", "An offer waits for an answer", PROVIDER, AT_ONCE, ("offer.made",), _notices, _words)
