"""Who is told of what, what became of messages, and what comes back of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.http.strict import Listed
from api.telling import acts
from api.telling.schemas import (
    Address,
    Addresses,
    Heard,
    KindsTold,
    KindTold,
    Message,
    MessagesQuery,
    NewAddress,
    NewWay,
    Receipt,
)

router = Router(prefix="/v1/telling", tags=["operations"])


@router.get("/addresses", summary="Who is told")
def addresses(by: Annotated[Caller, may(acts.list_addresses)]) -> Addresses:
    """Desks of providers, people of the council and its programs; and the ways of sending that the settings name."""
    return acts.list_addresses(by)


@router.post("/addresses", status_code=201, summary="Tell somebody", responses=problems("nobody_told"))
def add_address(given: NewAddress, by: Annotated[Caller, may(acts.add_address)]) -> Address:
    """Of what happens from now on. No message names a person: each leads to a page of the service."""
    return acts.add_address(by, given)


@router.delete("/addresses/{address_id}", status_code=204, summary="Tell somebody no longer", responses=problems("not_found"))
def remove_address(address_id: str, by: Annotated[Caller, may(acts.remove_address)]) -> Response:
    """The address is deleted, and every message to it."""
    acts.remove_address(by, address_id)
    return Response(status_code=204)


@router.post("/addresses/{address_id}/resume", summary="An address is right again", responses=problems("not_found"))
def resume_address(address_id: str, by: Annotated[Caller, may(acts.resume_address)]) -> Address:
    """After it bounced. What could not be sent meanwhile stays on the list until somebody sends it again."""
    return acts.resume_address(by, address_id)


@router.get("/kinds", summary="The kinds of message")
def kinds(by: Annotated[Caller, may(acts.list_kinds)]) -> KindsTold:
    """How each is told: at once, once a day, or not at all."""
    return acts.list_kinds(by)


@router.put("/kinds/{kind}", summary="Tell a kind of message otherwise", responses=problems("not_found"))
def set_kind(kind: str, given: NewWay, by: Annotated[Caller, may(acts.set_kind)]) -> KindTold:
    """From now on; what waits of a kind that is switched off is dropped."""
    return acts.set_kind(by, kind, given)


@router.get("/messages", summary="What became of messages")
def messages(by: Annotated[Caller, may(acts.list_messages)], query: Annotated[MessagesQuery, Query()]) -> Listed[Message]:
    """The newest first; `state=dead`: what could not be sent, until somebody sends it again."""
    page = acts.list_messages(by, query)
    return Listed(items=page.items, next_cursor=page.next_cursor)


@router.post(
    "/messages/{message_id}/send-again", summary="Send a message again", responses=problems("not_found", "not_to_be_sent")
)
def send_again(message_id: str, by: Annotated[Caller, may(acts.send_again)]) -> Message:
    """Under the same id: a program that had it already knows."""
    return acts.send_again(by, message_id)


@router.post("/receipts", summary="What GOV.UK Notify says of a message")
def receipt(given: Receipt, by: Annotated[Caller, may(acts.hear_receipt)]) -> Heard:
    """The address for its callbacks, with a key of this service as their bearer token."""
    return acts.hear_receipt(by, given)
