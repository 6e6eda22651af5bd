"""How whoever waits is safe until care begins: recorded, checked, and what is chosen where nobody can be asked."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.http.responses import IfMatch, one, several
from api.http.strict import Listed
from api.meanwhile import acts
from api.meanwhile.schemas import Approval, Approved, Checked, Choice, Meanwhile, MeanwhileQuery, Plan, WhoWaits

router = Router(prefix="/v1", tags=["meanwhile"])


@router.get("/meanwhile", summary="Who waits and is to be looked at, a page at a time", response_model=Listed[WhoWaits])
def waiting(by: Annotated[Caller, may(acts.list_waiting)], query: Annotated[MeanwhileQuery, Query()]) -> Response:
    """Most harm first: no plan, a plan that ran out or is too short, a carer who cannot go on, a check or a choice overdue; then
    bridges and interim beds with their clocks. Everybody waits until their first visit. A page is an entry of the audit trail."""
    return several(acts.list_waiting(by, query))


@router.get("/packages/{package_id}/meanwhile", summary="How a person is safe until care begins", response_model=Meanwhile)
def read(package_id: str, by: Annotated[Caller, may(acts.read)]) -> Response:
    """What is recorded, what is wrong with it and, where nobody can be asked, by when a named person chooses and among what."""
    return one(acts.read(by, package_id))


@router.put(
    "/packages/{package_id}/meanwhile",
    summary="How a person is safe until care begins is recorded",
    response_model=Meanwhile,
    responses=problems("refused"),
)
def record(package_id: str, plan: Plan, by: Annotated[Caller, may(acts.record)], if_match: IfMatch = None) -> Response:
    """In place of what was recorded; a choice stays. If-Match is needed where something is. The alerts that it answers count as
    looked at by whoever records it."""
    return one(acts.record(by, package_id, plan, if_match))


@router.post(
    "/packages/{package_id}/meanwhile/check",
    summary="Somebody has looked after a person who waits",
    response_model=Meanwhile,
    responses=problems("refused", acts.NO_RECORD_YET),
)
def check(package_id: str, given: Checked, by: Annotated[Caller, may(acts.check)], if_match: IfMatch = None) -> Response:
    """The next check is due as the priority asks for. If-Match is not needed here, and holds where it is sent."""
    return one(acts.check(by, package_id, given, if_match))


@router.post(
    "/packages/{package_id}/meanwhile/choice",
    summary="What is done where nobody can be asked is chosen",
    response_model=Meanwhile,
    responses=problems("refused", acts.NO_RECORD_YET, acts.NOT_APPROVED, acts.RESERVE_NOT_OPEN, acts.WISH_NEEDED),
)
def choose(package_id: str, given: Choice, by: Annotated[Caller, may(acts.choose)], if_match: IfMatch = None) -> Response:
    """By whoever signs in. A bridge and an interim bed have an end: the person stays on the list, with a clock."""
    return one(acts.choose(by, package_id, given, if_match))


@router.post(
    "/packages/{package_id}/meanwhile/price",
    summary="The price of a purchase outside the frameworks is approved",
    response_model=Approval,
    responses=problems(acts.NO_RECORD_YET),
)
def approve_price(package_id: str, given: Approved, by: Annotated[Caller, may(acts.approve_price)]) -> Response:
    """By the roles that the setting `OPTIMISER_PURCHASE_APPROVED_BY` names. What else is recorded of the person is not told."""
    return one(acts.approve_price(by, package_id, given))
