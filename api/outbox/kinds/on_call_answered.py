"""What a provider declared of its hours on call is confirmed by the council, or is not: it reads which, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words

ACTION = "on_call.confirm"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        yield Notice(f"{entry.subject} {entry.details['declared_at']}", entry.subject)


def _words(_: Mapping[str, str]) -> Words:
    return Words(
        "The council has answered what you declared of your hours on call",
        ("Whether it counts now, or why not, is on the page.",),
        "/own/on-call",
    )


KIND = Kind("on_call_answered", "The council has answered on hours on call", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
