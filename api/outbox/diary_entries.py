"""A date as somebody's diary knows it: by an id that stays when it is moved or taken back, and a number that grows with each word
of it, so that the last one counts in whatever order they arrive (RFC 5546).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from api.outbox.message_kind import DiaryDate

DATES = "dates"
"""Under this name the facts of a message that holds several have their dates."""


@dataclass(frozen=True)
class DiaryEntry:
    """``uid``: by which a diary finds it; ``sequence``: how often it was told before."""

    uid: str
    sequence: int
    date: DiaryDate


def entry_of(address_id: str, diary: str, date: DiaryDate, sequence: int, message_id: str) -> DiaryEntry:
    """The entry of a date. Each address has an id of its own for it: nobody can see who else has it.

    ``diary`` empty: a date that came before entries were kept by their name; its message is its name.
    """
    if not diary:
        return DiaryEntry(message_id, sequence, date)
    named = hashlib.sha256("\x1f".join((address_id, "diary", diary)).encode()).hexdigest()[:32]
    return DiaryEntry(f"date_{named}", sequence, date)


def as_fact(entries: Iterable[DiaryEntry]) -> str:
    """The entries as they are kept among the facts of a message."""
    told = []
    for each in entries:
        date = {"title": each.date.title, "begins": each.date.begins, "off": each.date.is_off}
        told.append({"uid": each.uid, "sequence": each.sequence, **date})
    return orjson.dumps(told).decode()


def entries_in(facts: Mapping[str, str]) -> tuple[DiaryEntry, ...]:
    """Those that are kept among the facts of a message."""
    return tuple(
        DiaryEntry(each["uid"], each["sequence"], DiaryDate(each["title"], _begins(each["begins"]), each["off"]))
        for each in orjson.loads(facts.get(DATES, "[]"))
    )


def _begins(text: str) -> dt.datetime | dt.date:
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
