"""What the nightly report tells of restrictions that are to be looked at again, and of assessments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from optimiser.domain.assessments import PUBLISHED, VISITED, WITH_PROVIDER, Assessment
from optimiser.domain.policy import QualitySettings
from optimiser.domain.records import Restriction
from optimiser.nightly.page import nightly_page
from optimiser.nightly.quality import assessment_rows, review_rows
from optimiser.nightly.report import nightly_record
from optimiser.reoptimising.story import reoptimise
from tests.making import days, framework, package, restriction, snapshot

FIRST, SECOND = QualitySettings().escalation_posts[:2]


def looked_after(restriction_id: str, review: int | None, **given: Any) -> Restriction:
    """One that lacks nothing but perhaps a review date."""
    review_on = None if review is None else days(review)
    kept = {"owner": "Senior Quality Monitoring Officer", "improvement_plan": "a visit a week", "review_on": review_on}
    return restriction("ALDER", restriction_id=restriction_id, **kept | given)


def test_who_reminds_and_who_does_not() -> None:
    """28 days ahead: in 28 days is told, in 29 is not; what ends before its review is not looked at again."""
    restrictions = [
        looked_after("IN-29", 29),
        looked_after("IN-28", 28),
        looked_after("TODAY", 0),
        looked_after("LATE-6", -6),
        looked_after("LATE-7", -7),
        looked_after("OVER", -40, ends=days(0)),
        looked_after("ENDS-FIRST", 5, ends=days(5)),
        looked_after("TO-COME", 20, starts=days(10)),
        looked_after("OLD", None, owner="", improvement_plan=""),
        looked_after("NO-PLAN", 80, improvement_plan=""),
    ]
    rows = review_rows(snapshot([], [framework("ALDER")], restrictions=restrictions))
    assert [(row["restriction_id"], row["due"], row["days_overdue"], row["post"], row["lacks"]) for row in rows] == [
        ("LATE-7", True, 7, SECOND, []),
        ("LATE-6", True, 6, FIRST, []),
        ("TODAY", True, 0, "", []),
        ("TO-COME", True, 0, "", []),
        ("IN-28", True, 0, "", []),
        ("NO-PLAN", False, 0, "", ["an improvement plan"]),
        ("OLD", False, 0, "", ["a review date", "an owner", "an improvement plan"]),
    ]


def test_the_days_ahead_are_a_setting() -> None:
    here = snapshot([], [framework("ALDER")], restrictions=[looked_after("IN-29", 29)])
    assert review_rows(here) == []
    (row,) = review_rows(replace(here, quality=QualitySettings(review_ahead_days=29)))
    assert row["review_on"] == str(days(29))


def test_assessments_that_are_open_by_what_is_due_first() -> None:
    here = snapshot([], [framework("ALDER")])
    known = [
        Assessment("PA-1", "ALDER", WITH_PROVIDER, days(-50), days(-35), unanswered=2),
        Assessment("PA-2", "ALDER", VISITED, days(-22)),
        Assessment("PA-3", "ALDER", PUBLISHED, days(-90), days(-80)),
    ]
    rows = assessment_rows(here, known)
    assert [(row["assessment_id"], row["due_on"], row["days_overdue"], row["post"]) for row in rows] == [
        ("PA-2", str(days(-8)), 8, SECOND),
        ("PA-1", str(days(-7)), 7, SECOND),
    ]
    assert rows[1]["corrections_unanswered"] == 2


def test_the_page_tells_them_and_escapes_what_people_wrote() -> None:
    odd = looked_after("X1", -1, owner="Head <of> Service")
    here = snapshot([package("N1")], [framework("ALDER"), framework("BRACKEN")], restrictions=[odd])
    known = [Assessment("PA-1", "ALDER", WITH_PROVIDER, days(-50), days(-35), unanswered=2)]
    page = nightly_page(nightly_record(reoptimise(here), None, ids=False, ahead_days=90, assessments=known)).decode()
    assert "looked after by: Head &lt;of&gt; Service." in page
    assert f"It was to be looked at again on {days(-1)}, 1 day ago: {FIRST}." in page
    assert "2 of the provider's corrections unanswered." in page
    assert "Late by 7 days: " in page
    assert "a visit a week" not in page, "the plan stays in the records"
    plain = nightly_page(
        nightly_record(reoptimise(snapshot([package("N1")], [framework("ALDER")])), None, ids=False, ahead_days=90)
    )
    assert b"Assessments" not in plain
