"""A transfer's plan was released: each provider has the days on which rounds of its own are planned to move in its diary. When
the plan is withdrawn, whoever has them is told that they count no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, TAKEN_BACK, DiaryDate, Happening, Kind, Notice, Words
from api.outbox.released_waves import ACTIONS, waves_of
from optimiser.domain.words import weekday_in_words

TITLE = "Rounds of ours are planned to move"


def _notices(happening: Happening) -> Iterator[Notice]:
    for waves in waves_of(happening):
        off = waves.is_withdrawn
        for provider_id, days in waves.of_providers.items():
            for day in sorted(days):
                diary = f"wave of {provider_id} {day} {waves.name}"
                about, facts = (f"{diary} {TAKEN_BACK}", {"day": day, TAKEN_BACK: "yes"}) if off else (diary, {"day": day})
                yield Notice(about, provider_id, "", facts, diary, takes_back=off, had_it_alone=off)


def _words(facts: Mapping[str, str]) -> Words:
    day = dt.date.fromisoformat(facts["day"])
    if TAKEN_BACK in facts:
        return Words(
            "Rounds that you deliver do not move on the day that you were told",
            (f"They were planned for {weekday_in_words(day)}. That day counts no more.",),
            "/own/transfers",
            DiaryDate(TITLE, day, is_off=True),
        )
    return Words(
        "Rounds that you deliver are planned to move",
        (f"They are planned for {weekday_in_words(day)}.", "Which they are, and whom to call, is on the page."),
        "/own/transfers",
        DiaryDate(TITLE, day),
    )


KIND = Kind("wave_of_provider", "Rounds of a provider are planned to move", PROVIDER, AT_ONCE, ACTIONS, _notices, _words)
