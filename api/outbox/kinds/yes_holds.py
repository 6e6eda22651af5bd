"""A provider's yes was taken down by the council and holds, before anything is placed: its desk reads that it was heard.

What a provider says here itself it has seen on the page. Whose answer is still waited for is not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words

ACTIONS = ("offer.agreed", "offer.said_yes")


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(*ACTIONS):
        told = entry.details
        contract = happening.after().get("contracts", str(told.get("contract_id", "")))
        if contract is not None and told.get("how") != "portal":
            said_at = told.get("agreed_at") or told.get("said_at")
            yield Notice(f"{told['offer_id']} {said_at}", contract.record.provider_id, entry.subject)


def _words(_: Mapping[str, str]) -> Words:
    return Words(
        "Your yes to an offer of home care was received",
        (
            "It holds. The hours are kept for it, and you are told once the council has placed the care.",
            "If you did not say yes, tell the council's brokerage at once.",
        ),
        "/own/offers",
    )


KIND = Kind("yes_holds", "A provider's yes was received and holds", PROVIDER, AT_ONCE, ACTIONS, _notices, _words)
