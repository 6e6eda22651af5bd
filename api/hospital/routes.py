"""Hospitals' notices and cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.hospital import acts
from api.hospital.schemas import CasesQuery, HospitalCase, Notice
from api.http.openapi import problems
from api.http.places import NO_POSTCODES, NO_SUCH_PLACE
from api.http.responses import one, several
from api.http.strict import Listed

router = Router(prefix="/v1/hospital-notices", tags=["hospital"])


@router.post(
    "",
    summary="A hospital's notice is taken in",
    response_model=HospitalCase,
    responses=problems("notice_differs", "another_person", "no_area", "refused", "not_found", NO_SUCH_PLACE, NO_POSTCODES),
)
def take_in(given: Notice, by: Annotated[Caller, may(acts.take_in)]) -> Response:
    """In any order: the hospital's own time (`sent_at`) says which is the last. A case makes one request, and never a second; a
    withdrawal ends its offers, waiting or accepted, and the request that the case made. Care that has begun stays."""
    return one(acts.take_in(by, given))


@router.get("", summary="The hospitals' cases", response_model=Listed[HospitalCase])
def cases(by: Annotated[Caller, may(acts.list_cases)], query: Annotated[CasesQuery, Query()]) -> Response:
    """By their references, and what has come of each: withdrawn ones too, so that nobody is dropped unseen."""
    return several(acts.list_cases(by, query))
