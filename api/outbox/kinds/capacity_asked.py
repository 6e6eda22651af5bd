"""A provider is asked for its free hours: it never told any, or what it told counts no longer. Once a period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import DAILY, PROVIDER, Happening, Kind, Notice, Words

ACTION = "capacity.asked"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        yield Notice(f"{entry.subject} {entry.details['asked_on']}", entry.subject)


def _words(_: Mapping[str, str]) -> Words:
    return Words(
        "Please tell the council your free hours",
        (
            "The council does not know which hours you have free now.",
            "Fill them in on the page, or send there the export that you make for the national capacity tracker.",
            "They bind you to nothing, and nobody is asked earlier or later for them.",
        ),
        "/own/free-hours",
    )


KIND = Kind("capacity_asked", "A provider is asked for its free hours", PROVIDER, DAILY, (ACTION,), _notices, _words)
