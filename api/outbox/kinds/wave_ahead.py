"""A transfer's plan was released: whoever prepares its waves has their days in the diary, until it is withdrawn."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, STAFF, TAKEN_BACK, DiaryDate, Happening, Kind, Notice, Words
from api.outbox.released_waves import ACTIONS, waves_of
from optimiser.domain.words import weekday_in_words


def _notices(happening: Happening) -> Iterator[Notice]:
    for waves in waves_of(happening):
        off = waves.is_withdrawn
        for day, count in sorted(sum(waves.of_providers.values(), Counter[str]()).items()):
            diary, facts = f"wave {day} {waves.name}", {"day": day, "rounds": str(count)}
            about, facts = (f"{diary} {TAKEN_BACK}", facts | {TAKEN_BACK: "yes"}) if off else (diary, facts)
            yield Notice(about, "", "", facts, diary, takes_back=off, had_it_alone=off)


def _words(facts: Mapping[str, str]) -> Words:
    day = dt.date.fromisoformat(facts["day"])
    rounds = f"{facts['rounds']} round{'' if facts['rounds'] == '1' else 's'}"
    date = DiaryDate(f"Wave of a transfer: {rounds}", day, is_off=TAKEN_BACK in facts)
    if date.is_off:
        told = f"It was to fall on {weekday_in_words(day)}, with {rounds}. Its plan is withdrawn."
        return Words("A wave of a transfer does not take place", (told,), "/transfers", date)
    return Words(
        "A wave of a released transfer",
        (f"It falls on {weekday_in_words(day)}, with {rounds}.",),
        "/transfers",
        date,
    )


KIND = Kind("wave_ahead", "A wave of a released transfer has its day", STAFF, AT_ONCE, ACTIONS, _notices, _words)
