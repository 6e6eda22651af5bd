"""Corrections and objections: what people ask about their data."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.http.responses import one
from api.rights import acts
from api.rights.schemas import Closing, NewRequest, RightsRequest, RightsRequests

router = Router(prefix="/v1/packages/{package_id}/rights-requests", tags=["rights of people"])


@router.post("", summary="A correction or an objection of a person's", response_model=RightsRequest)
def record(package_id: str, given: NewRequest, by: Annotated[Caller, may(acts.record)]) -> Response:
    """Of whoever waits, has care or had it. A named person is asked to see to it, planners are alerted, and an objection stands
    in the person's cascade until somebody has decided about it. It changes nothing by itself."""
    return one(acts.record(by, package_id, given))


@router.post(
    "/{request_id}/close",
    summary="What came of it",
    response_model=RightsRequest,
    responses=problems("not_in_this_state", "another_outcome"),
)
def close(package_id: str, request_id: str, given: Closing, by: Annotated[Caller, may(acts.close)]) -> Response:
    """The change itself is made where the record is kept, before: what was done is said here. Its alerts count as looked at."""
    return one(acts.close(by, package_id, request_id, given))


@router.get("", summary="What a person has asked about their data", response_model=RightsRequests)
def of_package(package_id: str, by: Annotated[Caller, may(acts.read_of_package)]) -> Response:
    """The earliest first. The reading is an entry of the audit trail."""
    return one(acts.read_of_package(by, package_id))
