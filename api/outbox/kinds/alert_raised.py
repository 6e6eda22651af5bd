"""Somebody of the council has to look at something: an offer ran out, nobody is left to ask, a first visit is not confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, STAFF, Happening, Kind, Notice, Words

RECORDS = "alerts"


def _notices(happening: Happening) -> Iterator[Notice]:
    known = happening.before.stock[RECORDS]
    for (kind, alert_id), body in happening.records.items():
        if kind == RECORDS and body is not None and alert_id not in known:
            yield Notice(alert_id, package_id=str(body["package_id"]))


def _words(_: Mapping[str, str]) -> Words:
    return Words("An alert waits for somebody to look at it", ("What it says, and of whom, is on the page.",), "/alerts")


KIND = Kind("alert_raised", "An alert waits for somebody to look", STAFF, AT_ONCE, (), _notices, _words, RECORDS)
