"""A priority is looked at again by a person after a set time."""

from __future__ import annotations

import pytest

from optimiser.domain.policy import Policy
from optimiser.explaining.priority_reviews import look_again, priority_set_on
from tests.making import AS_OF, days, noon, package


@pytest.mark.parametrize(
    ("requested", "set_on", "limit", "said"),
    [
        (-28, None, 28, "This priority was set on 26 October 2026, 28 days ago: look again."),
        (-27, None, 28, ""),
        (-90, -3, 28, ""),
        (-90, -30, 28, "This priority was set on 24 October 2026, 30 days ago: look again."),
        (None, None, 28, ""),
        (-90, None, 0, ""),
    ],
)
def test_since_it_was_set_or_else_since_the_request(requested: int | None, set_on: int | None, limit: int, said: str) -> None:
    person = package(
        "N1",
        requested_at=None if requested is None else noon(requested),
        priority_set_on=None if set_on is None else days(set_on),
    )
    assert look_again(person, AS_OF, Policy(priority_review_days=limit)) == said
    assert (priority_set_on(person) is None) == (requested is None and set_on is None)
