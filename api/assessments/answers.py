"""What is answered of an assessment: the whole to quality, less to contract officers, and nothing to anybody else."""

from __future__ import annotations

from typing import Any

from api.http.responses import Shown, shown, tag
from api.security.roles import CONTRACTS
from api.state.state import State
from api.state.stored_records import ASSESSMENTS, Body, assessment_of
from optimiser.domain.assessments import FIXED, NEXT_STEPS, PUBLISHED, post_for

Json = dict[str, Any]

AS_STORED = ("assessment_id", "provider_id", "state", "visited_on", "provider_has_finished", "draft_rating", "rating")
DAYS = ("drafted_on", "sent_on", "fixed_on", "published_on", "withdrawn_on")


def assessment_json(state: State, body: Body, role: str) -> Json:
    """An assessment as a role may see it. ``draft_rating`` and the words of corrections are quality's."""
    settings, assessment = state.snapshot.quality, assessment_of(body)
    until = assessment.corrections_until(settings)
    found = {name: body[name] for name in (*AS_STORED, *DAYS)}
    found |= {
        "corrections_until": until and str(until),
        "withdrawn_because": body["withdrawn_because"] or None,
        "corrections": body["corrections"],
        "corrections_received": len(body["corrections"]),
        "corrections_unanswered": assessment.unanswered,
        "next": next_json(state, body),
        "escalation_posts": list(settings.escalation_posts),
    }
    if role != CONTRACTS:
        return found
    told = assessment.state in (FIXED, PUBLISHED)
    return found | {
        "draft_rating": None,
        "corrections": None,
        "withdrawn_because": None,
        "rating": body["rating"] if told else None,
    }


def next_json(state: State, body: Body) -> Json | None:
    """The next step of an assessment that is open."""
    settings, assessment = state.snapshot.quality, assessment_of(body)
    due = assessment.due_on(settings)
    if due is None:
        return None
    late = assessment.days_overdue(settings, state.as_of)
    post = post_for(late, settings) if late else None
    return {"step": NEXT_STEPS[assessment.state], "due_on": str(due), "days_overdue": late, "post": post}


def etag_of(state: State, assessment_id: str) -> str:
    """It changes with the assessment and from day to day, as what is late does."""
    return tag(state.stock[ASSESSMENTS][assessment_id].version, state.as_of)


def shown_assessment(state: State, assessment_id: str, role: str) -> Shown:
    """A single one, with its tag."""
    return shown(assessment_json(state, state.stock[ASSESSMENTS][assessment_id].body, role), etag_of(state, assessment_id))
