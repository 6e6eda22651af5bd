"""Requests for decisions of social work."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.decision_requests import acts
from api.decision_requests.schemas import (
    DecisionAsked,
    DecisionRequest,
    DecisionsAskedQuery,
    DecisionsOfPlan,
    NewDecisionRequest,
)
from api.http.openapi import problems
from api.http.responses import one, several
from api.http.strict import Listed

router = Router(prefix="/v1", tags=["decisions"])


@router.post(
    "/packages/{package_id}/decision-requests",
    summary="A decision of social work is asked for",
    response_model=DecisionRequest,
    responses=problems("already_there", "not_in_this_state", "refused"),
)
def ask(package_id: str, given: NewDecisionRequest, by: Annotated[Caller, may(acts.ask)]) -> Response:
    """It stands on the list until social work has decided about this move of this person. It decides nothing by itself."""
    return one(acts.ask(by, package_id, given))


@router.get(
    "/runs/{run_id}/decisions",
    summary="How it stands with the decisions that a plan needs",
    response_model=DecisionsOfPlan,
)
def of_run(run_id: str, by: Annotated[Caller, may(acts.of_run)]) -> Response:
    """Of everybody whose running care the plan would move, as it is today; the plan itself stays as it was made."""
    return one(acts.of_run(by, run_id))


@router.get("/decision-requests", summary="Whose decision is asked", response_model=Listed[DecisionAsked])
def asked(by: Annotated[Caller, may(acts.list_asked)], query: Annotated[DecisionsAskedQuery, Query()]) -> Response:
    """The first due first: asked for by name, and needed by transfer plans that still stand."""
    return several(acts.list_asked(by, query))
