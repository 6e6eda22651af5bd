"""An answer was recorded in a provider's name: it sees that it was recorded, or that it has the care, and can say so where it
never said that. That a yes was taken down and holds is told by ``yes_holds``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words
from api.outbox.offer_dates import diary_of, facts_of, no_longer

PLACED = "offer.accepted"
ACTIONS = (PLACED, "offer.declined")


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(*ACTIONS):
        offer_id = str(entry.details["offer_id"])
        offer = happening.after().get("offers", offer_id)
        contract = happening.after().get("contracts", str(entry.details.get("contract_id", "")))
        if contract is not None:
            facts = ({} if offer is None else facts_of(offer.body)) | ({"placed": "yes"} if entry.action == PLACED else {})
            yield Notice(offer_id, contract.record.provider_id, entry.subject, facts, diary_of(offer_id), takes_back=True)


def _words(facts: Mapping[str, str]) -> Words:
    if "placed" in facts:
        return Words(
            "Home care that you were asked for is placed with you",
            ("What it is, and where, is on the page.", "If you did not say yes, tell the council's brokerage at once."),
            "/own/offers",
            no_longer(facts),
        )
    return Words(
        "Your answer to an offer of home care was recorded",
        ("What was recorded is on the page.", "If that is not what you said, tell the council's brokerage at once."),
        "/own/offers",
        no_longer(facts),
    )


KIND = Kind("answer_recorded", "An answer was recorded in a provider's name", PROVIDER, AT_ONCE, ACTIONS, _notices, _words)
