"""A transfer's plan that was released is withdrawn: the days that providers have in their diaries count no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words

RECORDS = "released_transfers"
ACTION = "transfer.release_withdrawn"


def _notices(happening: Happening) -> Iterator[Notice]:
    known = happening.before.stock.get(RECORDS, {})
    for entry in happening.of(ACTION):
        if entry.subject in known:
            body = known[entry.subject].body
            for provider_id in sorted(each for each, told in body["statements"].items() if told["moves"]):
                yield Notice(f"{entry.subject} {body['released_at']}", provider_id)


def _words(_: Mapping[str, str]) -> Words:
    sentences = (
        "The days that you were told count no more: take them out of your diary.",
        "You are told when there is another plan.",
    )
    return Words("A plan to move rounds of yours is withdrawn", sentences, "/own/transfers")


KIND = Kind("release_withdrawn", "A released transfer is withdrawn", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
