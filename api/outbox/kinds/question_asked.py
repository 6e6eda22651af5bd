"""A provider asks, or asks further, on its own pages: somebody of the council sees that a question waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.outbox.message_kind import AT_ONCE, STAFF, Happening, Kind, Notice, Words

ACTIONS = ("contact.recorded", "contact.asked_further")


def _notices(happening: Happening) -> Iterator[Notice]:
    for entry in happening.of(*ACTIONS):
        told = entry.details["asked"]
        if not told["done_by"]:  # whoever of the council writes one down knows of it
            about = f"{entry.details['contact_id']} {told['at']}"
            yield Notice(about, package_id=entry.subject if entry.subject_kind == "packages" else "")


def _words(_: Mapping[str, str]) -> Words:
    return Words("A question waits for an answer", ("A provider asks. What it asks is on the page.",), "/questions")


KIND = Kind("question_asked", "A provider asks something", STAFF, AT_ONCE, ACTIONS, _notices, _words)
