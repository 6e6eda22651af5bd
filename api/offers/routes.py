"""Offers: asking, reading, answering."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Header, Query, Response

from api.http.errors import Problem
from api.http.etags import tag
from api.http.paging import page_of
from api.offers import recording as answering
from api.offers.answers import offer_of
from api.offers.asking import Asking, ask
from api.offers.broadcast import broadcast
from api.offers.lapsing import sweep
from api.offers.problems import package_index
from api.offers.schemas import Answer, Ask, Broadcast, Offer, Offers, Raised
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.security.signing_in import may
from api.service import TheService
from api.state.records import Stored
from api.state.state import State
from api.storage.audit import Actor, Entry

router = APIRouter(prefix="/v1", tags=["offers"])
Reader = Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)]
IfMatch = Annotated[str | None, Header(description="The ETag that the decision rests on")]


@router.post("/packages/{package_id}/offers", summary="Ask the next step of the cascade, or named contracts", status_code=201)
def make_offers(package_id: str, service: TheService, actor: Reader, wanted: Annotated[Ask | None, Body()] = None) -> Offers:
    """The offers hold their hours from now on. Running care moves only with a recorded social work decision."""
    wanted = wanted or Ask()
    named = None if wanted.contract_ids is None else tuple(wanted.contract_ids)
    asking = Asking(package_id, named, wanted.reason or "", wanted.decision_reference or "")
    with service.store.change(actor) as change:
        state = sweep(change, service.settings)
        made = ask(change, state, service.settings, asking)
        after = change.as_if()
    items = [offer_of(after, after.stock["offers"][offer_id], service.settings) for offer_id in made]
    return Offers(items=items)


@router.get("/packages/{package_id}/offers", summary="The offers of one package, the oldest first")
def offers_of_package(package_id: str, service: TheService, actor: Reader) -> Offers:
    """Answered ones too."""
    state = service.room.read(Entry(actor, "offers.read", "packages", package_id))
    package_index(state, package_id)
    mine = [stored for stored in state.stock["offers"].values() if stored.record.package_id == package_id]
    mine.sort(key=lambda stored: (stored.record.offered_at, stored.record.offer_id))
    return Offers(items=[offer_of(state, stored, service.settings) for stored in mine])


@router.get("/offers", summary="Offers, by id, of one contract, provider or response")
def list_offers(
    service: TheService,
    actor: Reader,
    contract_id: str | None = None,
    provider_id: str | None = None,
    response: Literal["waiting", "accepted", "declined", "expired", "withdrawn"] | None = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> Offers:
    """``response=waiting``: those without an answer."""
    state = service.room.read(Entry(actor, "offers.list", "offers"))
    wanted = "" if response == "waiting" else response

    def asked_for(stored: Stored) -> bool:
        offer = stored.record
        holder = state.stock["contracts"][offer.contract_id].record.provider_id
        return (
            contract_id in (None, offer.contract_id)
            and provider_id in (None, holder)
            and (response is None or offer.response == wanted)
        )

    page = page_of(
        (stored for stored in state.stock["offers"].values() if asked_for(stored)),
        lambda stored: (stored.record.offer_id,),
        limit=limit,
        cursor=cursor,
        usual=service.settings.page_size,
    )
    return Offers(items=[offer_of(state, stored, service.settings) for stored in page.items], next_cursor=page.next_cursor)


@router.get("/offers/{offer_id}", summary="One offer")
def read_offer(offer_id: str, service: TheService, actor: Reader, response: Response) -> Offer:
    """Its ETag changes when it is answered."""
    state = service.room.read(Entry(actor, "offer.read", "offers", offer_id))
    stored = _known(state, offer_id)
    response.headers["ETag"] = tag(stored.version)
    return offer_of(state, stored, service.settings)


@router.patch("/offers/{offer_id}", summary="Record an answer: accepted, declined, withdrawn")
def answer_offer(
    offer_id: str,
    given: Answer,
    service: TheService,
    actor: Reader,
    response: Response,
    if_match: IfMatch = None,
) -> Offer:
    """The first acceptance wins, and the package's other offers are withdrawn with it. The same answer again changes nothing."""
    answer = answering.Answer(
        given.response, given.reason or "", _rise(given.raise_provider_limit), _rise(given.raise_contract_maximum)
    )
    with service.store.change(actor) as change:
        state = sweep(change, service.settings)
        answering.answer(change, state, service.settings, offer_id, answer, if_match)
        after = change.as_if()
    stored = after.stock["offers"][offer_id]
    response.headers["ETag"] = tag(stored.version)
    return offer_of(after, stored, service.settings)


@router.get("/offers/{offer_id}/broadcast", summary="What a message to the provider may hold")
def read_broadcast(offer_id: str, service: TheService, actor: Reader) -> Broadcast:
    """The minimum: no place before acceptance."""
    state = service.room.read(Entry(actor, "broadcast.read", "offers", offer_id))
    _known(state, offer_id)
    return Broadcast(**broadcast(state, offer_id))


def _known(state: State, offer_id: str) -> Stored:
    stored = state.get("offers", offer_id)
    if stored is None:
        raise Problem("not_found", "There is no offer of this id.")
    return stored


def _rise(raised: Raised | None) -> answering.Rise | None:
    return None if raised is None else answering.Rise(raised.max_hours_4w, raised.evidence)
