"""Much of the time to answer an offer is gone, and its provider has said nothing: it is reminded, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words
from api.outbox.offer_dates import until_in_words

ACTION = "offer.reminded"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        contract = happening.after().get("contracts", str(entry.details["contract_id"]))
        if contract is not None:
            until = str(entry.details["expires_at"])
            about = f"{entry.details['offer_id']} until {until}"
            yield Notice(about, contract.record.provider_id, entry.subject, {"expires_at": until})


def _words(facts: Mapping[str, str]) -> Words:
    return Words(
        "An offer of home care still waits for your answer",
        (f"The time to answer ends on {until_in_words(facts)}.", "A no helps as well: then others are asked."),
        "/own/offers",
    )


KIND = Kind("offer_reminder", "An offer still waits for an answer", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
