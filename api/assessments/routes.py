"""Assessments over HTTP: a list, one, its steps, and what a rating that is fixed would change."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.assessments import acts
from api.assessments.schemas import (
    Assessment,
    AssessmentsQuery,
    Consequences,
    CorrectionAnswer,
    Draft,
    Fix,
    NewCorrection,
    OpenAssessment,
    Publish,
    Send,
    Withdraw,
)
from api.http.addresses import address_of
from api.http.openapi import problems
from api.http.responses import IfMatch, IfNoneMatch, one, several
from api.http.strict import Listed

router = Router(prefix="/v1", tags=["assessments"])
AT = "/assessments/{assessment_id}"
Number = Annotated[int, Path(ge=1, le=9_999, examples=[1])]
IN_ORDER = problems("not_the_next_step", "refused", "had_a_hand")


@router.get("/assessments", summary="Assessments of providers", response_model=Listed[Assessment])
def assessments(query: Annotated[AssessmentsQuery, Query()], by: Annotated[Caller, may(acts.list_assessments)]) -> Response:
    """``overdue=true``: those whose next step is late, with whose it is by now."""
    return several(acts.list_assessments(by, query))


@router.get(AT, summary="An assessment of a provider", response_model=Assessment)
def assessment(
    assessment_id: str, by: Annotated[Caller, may(acts.read_assessment)], if_none_match: IfNoneMatch = None
) -> Response:
    """Its state, what is next and by when, and the provider's corrections. A draft counts for nothing."""
    return one(acts.read_assessment(by, assessment_id), if_none_match)


@router.get(
    f"{AT}/consequences",
    summary="What a rating that is fixed would change",
    response_model=Consequences,
    responses=problems("not_the_next_step", "had_a_hand"),
)
def consequences(assessment_id: str, by: Annotated[Caller, may(acts.read_consequences)]) -> Response:
    """As if it were published today: who could no longer be asked, which offers would lapse, whose principal would be barred."""
    return one(acts.read_consequences(by, assessment_id))


@router.post(
    "/assessments",
    summary="A provider has been visited",
    response_model=Assessment,
    status_code=201,
    responses=problems("already_there", "not_the_next_step", "refused"),
)
def open_assessment(asked: OpenAssessment, by: Annotated[Caller, may(acts.open_assessment)]) -> Response:
    """One assessment of a provider is open at a time."""
    return one(acts.open_assessment(by, asked), created_at=address_of("assessments", asked.assessment_id))


@router.post(f"{AT}/draft", summary="The draft report is written", response_model=Assessment, responses=IN_ORDER)
def draft(assessment_id: str, asked: Draft, by: Annotated[Caller, may(acts.draft)], if_match: IfMatch = None) -> Response:
    """With the rating that it comes to so far, which counts for nothing."""
    return one(acts.draft(by, assessment_id, asked, if_match))


@router.post(f"{AT}/send", summary="The draft is sent to the provider", response_model=Assessment, responses=IN_ORDER)
def send(assessment_id: str, asked: Send, by: Annotated[Caller, may(acts.send)], if_match: IfMatch = None) -> Response:
    """Without its rating: it is facts that the provider is to correct."""
    return one(acts.send(by, assessment_id, asked, if_match))


@router.post(f"{AT}/corrections", summary="The provider corrects a fact", response_model=Assessment, responses=IN_ORDER)
def correct(
    assessment_id: str, asked: NewCorrection, by: Annotated[Caller, may(acts.correct)], if_match: IfMatch = None
) -> Response:
    """One that comes late is recorded as late, and answered like any other."""
    return one(acts.correct(by, assessment_id, asked, if_match))


@router.post(
    f"{AT}/corrections/{{number}}/answer", summary="A correction is answered", response_model=Assessment, responses=IN_ORDER
)
def answer(
    assessment_id: str,
    number: Number,
    asked: CorrectionAnswer,
    by: Annotated[Caller, may(acts.answer)],
    if_match: IfMatch = None,
) -> Response:
    """With an explanation, whether or not the report is changed."""
    return one(acts.answer(by, assessment_id, number, asked, if_match))


@router.post(f"{AT}/fix", summary="The rating is fixed", response_model=Assessment, responses=IN_ORDER)
def fix(assessment_id: str, asked: Fix, by: Annotated[Caller, may(acts.fix)], if_match: IfMatch = None) -> Response:
    """Once every correction is answered and the provider's time is over. It counts for nothing until it is published."""
    return one(acts.fix(by, assessment_id, asked, if_match))


@router.post(f"{AT}/publish", summary="The rating is published", response_model=Assessment, responses=IN_ORDER)
def publish(assessment_id: str, asked: Publish, by: Annotated[Caller, may(acts.publish)], if_match: IfMatch = None) -> Response:
    """It is written to the provider's record, as any change of a rating is, and counts from its day on."""
    return one(acts.publish(by, assessment_id, asked, if_match))


@router.post(f"{AT}/withdraw", summary="The assessment is withdrawn", response_model=Assessment, responses=IN_ORDER)
def withdraw(
    assessment_id: str, asked: Withdraw, by: Annotated[Caller, may(acts.withdraw)], if_match: IfMatch = None
) -> Response:
    """It may be until it is published. Nothing is deleted."""
    return one(acts.withdraw(by, assessment_id, asked, if_match))
