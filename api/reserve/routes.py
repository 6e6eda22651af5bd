"""The reserve: where it is open; opened and closed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.http.responses import IfMatch, IfNoneMatch, one
from api.reserve import acts
from api.reserve.schemas import CloseReserve, OpenReserve, Reserve, ReserveWritten

router = Router(prefix="/v1", tags=["reserve"])


@router.get("/reserve", summary="Where the reserve is open", response_model=Reserve)
def reserve(by: Annotated[Caller, may(acts.read_reserve)], if_none_match: IfNoneMatch = None) -> Response:
    """By area: since when, by whom and why, and when it is to be looked at again."""
    return one(acts.read_reserve(by), if_none_match)


@router.post(
    "/reserve",
    summary="The reserve is opened for areas",
    response_model=ReserveWritten,
    responses=problems("already_open", "refused"),
)
def open_reserve(asked: OpenReserve, by: Annotated[Caller, may(acts.open_reserve)], if_match: IfMatch = None) -> Response:
    """From today reserve contracts may be asked there, after everybody else. If-Match is not needed here, and holds where it is
    sent."""
    return one(acts.open_reserve(by, asked, if_match))


@router.post(
    "/reserve/close",
    summary="The reserve is closed for areas",
    response_model=ReserveWritten,
    responses=problems("not_open", "refused"),
)
def close_reserve(asked: CloseReserve, by: Annotated[Caller, may(acts.close_reserve)], if_match: IfMatch = None) -> Response:
    """From today nobody new is asked for there. Running care stays, and so do accepted offers; those that wait may still be
    answered, unless the service's settings say otherwise."""
    return one(acts.close_reserve(by, asked, if_match))
