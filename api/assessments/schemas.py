"""What is sent for each step of an assessment, and what is shown of one and of what its rating would change."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.http.conversion import ADDRESSABLE, Cell
from api.http.strict import Answer, Id, Line, Query, Strict
from optimiser.domain.assessments import STATES
from optimiser.domain.records import LONGEST
from optimiser.io.schema import PAMMS_RATINGS

OUTCOMES = ("changed", "partly_changed", "kept")
LONGEST_TEXT = 4_000

AssessmentId = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=ADDRESSABLE, examples=["PA-2026-17"])]
Rating = Annotated[
    str,
    Cell("providers", "pamms_rating", needed=True, description="What it comes to; it counts for nothing until it is published."),
]
Reason = Annotated[str, Cell("restrictions", "reason", needed=True, description="Why; kept in the audit trail.")]
Text = Annotated[str, StringConstraints(min_length=3, max_length=LONGEST_TEXT, strip_whitespace=True)]
"""What somebody writes about a provider. It names no person."""
Day = Annotated[dt.date | None, Field(description="The day of it, not after today; null: today.", examples=["2026-11-23"])]
Count = Annotated[int, Field(ge=0, examples=[0])]


class AssessmentsQuery(Query):
    """Some assessments."""

    provider_id: Id = None
    state: Annotated[Literal[STATES] | None, Field(examples=["fixed"])] = None  # type: ignore[valid-type]
    overdue: Annotated[bool | None, Field(description="Those whose next step is late, or those where it is not.")] = None


class OpenAssessment(Strict):
    """A provider has been visited."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"assessment_id": "PA-2026-17", "provider_id": "ALDER", "visited_on": "2026-11-23"}}
    )

    assessment_id: AssessmentId
    provider_id: Annotated[str, Cell("providers", "provider_id")]
    visited_on: Day = None


class Draft(Strict):
    """The draft report is written."""

    model_config = ConfigDict(json_schema_extra={"example": {"rating": "requires_improvement"}})

    rating: Rating
    drafted_on: Day = None


class Send(Strict):
    """The draft goes to the provider, without its rating: facts are what it is to correct."""

    model_config = ConfigDict(json_schema_extra={"example": {"sent_on": None}})

    sent_on: Day = None


class NewCorrection(Strict):
    """The provider says that something in the draft is not so."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"statement": "Section 4: medication is audited every week, see the enclosed log."}}
    )

    statement: Text
    received_on: Day = None


class CorrectionAnswer(Strict):
    """What has become of a correction, and why."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"outcome": "changed", "explanation": "The log was seen; section 4 says so now."}}
    )

    outcome: Annotated[Literal[OUTCOMES], Field(description="Whether the report says it otherwise now.")]  # type: ignore[valid-type]
    explanation: Text
    decided_by: Annotated[Line | None, Field(description="The post that decided; null: whoever answers.")] = None


class Fix(Strict):
    """Corrections are settled; what the rating is stands fixed, and is not published yet."""

    model_config = ConfigDict(json_schema_extra={"example": {"rating": "poor", "reason": "as the panel decided"}})

    rating: Rating
    reason: Reason
    provider_has_finished: Annotated[
        bool, Field(description="The provider has said that it has nothing (more) to correct, before its time is over.")
    ] = False


class Publish(Strict):
    """The report is published; its rating counts from that day on."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "published on the council's pages"}})

    reason: Reason
    published_on: Annotated[
        dt.date | None, Field(description="From the day on which it was fixed on; null: today.", examples=["2026-11-23"])
    ] = None


class Withdraw(Strict):
    """The assessment comes to nothing."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "the visit has to be made again"}})

    reason: Reason


class AnsweredCorrection(Answer):
    """What has become of a correction."""

    outcome: Literal[OUTCOMES]  # type: ignore[valid-type]
    explanation: Annotated[str, Field(examples=["The log was seen; section 4 says so now."])]
    decided_by: Annotated[str, Field(examples=["Senior Quality Monitoring Officer"])]
    answered_on: dt.date
    answered_by: Annotated[str, Field(examples=["Quinn Quality (k7)"])]


