"""Whom a person may turn to. A council sets its own words; the defaults name no number that could go out of date.

These words are added when a paragraph is read, so that a result is the same whoever sets them.
"""

from __future__ import annotations

import os

CONTACT = "OPTIMISER_CONTACT"
COMPLAINTS = "OPTIMISER_COMPLAINTS"

DEFAULT_CONTACT = "your social worker or the council's adult social care team"
DEFAULT_COMPLAINTS = (
    "If you are still not happy, you can make a complaint to the council. "
    "After that you can ask the Local Government and Social Care Ombudsman to look at it. This is free."
)


def contact() -> str:
    """Whom to contact, as it stands after "please contact"."""
    return os.environ.get(CONTACT) or DEFAULT_CONTACT


def complaints() -> str:
    """What to do when an answer does not satisfy."""
    return os.environ.get(COMPLAINTS) or DEFAULT_COMPLAINTS


def with_contact(news: str, outcome: str) -> str:
    """A person's news, with whom to contact and how to disagree."""
    urgent = " If you need help right now, please tell them at once." if outcome in ("unmet", "pending") else ""
    return (
        f"{news} If you have a question, please contact {contact()}.{urgent}"
        f" If you do not agree, tell them why and ask them to look at it again. {complaints()}"
    )
