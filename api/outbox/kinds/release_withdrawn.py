"""A transfer's plan that was released is withdrawn: each provider that was told of it is told so, those as well of whose rounds
none would have moved. Days that it has in its diary are taken back by ``wave_of_provider``.
"""

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
            for provider_id in sorted(body["statements"]):
                yield Notice(f"{entry.subject} {body['released_at']}", provider_id)


def _words(_: Mapping[str, str]) -> Words:
    sentences = (
        "What it said of your rounds counts no more, nor do days that you have from it.",
        "You are told when there is another plan.",
    )
    return Words("A plan about your rounds is withdrawn", sentences, "/own/transfers")


KIND = Kind("release_withdrawn", "A released transfer is withdrawn", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
