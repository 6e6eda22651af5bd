"""First visits: which are not confirmed, and what a provider says."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.first_visits import acts
from api.first_visits.schemas import Agreed, Confirmation, FirstVisit, FirstVisitsQuery, NotConfirmed
from api.http.openapi import problems
from api.http.responses import one, several
from api.http.strict import Listed

router = Router(prefix="/v1", tags=["first visits"])


@router.get("/first-visits", summary="First visits that are not confirmed", response_model=Listed[NotConfirmed])
def waited_for(by: Annotated[Caller, may(acts.list_not_confirmed)], query: Annotated[FirstVisitsQuery, Query()]) -> Response:
    """Since care started, resumed after a stay in hospital, or changed provider; the longest due first. A page is an entry of the
    audit trail."""
    return several(acts.list_not_confirmed(by, query))


@router.post(
    "/packages/{package_id}/first-visit",
    summary="The first visit took place",
    response_model=FirstVisit,
    responses=problems("refused", "not_in_this_state"),
)
def confirm(package_id: str, given: Confirmation, by: Annotated[Caller, may(acts.confirm)]) -> Response:
    """As somebody at the provider says: it becomes the package's `first_visit_at`. Said otherwise again, it is corrected, and the
    trail keeps both. The clock of enhanced home support goes on through a change of provider and a stay in hospital."""
    return one(acts.confirm(by, package_id, given))


@router.post(
    "/packages/{package_id}/first-visit/due",
    summary="The first visit is agreed for another moment",
    response_model=FirstVisit,
    responses=problems("refused", "not_in_this_state"),
)
def agree(package_id: str, given: Agreed, by: Annotated[Caller, may(acts.agree)]) -> Response:
    """Where the old provider delivers until a handover that both have agreed. It is alerted if it is not confirmed after that."""
    return one(acts.agree(by, package_id, given))
