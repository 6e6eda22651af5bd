"""Social work's decisions about moves."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.decisions import acts
from api.decisions.schemas import Decision, Decisions, NewDecision
from api.http.openapi import problems
from api.http.responses import one

router = Router(prefix="/v1/packages/{package_id}/decisions", tags=["decisions"])


@router.post(
    "",
    summary="A decision about one kind of move",
    response_model=Decision,
    responses=problems("already_there", "not_in_this_state", "refused"),
)
def record(package_id: str, given: NewDecision, by: Annotated[Caller, may(acts.record)]) -> Response:
    """It is used for no other kind of move, and lapses when hours, visits, workers or skills change. Better than the package's
    `transfer_decision`, which says it of any move and for ever."""
    return one(acts.record(by, package_id, given))


@router.get("", summary="What was decided about moves of a person", response_model=Decisions)
def of_package(package_id: str, by: Annotated[Caller, may(acts.read_of_package)]) -> Response:
    """The earliest first, those that count no more as well. The reading is an entry of the audit trail."""
    return one(acts.read_of_package(by, package_id))
