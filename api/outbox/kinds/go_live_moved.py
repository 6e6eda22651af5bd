"""An area goes live on another day: whoever prepares its waves has it in the diary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, STAFF, DiaryDate, Happening, Kind, Notice, Words

ACTIONS = ("areas.move_go_live",)


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(*ACTIONS):
        area = happening.after().stock["areas"][entry.subject].record
        day = "" if area.go_live is None else area.go_live.isoformat()
        # A day may be given up and taken again: what is new is that it was decided at this version of the county.
        yield Notice(f"{entry.subject} {day} {happening.after().version}", facts={"area": entry.subject, "day": day})


def _words(facts: Mapping[str, str]) -> Words:
    if not facts["day"]:
        return Words(f"Area {facts['area']} has no day of going live now", ("No day is known at present.",), "/areas")
    day = dt.date.fromisoformat(facts["day"])
    return Words(
        f"Area {facts['area']} goes live on another day",
        (f"It is {day:%A} {day.day} {day:%B %Y}. Its waves are counted from there.",),
        "/areas",
        DiaryDate(f"Area {facts['area']} goes live", day),
    )


KIND = Kind("go_live_moved", "An area goes live on another day", STAFF, AT_ONCE, ACTIONS, _notices, _words)
