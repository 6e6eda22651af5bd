"""An offer is over: it ran out or was withdrawn. Why is not said: it may be somebody's wish, or another's answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words
from api.outbox.offer_dates import diary_of, facts_of, no_longer

ACTIONS = ("offer.expired", "offer.withdrawn")


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(*ACTIONS):
        offer = happening.after().get("offers", str(entry.details.get("offer_id", "")))
        if offer is not None:
            holder = happening.after().stock["contracts"][offer.record.contract_id].record.provider_id
            offer_id = offer.record.offer_id
            yield Notice(offer_id, holder, entry.subject, facts_of(offer.body), diary_of(offer_id), takes_back=True)


def _words(facts: Mapping[str, str]) -> Words:
    sentences = ("An offer that you had is no longer needed. You need not do anything.",)
    return Words("An offer of home care is no longer needed", sentences, "/own/offers", no_longer(facts))


KIND = Kind("offer_closed", "An offer is no longer needed", PROVIDER, AT_ONCE, ACTIONS, _notices, _words)
