"""A transfer's plan was released: whoever prepares its waves has their days in the diary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, STAFF, DiaryDate, Happening, Kind, Notice, Words

RECORDS = "released_transfers"
ACTION = "transfer.released"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        body = happening.records.get((RECORDS, entry.subject)) or {"statements": {}, "released_at": ""}
        rounds: dict[str, int] = {}
        for told in body["statements"].values():
            for each in told["moves"]:
                rounds[each["date"]] = rounds.get(each["date"], 0) + 1
        for day, count in sorted(rounds.items()):
            yield Notice(f"{entry.subject} {day} {body['released_at']}", facts={"day": day, "rounds": str(count)})


def _words(facts: Mapping[str, str]) -> Words:
    day = dt.date.fromisoformat(facts["day"])
    rounds = f"{facts['rounds']} round{'' if facts['rounds'] == '1' else 's'}"
    return Words(
        "A wave of a released transfer",
        (f"It falls on {day:%A} {day.day} {day:%B %Y}, with {rounds}.",),
        "/transfers",
        DiaryDate(f"Wave of a transfer: {rounds}", day),
    )


KIND = Kind("wave_ahead", "A wave of a released transfer has its day", STAFF, AT_ONCE, (ACTION,), _notices, _words)
