"""A provider's statement of a month that is over was made: its desk reads that it waits, and nothing of what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words

ACTION = "statements.keep"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        for provider_id in sorted(entry.details["digests"]):  # of those alone that had none yet
            yield Notice(f"{entry.details['month']} {provider_id}", provider_id)


def _words(_: Mapping[str, str]) -> Words:
    sentences = ("It is of a month that is over, and is on the page.", "There you can query a line of it.")
    return Words("A statement waits for you", sentences, "/own/statements")


KIND = Kind("statement_waits", "A provider's monthly statement is there", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
