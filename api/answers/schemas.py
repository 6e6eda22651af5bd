"""What a person, or who may speak for them, says to a provider, as it is recorded and shown."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from api.http.conversion import Cell
from api.http.strict import Answer, OwnId, Strict

Provider = Annotated[str, Cell("answers", "provider_id")]
Said = Annotated[str, Cell("answers", "answer")]
GivenBy = Annotated[str, Cell("answers", "given_by")]
Advocate = Annotated[str | None, Cell("answers", "advocate")]
Reason = Annotated[str | None, Cell("answers", "reason", description="Why, in the person's own words as far as can be.")]
Moment = Annotated[str, Cell("answers", "answered_at")]

GIVEN: dict[str, Any] = {
    "provider_id": "CLOVER",
    "answer": "yes",
    "given_by": "self",
    "advocate": "not_needed",
    "reason": "Has met two of the carers.",
}
ANSWER: dict[str, Any] = {
    "answer_id": "A-5f1c2a90b7de4431",
    "package_id": "N4",
    **GIVEN,
    "answered_at": "2026-11-23T11:20:00",
    "counts": True,
}


class NewAnswer(Strict):
    """A yes or a no to a provider, and who gave it."""

    model_config = ConfigDict(json_schema_extra={"example": GIVEN})

    answer_id: Annotated[
        OwnId | None,
        Field(
            description="Your own id for it: sent again, the same answer is not recorded twice. Without it, it gets one.",
            examples=["A-2026-117"],
        ),
    ] = None
    provider_id: Provider
    answer: Said
    given_by: GivenBy
    advocate: Advocate = None
    answered_at: Annotated[Moment | None, Field(description="Without it: now.")] = None
    reason: Reason = None

    @model_validator(mode="after")
    def _decided_for_the_person(self) -> Self:
        if self.given_by == "best_interests" and not (self.advocate and self.reason):
            raise ValueError(
                "an answer in the person's best interests needs a reason, and whether an advocate was offered (advocate)"
            )
        return self


class PersonsAnswer(Answer):
    """An answer, and whether it is the last to that provider, which alone counts."""

    model_config = ConfigDict(json_schema_extra={"example": ANSWER})

    answer_id: Annotated[str, Cell("answers", "answer_id")]
    package_id: Annotated[str, Cell("answers", "package_id")]
    provider_id: Provider
    answer: Said
    given_by: GivenBy
    advocate: Advocate
    answered_at: Moment
    reason: Reason
    counts: Annotated[bool, Field(description="Of several answers to one provider the last alone counts.")]


class PersonsAnswers(Answer):
    """What a person has said to providers, the earliest first."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [ANSWER]}})

    items: list[PersonsAnswer]
