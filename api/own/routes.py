"""A provider's own things: its offers, and its answers to them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http import strict
from api.http.openapi import problems
from api.http.responses import IfMatch, one, several
from api.http.strict import Listed
from api.own import acts
from api.own.schemas import NewOwnAnswer, OwnCare, OwnContracts, OwnOffer, OwnOffers, OwnOffersQuery, OwnRounds

router = Router(prefix="/v1/own", tags=["providers' own"])


@router.get("/offers", summary="Your own offers", response_model=OwnOffers)
def list_offers(by: Annotated[Caller, may(acts.list_offers)], query: Annotated[OwnOffersQuery, Query()]) -> Response:
    """Those that wait for your answer first, by the time to answer. What is told of the care is what a broadcast may hold."""
    return several(acts.list_offers(by, query))


@router.get("/offers/{offer_id}", summary="One of your own offers", response_model=OwnOffer)
def read_offer(offer_id: str, by: Annotated[Caller, may(acts.read_offer)]) -> Response:
    """Where the person lives is told once the council has placed the care with you."""
    return one(acts.read_offer(by, offer_id))


@router.get("/care", summary="Your own care", response_model=Listed[OwnCare])
def list_care(by: Annotated[Caller, may(acts.list_care)], query: Annotated[strict.Query, Query()]) -> Response:
    """What you deliver, what was placed with you and has not begun, and what you keep during a stay in hospital; by package."""
    return several(acts.list_care(by, query))


@router.get("/contracts", summary="Your own contracts", response_model=OwnContracts)
def contracts(by: Annotated[Caller, may(acts.read_contracts)]) -> Response:
    """Hours in four weeks that you deliver, that are to begin, and that your offers hold; the guarantee; prices by day."""
    return one(acts.read_contracts(by))


@router.get("/rounds", summary="Your own rounds", response_model=OwnRounds)
def rounds(by: Annotated[Caller, may(acts.list_rounds)]) -> Response:
    """With the packages in each."""
    return one(acts.list_rounds(by))


@router.post(
    "/offers/{offer_id}/answer",
    summary="Answer one of your own offers",
    response_model=OwnOffer,
    responses=problems("offer_closed", "no_such_visit", "not_later"),
)
def answer(offer_id: str, given: NewOwnAnswer, by: Annotated[Caller, may(acts.answer)], if_match: IfMatch = None) -> Response:
    """A yes holds the hours; the council places, and asks the person. Until then the last answer counts. With the offer's ETag as
    `If-Match` an answer counts only while the offer says what you have read."""
    return one(acts.answer(by, offer_id, given, if_match))
