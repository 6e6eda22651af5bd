"""By when each step of an assessment is due, counted by hand, and whose it is once it is late."""

from __future__ import annotations

import datetime as dt

from optimiser.domain.assessments import FIXED, STATES, VISITED, WITH_PROVIDER, Assessment, post_for
from optimiser.domain.policy import QualitySettings
from tests.making import days

USUAL = QualitySettings()


def assessment(state: str, sent_on: dt.date | None = None) -> Assessment:
    """Visited today."""
    return Assessment("PA-1", "ALDER", state, days(0), sent_on)


def test_two_weeks_each() -> None:
    """A draft 14 days after the visit; sent on day 10, corrections until day 24, publication until day 38."""
    assert [assessment(state, days(10) if state in (WITH_PROVIDER, FIXED) else None).due_on(USUAL) for state in STATES] == [
        days(14), days(14), days(38), days(38), None, None,
    ]  # fmt: skip
    assert assessment(WITH_PROVIDER, days(10)).corrections_until(USUAL) == days(24)
    assert assessment(VISITED).corrections_until(USUAL) is None


def test_the_settings_say_otherwise() -> None:
    slow = QualitySettings(draft_days=21, correction_days=7, publish_days=0)
    assert assessment(VISITED).due_on(slow) == days(21)
    assert assessment(FIXED, days(21)).due_on(slow) == days(28)


def test_late_from_the_day_after() -> None:
    assert [assessment(VISITED).days_overdue(USUAL, days(count)) for count in (0, 14, 15, 21)] == [0, 0, 1, 7]


def test_a_day_beyond_the_calendar_is_its_last() -> None:
    assert Assessment("PA-1", "ALDER", VISITED, dt.date(9999, 12, 30)).due_on(USUAL) == dt.date.max


def test_each_week_late_it_is_the_next_posts() -> None:
    posts = QualitySettings(escalation_posts=("first", "second", "third"))
    assert [post_for(late, posts) for late in (0, 1, 6, 7, 13, 14, 400)] == [
        "first", "first", "first", "second", "second", "third", "third",
    ]  # fmt: skip
