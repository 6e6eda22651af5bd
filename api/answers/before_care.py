"""Care begins only where the person has said yes to the provider, since it was last asked for."""

from __future__ import annotations

from api.http.errors import Problem, declare
from api.state.state import State
from optimiser.domain.person_records import YES
from optimiser.domain.records import Package

ANSWER_NEEDED = declare("answer_needed", 409, "The person has not said yes to this provider")
HOW = "Ask the person, or who may speak for them, and record it: POST /v1/packages/{package_id}/answers."


def refuse_without_a_yes(state: State, person: Package, provider_id: str) -> None:
    """Raises the problem ``answer_needed``, unless the setting of this name is off."""
    if not state.snapshot.policy.answer_needed:
        return
    last = state.county.answers.last(person.package_id, provider_id)
    if last is None:
        raise Problem(ANSWER_NEEDED, f"No answer of the person to {provider_id} is recorded. {HOW}")
    if last.answer != YES:
        raise Problem(ANSWER_NEEDED, f"The last answer to {provider_id} that is recorded is a no. {HOW}")
    if person.requested_at is not None and last.answered_at < person.requested_at:
        raise Problem(ANSWER_NEEDED, f"The yes to {provider_id} is older than the request, so it was to other care. {HOW}")
