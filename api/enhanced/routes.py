"""Enhanced home support: its clocks, whether care is still needed, and what a charge would need."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.enhanced import acts
from api.enhanced.schemas import Charge, OfACharge, StillNeeded, Support, SupportsQuery, SupportWithDraft
from api.http.openapi import problems
from api.http.responses import one, several
from api.http.strict import Listed

router = Router(prefix="/v1", tags=["enhanced home support"])


@router.get("/enhanced", summary="Who has enhanced home support, each with the clock", response_model=Listed[Support])
def supports(by: Annotated[Caller, may(acts.list_supports)], query: Annotated[SupportsQuery, Query()]) -> Response:
    """Who runs on longest first: beyond 72 hours it is not decided. A page is an entry of the audit trail."""
    return several(acts.list_supports(by, query))


@router.get(
    "/packages/{package_id}/enhanced",
    summary="One person's enhanced home support",
    response_model=SupportWithDraft,
    responses=problems("not_in_this_state"),
)
def read(package_id: str, by: Annotated[Caller, may(acts.read)]) -> Response:
    """The clock, what was said so far, and, while no onward request is there, the draft of one."""
    return one(acts.read(by, package_id))


@router.post(
    "/packages/{package_id}/enhanced/answer",
    summary="Whether care is still needed after it",
    response_model=SupportWithDraft,
    responses=problems("refused", "not_in_this_state"),
)
def answer(package_id: str, given: StillNeeded, by: Annotated[Caller, may(acts.answer)]) -> Response:
    """By whoever signs in, at any time; it is asked after 24 hours and again after 48. Confirming the draft opens an ordinary
    request in the same act; dropping it records why. The support itself ends by a named person's act alone."""
    return one(acts.answer(by, package_id, given))


@router.post(
    "/packages/{package_id}/enhanced/charge",
    summary="A notice of a charge, or a financial assessment, is recorded",
    response_model=Charge,
    responses=problems("refused", "not_in_this_state"),
)
def record_for_charge(package_id: str, given: OfACharge, by: Annotated[Caller, may(acts.record_for_charge)]) -> Response:
    """A charge for what runs on needs both; nothing here decides on one. What else is recorded of the person is not told."""
    return one(acts.record_for_charge(by, package_id, given))
