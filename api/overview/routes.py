"""Areas as of today, the price band of any place, and the rule book."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.http.places import NO_POSTCODES, NO_SUCH_PLACE
from api.http.responses import IfNoneMatch, one, several
from api.http.strict import Listed
from api.http.strict import Query as PageQuery
from api.overview import acts
from api.overview.schemas import (
    AreaView,
    AreaWithOutline,
    Band,
    BandPlace,
    OutlinesView,
    ProviderFigures,
    RuleBookView,
    WhoComesLast,
)

router = Router(prefix="/v1")


@router.get("/areas", tags=["areas"], summary="Areas, a page at a time", response_model=Listed[AreaView])
def areas(by: Annotated[Caller, may(acts.list_areas)], query: Annotated[PageQuery, Query()]) -> Response:
    """In the order of their ids. Viewers read the day's close: no contracts, no count of people that is too small."""
    return several(acts.list_areas(by, query))


@router.get("/areas/{area_id}", tags=["areas"], summary="An area", response_model=AreaWithOutline)
def area(area_id: str, by: Annotated[Caller, may(acts.read_area)], if_none_match: IfNoneMatch = None) -> Response:
    """Its outline and shares, the headroom and guarantee of each contract, its principal's declines, and who is unmet."""
    return one(acts.read_area(by, area_id), if_none_match)


@router.get("/outlines", tags=["areas"], summary="The outlines of all areas, for a map", response_model=OutlinesView)
def outlines(by: Annotated[Caller, may(acts.read_outlines)], if_none_match: IfNoneMatch = None) -> Response:
    """GeoJSON with fewer corners than the outlines are written with, borders shared as before; nothing of people. What lies
    inside an area is judged by the outline at `/v1/areas/{area_id}`."""
    return one(acts.read_outlines(by), if_none_match)


@router.get(
    "/providers/{provider_id}/figures", tags=["providers"], summary="A provider's figures", response_model=ProviderFigures
)
def provider_figures(
    provider_id: str, by: Annotated[Caller, may(acts.read_provider_figures)], if_none_match: IfNoneMatch = None
) -> Response:
    """Counts alone: its own limit against its use, its contracts with their room, its offers of the last ninety days by answer.
    Offers of people whose care has ended since are not among them."""
    return one(acts.read_provider_figures(by, provider_id), if_none_match)


@router.get("/who-comes-last", tags=["areas"], summary="Who comes last, in counts", response_model=WhoComesLast)
def who_comes_last(by: Annotated[Caller, may(acts.who_comes_last)], if_none_match: IfNoneMatch = None) -> Response:
    """As things are now. Viewers read who was unmet at the day's close alone, to the nearest five, and no small count."""
    return one(acts.who_comes_last(by), if_none_match)


@router.post(
    "/bands",
    tags=["bands"],
    summary="The price band of a place",
    response_model=Band,
    responses=problems("not_ready", NO_SUCH_PLACE, NO_POSTCODES),
)
def band(place: BandPlace, by: Annotated[Caller, may(acts.read_band)]) -> Response:
    """By the straight line to the nearest band centre. The place is neither kept nor logged, and stands in no address, which
    others on the way may log."""
    return one(acts.read_band(by, place))


@router.get("/bands", include_in_schema=False)
def band_by_address(by: Annotated[Caller, may(acts.read_band)]) -> Response:
    """As it was asked for once."""
    return one(acts.read_band(by, None))


@router.get("/rules", tags=["rules"], summary="The rule book", response_model=RuleBookView)
def rules(by: Annotated[Caller, may(acts.read_rules)], if_none_match: IfNoneMatch = None) -> Response:
    """Every rule with its sentence, its source and the settings that it reads, generated from the rules themselves."""
    return one(acts.read_rules(by), if_none_match)
