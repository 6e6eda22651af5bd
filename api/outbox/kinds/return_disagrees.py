"""A provider has declined for want of room on a day on which the free hours that it told had room: it hears so first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words

ACTION = "capacity.disagreed"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        yield Notice(str(entry.details["offer_id"]), entry.subject)


def _words(_: Mapping[str, str]) -> Words:
    return Words(
        "Please look at the free hours that you told",
        (
            "A no of yours for want of room does not fit them. Which it is stands on the page.",
            "If they have changed, tell them anew there. Nobody is asked earlier or later for it.",
        ),
        "/own/free-hours",
    )


KIND = Kind("return_disagrees", "A no does not fit the free hours that were told", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
