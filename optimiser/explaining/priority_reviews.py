"""When a priority was set, and whether it is time that a person looks at it again: needs grow while people wait."""

from __future__ import annotations

import datetime as dt

from optimiser.domain.policy import Policy
from optimiser.domain.records import Package
from optimiser.domain.words import date_in_words


def priority_set_on(package: Package) -> dt.date | None:
    """The day on which a person last set the priority: on record, or that of the request; None: neither is known."""
    if package.priority_set_on is not None:
        return package.priority_set_on
    return None if package.requested_at is None else package.requested_at.date()


def look_again(package: Package, as_of: dt.date, policy: Policy) -> str:
    """What to say of a priority that was set too long ago; empty where it was not, or where that is not asked for."""
    since = priority_set_on(package)
    if since is None or not policy.priority_review_days or (as_of - since).days < policy.priority_review_days:
        return ""
    return f"This priority was set on {date_in_words(since)}, {(as_of - since).days} days ago: look again."
