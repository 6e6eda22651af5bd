"""What of quality is due: steps of assessments, and restrictions that are to be looked at again. No rating is in it that does not
count: a draft is told to nobody, and what follows from a rating that is fixed only to contract officers, by the service.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from optimiser.domain.assessments import NEXT_STEPS, Assessment, post_for
from optimiser.domain.records import Restriction
from optimiser.domain.snapshot import Snapshot

LACKING = {"review_on": "a review date", "owner": "an owner", "improvement_plan": "an improvement plan"}
"""What a restriction has beside what it restricts, by its column."""


def lacking(restriction: Restriction) -> list[str]:
    """What a restriction lacks, in words: those from before, or from a folder, may lack any of it."""
    return [words for column, words in LACKING.items() if not getattr(restriction, column)]


def assessment_rows(snapshot: Snapshot, assessments: Iterable[Assessment]) -> list[dict[str, Any]]:
    """A row for each assessment that is open, the step that is due first at the top."""
    settings, name = snapshot.quality, {each.provider_id: each.name for each in snapshot.providers}
    rows = []
    for each in assessments:
        if not each.is_open:
            continue
        late = each.days_overdue(settings, snapshot.as_of)
        rows.append(
            {
                "assessment_id": each.assessment_id,
                "provider_id": each.provider_id,
                "provider": name.get(each.provider_id, ""),
                "state": each.state,
                "visited_on": str(each.visited_on),
                "next_step": NEXT_STEPS[each.state],
                "due_on": str(each.due_on(settings)),
                "days_overdue": late,
                "post": post_for(late, settings) if late else "",
                "corrections_unanswered": each.unanswered,
            }
        )
    return sorted(rows, key=lambda row: (row["due_on"], row["assessment_id"]))


def review_rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """A row for each restriction, in force or to come, that is to be looked at within ``review_ahead_days``, should have been, or
    lacks something: what is late first, then by date, those without a date last.
    """
    settings, today = snapshot.quality, snapshot.as_of
    name = {provider.provider_id: provider.name for provider in snapshot.providers}
    rows = []
    for each in snapshot.restrictions:
        if each.ends is not None and each.ends <= today:
            continue
        in_days = (each.review_on - today).days if each.review_on else None
        ends_before = each.ends is not None and each.review_on is not None and each.ends <= each.review_on
        due = in_days is not None and in_days <= settings.review_ahead_days and not ends_before
        lacks = lacking(each)
        if not due and not lacks:
            continue
        late = max(-in_days, 0) if due and in_days is not None else 0
        rows.append(
            {
                "restriction_id": each.restriction_id,
                "provider_id": each.provider_id,
                "provider": name[each.provider_id],
                "area_id": each.area_id,
                "review_on": str(each.review_on) if each.review_on else None,
                "due": due,
                "days_overdue": late,
                "owner": each.owner,
                "post": post_for(late, settings) if late else "",
                "lacks": lacks,
            }
        )
    return sorted(rows, key=lambda row: (not row["due"], row["review_on"] or "9999", row["restriction_id"]))
