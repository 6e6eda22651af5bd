"""A provider has declared itself when it is on call: somebody of the council confirms it, or says why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import DAILY, STAFF, Happening, Kind, Notice, Words

ACTION = "own.declare_on_call"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        if entry.details["waits"]:
            yield Notice(f"{entry.subject} {entry.details['declared_at']}")


def _words(_: Mapping[str, str]) -> Words:
    return Words(
        "A provider has declared when it is on call",
        ("It counts once somebody of the council has confirmed it. Which provider it is stands on the page.",),
        "/providers",
    )


KIND = Kind("on_call_declared", "A provider has declared when it is on call", STAFF, DAILY, (ACTION,), _notices, _words)
