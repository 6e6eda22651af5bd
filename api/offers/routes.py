"""Offers: asking, reading, answering."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Body, Header, Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.offers import acts
from api.offers.schemas import Answer, Ask, Broadcast, NewAnswerBy, Offer, Offers, OffersQuery

router = Router(prefix="/v1", tags=["offers"])
IfMatch = Annotated[str | None, Header(description="The ETag that the decision rests on")]


@router.post("/packages/{package_id}/offers", summary="Ask the next step of the cascade, or named contracts", status_code=201)
def make_offers(package_id: str, by: Annotated[Caller, may(acts.ask)], wanted: Annotated[Ask | None, Body()] = None) -> Offers:
    """The offers hold their hours from now on. Running care moves only with a recorded social work decision."""
    return acts.ask(by, package_id, wanted or Ask())


@router.get("/packages/{package_id}/offers", summary="The offers of one package, the oldest first")
def offers_of_package(package_id: str, by: Annotated[Caller, may(acts.read_of_package)]) -> Offers:
    """Answered ones too."""
    return acts.read_of_package(by, package_id).offers


@router.get("/offers", summary="Offers, by id, of one contract, provider, response or run")
def list_offers(
    by: Annotated[Caller, may(acts.list_offers)],
    contract_id: str | None = None,
    provider_id: str | None = None,
    response: Literal["pending", "waiting", "accepted", "declined", "expired", "withdrawn"] | None = None,
    run_id: Annotated[str | None, Query(pattern="^[0-9a-f]{32}$")] = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> Offers:
    """``response=pending``: those without an answer (``waiting``, as it was called, is the same). ``run_id``: those that were
    made of that run's proposals."""
    return acts.list_offers(by, OffersQuery(contract_id, provider_id, response, run_id, cursor, limit))


@router.get("/offers/{offer_id}", summary="One offer")
def read_offer(offer_id: str, by: Annotated[Caller, may(acts.read)], response: Response) -> Offer:
    """Its ETag changes when it is answered."""
    found = acts.read(by, offer_id)
    response.headers["ETag"] = found.etag
    return found.offer


@router.patch("/offers/{offer_id}", summary="Record an answer: accepted, declined, withdrawn")
def answer_offer(
    offer_id: str, given: Answer, by: Annotated[Caller, may(acts.answer)], response: Response, if_match: IfMatch = None
) -> Offer:
    """The first acceptance wins, and the package's other offers are withdrawn with it. The same answer again changes nothing."""
    answered = acts.answer(by, offer_id, given, if_match)
    response.headers["ETag"] = answered.etag
    return answered.offer


@router.post("/offers/{offer_id}/answer-by", summary="Extend or shorten the time to answer, for a reason")
def move_answer_by(
    offer_id: str, given: NewAnswerBy, by: Annotated[Caller, may(acts.move_time)], response: Response, if_match: IfMatch = None
) -> Offer:
    """Of an offer that waits; of a bundle for all that were asked with it. Nobody is asked anew by it, and nothing expires."""
    moved = acts.move_time(by, offer_id, given, if_match)
    response.headers["ETag"] = moved.etag
    return moved.offer


@router.get("/offers/{offer_id}/broadcast", summary="What a message to the provider may hold")
def read_broadcast(offer_id: str, by: Annotated[Caller, may(acts.read_broadcast)]) -> Broadcast:
    """The minimum: no place before acceptance."""
    return acts.read_broadcast(by, offer_id)
