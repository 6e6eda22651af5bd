"""Dates for somebody's diary, as files of iCalendar: those that count in one, and one for each that is taken back, as a file says
one thing alone of what is in it. They come with the message and are at no address: one that is secret is read by every calendar
service that it is given to, and by whoever finds it there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.outbox.diary_entries import DiaryEntry
from api.outbox.letter import Letter

PROGRAM = "-//Home care brokerage//Outbox//EN"
PUBLISH, CANCEL = "PUBLISH", "CANCEL"


@dataclass(frozen=True)
class CalendarFile:
    """``method``: what a diary does with it."""

    method: str
    content: bytes


def calendars_of(letter: Letter, sent_from: str) -> Iterator[CalendarFile]:
    """The files of a letter's dates. ``sent_from``: the mailbox that speaks for whoever set them."""
    if counting := [each for each in letter.dates if not each.date.is_off]:
        yield CalendarFile(PUBLISH, _file(letter, counting, sent_from, PUBLISH))
    for each in letter.dates:
        if each.date.is_off:
            yield CalendarFile(CANCEL, _file(letter, [each], sent_from, CANCEL))


def _file(letter: Letter, entries: Sequence[DiaryEntry], sent_from: str, method: str) -> bytes:
    from icalendar import Calendar, Event  # loaded when a date is sent: it takes a while

    diary = Calendar()
    diary.add("prodid", PROGRAM)
    diary.add("version", "2.0")
    diary.add("method", method)
    for each in entries:
        event = Event()
        event.add("uid", each.uid)
        event.add("sequence", each.sequence)
        event.add("dtstamp", letter.at.astimezone(dt.UTC).replace(microsecond=0))
        begins = each.date.begins
        event.add("dtstart", begins.astimezone(dt.UTC) if isinstance(begins, dt.datetime) else begins)
        event.add("summary", each.date.title)
        event.add("organizer", f"mailto:{sent_from}")
        event.add("url", letter.link)
        event.add("transp", "TRANSPARENT")
        if each.date.is_off:
            event.add("status", "CANCELLED")
        diary.add_component(event)
    return bytes(diary.to_ical())
