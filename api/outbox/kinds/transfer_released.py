"""A transfer's plan was released: each provider whose rounds it looked at is told that it may read of its own, those as well of
whose rounds none moves. Nothing of the plan is in the message; the days of moves are told by ``wave_of_provider``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words

RECORDS = "released_transfers"
ACTION = "transfer.released"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        released_at = (happening.records.get((RECORDS, entry.subject)) or {}).get("released_at", "")
        for provider_id in sorted(entry.details["provider_ids"]):
            # A release may be withdrawn and made again: what is new is that it was released then.
            yield Notice(f"{entry.subject} {released_at}", provider_id)


def _words(_: Mapping[str, str]) -> Words:
    sentences = ("It says which rounds of yours move, which stay, and why.", "Whom to call about it is on the page.")
    return Words("A plan about your rounds waits for you", sentences, "/own/transfers")


KIND = Kind("transfer_released", "A transfer's plan is released to a provider", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