class Correction(Answer):
    """What the provider says is not so, and what has become of that; null: nobody has answered yet."""

    number: Annotated[int, Field(ge=1, examples=[1])]
    statement: Annotated[str, Field(examples=["Section 4: medication is audited every week."])]
    received_on: dt.date
    late: Annotated[bool, Field(description="It came after the provider's time was over; it is answered all the same.")]
    answer: AnsweredCorrection | None


class AssessmentNext(Answer):
    """What is to be done next, by when, and for whom it is once it is late."""

    step: Annotated[str, Field(examples=["the draft report is written"])]
    due_on: dt.date
    days_overdue: Count
    post: Annotated[str | None, Field(description="Whom it is for now that it is late; null: it is not.", examples=[None])]


Done = Annotated[dt.date | None, Field(description="Null: it has not been done.", examples=[None])]
RatingOrNone = Annotated[Literal[PAMMS_RATINGS] | None, Field(examples=[None])]  # type: ignore[valid-type]


class Assessment(Answer):
    """An assessment. Contract officers see no rating before it is fixed, and no words of corrections or of a withdrawal."""

    assessment_id: AssessmentId
    provider_id: Annotated[str, Field(examples=["ALDER"])]
    state: Literal[STATES]  # type: ignore[valid-type]
    visited_on: dt.date
    drafted_on: Done
    draft_rating: RatingOrNone
    sent_on: Done
    corrections_until: Annotated[dt.date | None, Field(description="The provider's last day to correct facts.", examples=[None])]
    corrections: Annotated[list[Correction] | None, Field(description="Null: not for your role.")]
    corrections_received: Count
    corrections_unanswered: Count
    provider_has_finished: bool
    fixed_on: Done
    rating: RatingOrNone
    published_on: Done
    withdrawn_on: Done
    withdrawn_because: Annotated[str | None, Field(examples=[None])]
    next: AssessmentNext | None
    escalation_posts: Annotated[list[str], Field(examples=[["Quality Monitoring Officer", "Head of Service"]])]


class Waiting(Answer):
    """A package that waits."""

    package_id: Annotated[str, Field(examples=["N2"])]
    area_id: Annotated[str, Field(examples=["A1"])]
    priority: Annotated[str, Field(examples=["urgent"])]
    contract_ids: Annotated[list[str], Field(description="The provider's contracts that are meant.", examples=[["P-ALDER"]])]


class OpenOffer(Answer):
    """An offer that waits for an answer."""

    offer_id: Annotated[str, Field(examples=["OF1"])]
    package_id: Annotated[str, Field(examples=["N2"])]
    contract_id: Annotated[str, Field(examples=["P-ALDER"])]


class BarredArea(Answer):
    """An area whose principal the provider is, or will be."""

    area_id: Annotated[str, Field(examples=["A1"])]
    name: Annotated[str, Field(examples=["Larkmere and Villages"])]
    contract_id: Annotated[str, Field(examples=["P-ALDER"])]
    starts: Annotated[dt.date | None, Field(examples=["2026-04-01"])]


class Consequences(Answer):
    """What a rating that is fixed would change if it were published today. Nothing of it has happened."""

    assessment_id: AssessmentId
    provider_id: Annotated[str, Field(examples=["ALDER"])]
    provider: Annotated[str, Field(examples=["Alder Home Care"])]
    rating: Literal[PAMMS_RATINGS]  # type: ignore[valid-type]
    as_if_published_on: dt.date
    in_words: Annotated[str, Field(examples=["Nothing would change: the rating bars nobody, and lifts no bar."])]
    no_longer_asked: Annotated[list[Waiting], Field(description="Packages that could no longer be offered to it, by the rules.")]
    asked_again: Annotated[list[Waiting], Field(description="Packages that could be offered to it again, by the rules.")]
    offers_that_lapse: list[OpenOffer]
    principal_barred: list[BarredArea]
    people_who_stay: Annotated[int, Field(ge=0, description="Whose care runs there, or was accepted: they stay.", examples=[4])]
    next: AssessmentNext
    escalation_posts: Annotated[list[str], Field(examples=[["Quality Monitoring Officer", "Head of Service"]])]
