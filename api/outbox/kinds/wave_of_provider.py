"""A transfer's plan was released: each provider has the days on which rounds of its own are planned to move in its diary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, DiaryDate, Happening, Kind, Notice, Words

RECORDS = "released_transfers"
ACTION = "transfer.released"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        body = happening.records.get((RECORDS, entry.subject)) or {"statements": {}, "released_at": ""}
        for provider_id, told in sorted(body["statements"].items()):
            for day in sorted({each["date"] for each in told["moves"]}):
                # A release may be withdrawn and made again: what is new is that it was released then.
                yield Notice(f"{entry.subject} {day} {body['released_at']}", provider_id, facts={"day": day})


def _words(facts: Mapping[str, str]) -> Words:
    day = dt.date.fromisoformat(facts["day"])
    return Words(
        "Rounds that you deliver are planned to move",
        (f"They are planned for {day:%A} {day.day} {day:%B %Y}.", "Which they are, and whom to call, is on the page."),
        "/own/transfers",
        DiaryDate("Rounds of ours are planned to move", day),
    )


KIND = Kind("wave_of_provider", "Rounds of a provider are planned to move", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
