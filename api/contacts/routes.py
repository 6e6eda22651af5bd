"""Questions of providers, people and families, and a provider's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.contacts import acts
from api.contacts.schemas import (
    AskedFurther,
    ClosingContact,
    Contact,
    ContactsQuery,
    NewContact,
    NewOwnQuestion,
    NewReply,
    OwnQuestion,
    PassingOn,
)
from api.http import strict
from api.http.openapi import problems
from api.http.responses import IfMatch, IfNoneMatch, one, several
from api.http.strict import Listed

router = Router(prefix="/v1", tags=["questions"])


@router.get("/contacts", summary="Questions that providers, people and families ask", response_model=Listed[Contact])
def list_contacts(by: Annotated[Caller, may(acts.list_contacts)], query: Annotated[ContactsQuery, Query()]) -> Response:
    """By when an answer is owed, the first due first; then those answered, then those closed. Whose they are is an entry of the
    audit trail. Contract officers read what providers ask about nobody's care."""
    return several(acts.list_contacts(by, query))


@router.post("/contacts", summary="Write down a question", response_model=Contact, responses=problems("refused", "already_there"))
def record(given: NewContact, by: Annotated[Caller, may(acts.record)]) -> Response:
    """It lies with the first post, and an answer is owed by `answer_by`. Where somebody may not be safe planners are alerted at
    once; where an answer is late they are alerted, too."""
    return one(acts.record(by, given))


@router.get("/contacts/{contact_id}", summary="One question", response_model=Contact)
def read(contact_id: str, by: Annotated[Caller, may(acts.read)], if_none_match: IfNoneMatch = None) -> Response:
    """With all that was said to it, step by step."""
    return one(acts.read(by, contact_id), if_none_match)


@router.post(
    "/contacts/{contact_id}/answer", summary="Answer it", response_model=Contact, responses=problems("not_in_this_state")
)
def answer(contact_id: str, given: NewReply, by: Annotated[Caller, may(acts.answer)], if_match: IfMatch = None) -> Response:
    """A provider reads it among its own questions. People and families are told by whoever answers: nothing is sent to them."""
    return one(acts.answer(by, contact_id, given, if_match))


@router.post(
    "/contacts/{contact_id}/further",
    summary="The answer does not settle it",
    response_model=Contact,
    responses=problems("not_in_this_state"),
)
def further(
    contact_id: str, given: AskedFurther, by: Annotated[Caller, may(acts.ask_further)], if_match: IfMatch = None
) -> Response:
    """What they ask further. After an answer the next post owes one, by a clock of its own."""
    return one(acts.ask_further(by, contact_id, given, if_match))


@router.post(
    "/contacts/{contact_id}/pass-on",
    summary="Pass it on to a post further up",
    response_model=Contact,
    responses=problems("not_in_this_state", "no_further_post"),
)
def pass_on(contact_id: str, given: PassingOn, by: Annotated[Caller, may(acts.pass_on)], if_match: IfMatch = None) -> Response:
    """While an answer is owed its clock runs on: whoever asked waits no longer because it was passed on."""
    return one(acts.pass_on(by, contact_id, given, if_match))


@router.post(
    "/contacts/{contact_id}/close",
    summary="Nothing more is owed",
    response_model=Contact,
    responses=problems("not_in_this_state", "not_answered"),
)
def close(contact_id: str, given: ClosingContact, by: Annotated[Caller, may(acts.close)], if_match: IfMatch = None) -> Response:
    """It was answered, they ask no more, or it goes on elsewhere. Its alerts count as looked at."""
    return one(acts.close(by, contact_id, given, if_match))


@router.get("/own/questions", summary="Your own questions", response_model=Listed[OwnQuestion])
def list_own(by: Annotated[Caller, may(acts.list_own)], query: Annotated[strict.Query, Query()]) -> Response:
    """Those that are owed an answer first, by when they are."""
    return several(acts.list_own(by, query))


@router.post(
    "/own/questions", summary="Ask the council", response_model=OwnQuestion, responses=problems("refused", "already_there")
)
def ask_own(given: NewOwnQuestion, by: Annotated[Caller, may(acts.ask_own)]) -> Response:
    """About care that you deliver, one of your own offers, or neither. An answer is owed by `answer_by`."""
    return one(acts.ask_own(by, given))


@router.get("/own/questions/{contact_id}", summary="One of your own questions", response_model=OwnQuestion)
def read_own(contact_id: str, by: Annotated[Caller, may(acts.read_own)], if_none_match: IfNoneMatch = None) -> Response:
    """With the answers."""
    return one(acts.read_own(by, contact_id), if_none_match)


@router.post(
    "/own/questions/{contact_id}/further",
    summary="The answer does not settle it",
    response_model=OwnQuestion,
    responses=problems("not_in_this_state"),
)
def ask_own_further(contact_id: str, given: AskedFurther, by: Annotated[Caller, may(acts.ask_own_further)]) -> Response:
    """After an answer the next post owes you one."""
    return one(acts.ask_own_further(by, contact_id, given))
