"""The person's own yes or no to a provider, as its form has it: on their page, and on that for social workers."""

from __future__ import annotations

from typing import Any

from api.answers.schemas import NewAnswer
from api.pages.filled_form import FilledForm

SAYS = {
    "provider_id": "Say to which provider",
    "answer": "Say whether it was a yes or a no",
    "given_by": "Say who gave the answer",
    "advocate": "Choose from the list",
    "": "Somebody decided in the person's best interests: give the reason, and say whether an advocate was offered",
}


def answer_in(form: FilledForm) -> NewAnswer:
    """What a form says. Raises ``ValidationError``."""
    told: dict[str, Any] = {name: form.value(name) for name in ("answer_id", "provider_id", "answer", "given_by")}
    return NewAnswer.model_validate(told | {name: form.value(name) or None for name in ("advocate", "reason")})
