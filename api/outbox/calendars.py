"""A date for somebody's diary, as a file of iCalendar. It comes with the message and is at no address: one that is secret is read
by every calendar service that it is given to, and by whoever finds it there.
"""

from __future__ import annotations

import datetime as dt

from api.outbox.letter import Letter

PROGRAM = "-//Home care brokerage//Outbox//EN"


def calendar_of(letter: Letter) -> bytes:
    """The file of a letter's date. Raises ``ValueError`` where it has none."""
    from icalendar import Calendar, Event  # loaded when a date is sent: it takes a while

    if letter.date is None:
        raise ValueError("the letter has no date")
    event = Event()
    event.add("uid", letter.message_id)
    event.add("dtstamp", letter.at.astimezone(dt.UTC).replace(microsecond=0))
    begins = letter.date.begins
    event.add("dtstart", begins.astimezone(dt.UTC) if isinstance(begins, dt.datetime) else begins)
    event.add("summary", letter.date.title)
    event.add("url", letter.link)
    event.add("transp", "TRANSPARENT")
    diary = Calendar()
    diary.add("prodid", PROGRAM)
    diary.add("version", "2.0")
    diary.add("method", "PUBLISH")
    diary.add_component(event)
    return bytes(diary.to_ical())
