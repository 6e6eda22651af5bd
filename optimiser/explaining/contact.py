"""Whom a person may turn to. A council sets its own words; the defaults name no number that could go out of date."""

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
