"""The public page and address. Whoever asks has no key: a stranger is held to a small share, and to a small body."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.acts.act import Caller
from api.acts.strangers import stranger
from api.http.bodies import TwiceError, parsed, read_whole, refuse_other_kinds, told_twice
from api.http.errors import KINDS, Problem
from api.http.openapi import problems
from api.http.places import NO_POSTCODES, NO_SUCH_PLACE, place_notes, placed
from api.http.responses import one
from api.http.sent_forms import form_of
from api.overview import acts
from api.overview.schemas import Band, BandPlace
from api.price_band.page import Told, page, told_of

MOST_BYTES = 1_024
"""Of a postcode, or a place, and what stands around it."""
CLOSED = "The price band cannot be asked for here at the moment. Please try again later, or ask the council."
TOO_MANY = "So many people are asking at the moment. Please try again in a few seconds."
NEEDED = "Enter a postcode, such as NR1 2DH"
Stranger = Annotated[Caller, Depends(stranger)]
BODY: dict[str, Any] = {
    "required": True,
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BandPlace"}}},
}

router = APIRouter()


@router.get("/price-band", include_in_schema=False)
async def price_band_page(request: Request) -> Response:
    """The form."""
    try:
        by = await stranger(request)
        limits = await run_in_threadpool(acts.band_limits, by)
    except Problem as problem:
        return _page_of(problem)
    return page(Told(closed=CLOSED), 503) if by.service.postcodes is None else page(Told(limits_miles=limits))


@router.post("/price-band", include_in_schema=False)
async def price_band_of_form(request: Request) -> Response:
    """The form with its answer. A page is answered whatever happens: a person reads it."""
    postcode, limits = "", (0.0, 0.0)
    try:
        by = await stranger(request)
        limits = await run_in_threadpool(acts.band_limits, by)
        postcode = await _typed_postcode(request)
        if not postcode:
            return page(Told(limits_miles=limits, wrong=NEEDED), 422)
        place = await run_in_threadpool(placed, BandPlace(postcode=postcode), by.service.postcodes)
        found = await run_in_threadpool(acts.read_band, by, place)
    except Problem as problem:
        return _page_of(problem, postcode, limits)
    return page(told_of(orjson.loads(found.body), postcode, " ".join(place_notes(place)), limits))


@router.post(
    "/v1/price-band",
    tags=["bands"],
    summary="The price band of a place, for anybody",
    response_model=Band,
    responses=problems("not_ready", "too_many_requests", "unsupported_media_type", NO_SUCH_PLACE, NO_POSTCODES),
    openapi_extra={"requestBody": BODY},
)
async def price_band(request: Request, by: Stranger) -> Response:
    """Without a key: by the straight line to the nearest band centre. What is asked is neither kept nor logged."""
    body = await read_whole(request, MOST_BYTES)
    refuse_other_kinds(request, "application/json")
    try:
        place = BandPlace.model_validate(parsed(body))
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from None
    except TwiceError as twice:
        raise told_twice(twice, BandPlace.model_json_schema()) from None
    except (ValueError, RecursionError):
        raise Problem("malformed", "The body is no JSON.") from None
    return one(await run_in_threadpool(acts.read_band, by, place))


async def _typed_postcode(request: Request) -> str:
    """What was typed, on one line and no longer than a postcode can be; empty where nothing was, or nothing that can be read.

    Raises a ``Problem`` for what is no form, or too large.
    """
    try:
        typed = (await form_of(request, MOST_BYTES)).get("postcode", "")
    except Problem as problem:
        if problem.code != "malformed":
            raise
        return ""
    return " ".join(typed.split())[:20]


def _page_of(problem: Problem, postcode: str = "", limits: tuple[float, float] = (0, 0)) -> Response:
    """What a person reads of a problem."""
    status = KINDS[problem.code].status
    if problem.code == NO_SUCH_PLACE:
        return page(Told(postcode=postcode, limits_miles=limits, wrong=problem.detail), status)
    if problem.code in ("too_large", "unsupported_media_type"):
        return page(Told(limits_miles=limits, wrong=NEEDED), status, problem.headers)
    if problem.code == "too_many_requests":
        return page(Told(closed=TOO_MANY), status, problem.headers)
    return page(Told(closed=CLOSED), 503)
