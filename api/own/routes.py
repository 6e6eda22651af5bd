"""A provider's own things: its offers, and its answers to them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.http.responses import one, several
from api.own import acts
from api.own.schemas import NewOwnAnswer, OwnOffer, OwnOffers, OwnOffersQuery

router = Router(prefix="/v1/own", tags=["providers' own"])


@router.get("/offers", summary="Your own offers", response_model=OwnOffers)
def list_offers(by: Annotated[Caller, may(acts.list_offers)], query: Annotated[OwnOffersQuery, Query()]) -> Response:
    """Those that wait for your answer first, by the time to answer. What is told of the care is what a broadcast may hold."""
    return several(acts.list_offers(by, query))


@router.get("/offers/{offer_id}", summary="One of your own offers", response_model=OwnOffer)
def read_offer(offer_id: str, by: Annotated[Caller, may(acts.read_offer)]) -> Response:
    """Where the person lives is told once the council has placed the care with you."""
    return one(acts.read_offer(by, offer_id))


@router.post(
    "/offers/{offer_id}/answer",
    summary="Answer one of your own offers",
    response_model=OwnOffer,
    responses=problems("offer_closed", "no_such_visit", "not_later"),
)
def answer(offer_id: str, given: NewOwnAnswer, by: Annotated[Caller, may(acts.answer)]) -> Response:
    """A yes holds the hours; the council places, and asks the person. Until then the last answer counts."""
    return one(acts.answer(by, offer_id, given))
