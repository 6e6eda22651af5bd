"""An answer was recorded in a provider's name: it sees that it was heard, or that it has the care, and can say so where it never
said that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words

HEARD, PLACED = "offer.said_yes", "offer.accepted"
ACTIONS = (PLACED, "offer.declined", HEARD)


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(*ACTIONS):
        contract = happening.after().get("contracts", str(entry.details.get("contract_id", "")))
        if contract is None or (entry.action == HEARD and not entry.details.get("typed")):
            continue  # what a provider says itself it knows
        about = str(entry.details["offer_id"])
        facts = {"placed": "yes"} if entry.action == PLACED else {}
        yield Notice(f"{about} heard" if entry.action == HEARD else about, contract.record.provider_id, entry.subject, facts)


def _words(facts: Mapping[str, str]) -> Words:
    if "placed" in facts:
        return Words(
            "Home care that you were asked for is placed with you",
            ("What it is, and where, is on the page.", "If you did not say yes, tell the council's brokerage at once."),
            "/own/offers",
        )
    return Words(
        "Your answer to an offer of home care was recorded",
        ("What was recorded is on the page.", "If that is not what you said, tell the council's brokerage at once."),
        "/own/offers",
    )


KIND = Kind("answer_recorded", "An answer was recorded in a provider's name", PROVIDER, AT_ONCE, ACTIONS, _notices, _words)
