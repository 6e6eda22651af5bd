"""The council has answered a provider's question: its desk reads that an answer waits, and nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, PROVIDER, Happening, Kind, Notice, Words

ACTION = "contact.answered"


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(ACTION):
        if provider_id := str(entry.details.get("provider_id") or ""):
            about = f"{entry.details['contact_id']} {entry.details['said']['at']}"
            of = entry.subject if entry.subject_kind == "packages" else ""
            yield Notice(about, provider_id, of)


def _words(_: Mapping[str, str]) -> Words:
    return Words("An answer of the council waits for you", ("You asked, and the answer is on the page.",), "/own/questions")


KIND = Kind("question_answered", "A question has its answer", PROVIDER, AT_ONCE, (ACTION,), _notices, _words)
