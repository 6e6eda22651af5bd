"""An area goes live on another day: whoever prepares its waves has it in the diary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from api.outbox.message_kind import AT_ONCE, STAFF, DiaryDate, Happening, Kind, Notice, Words
from optimiser.domain.words import weekday_in_words

if TYPE_CHECKING:
    from api.state.state import State

ACTIONS = ("areas.move_go_live",)


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(*ACTIONS):
        was, day = (_day(state, entry.subject) for state in (happening.before, happening.after()))
        # A day may be given up and taken again: what is new is that it was decided at this version of the county.
        about, facts = f"{entry.subject} {day} {happening.after().version}", {"area": entry.subject, "day": day, "was": was}
        yield Notice(about, facts=facts, diary=f"go-live of {entry.subject}", takes_back=not day)


def _day(state: State, area_id: str) -> str:
    stored = state.get("areas", area_id)
    return "" if stored is None or stored.record.go_live is None else str(stored.record.go_live)


def _words(facts: Mapping[str, str]) -> Words:
    title = f"Area {facts['area']} goes live"
    if not facts["day"]:
        told = ("No day is known at present.",)
        off = DiaryDate(title, dt.date.fromisoformat(facts["was"]), is_off=True) if facts.get("was") else None
        return Words(f"Area {facts['area']} has no day of going live now", told, "/areas", off)
    day = dt.date.fromisoformat(facts["day"])
    return Words(
        f"Area {facts['area']} goes live on another day",
        (f"It is {weekday_in_words(day)}. Its waves are counted from there.",),
        "/areas",
        DiaryDate(title, day),
    )


KIND = Kind("go_live_moved", "An area goes live on another day", STAFF, AT_ONCE, ACTIONS, _notices, _words)
