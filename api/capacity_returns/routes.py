"""Free hours of providers, as they tell them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.acts.act import Caller
from api.acts.judged_first import Router, limit_of
from api.acts.signing_in import may
from api.capacity_returns import acts
from api.capacity_returns.schemas import (
    CapacityReturn,
    DisagreementsQuery,
    LastReturn,
    NewReturn,
    OwnReturn,
    OwnTaken,
    ReturnsQuery,
    ReturnTold,
    Taken,
    ToBeTold,
    Untold,
    Withdrawal,
    Withdrawn,
)
from api.capacity_returns.sent_returns import KINDS, on_disk
from api.http import strict
from api.http.openapi import problems
from api.http.responses import IfMatch, Shown, one, several
from api.http.strict import Listed
from api.http.zipped_folder import NOT_A_FOLDER, received

router = Router(prefix="/v1", tags=["capacity returns"])
BODY = {
    "content": {
        "text/csv": {"schema": {"type": "string"}, "example": "provider_id,area_id,hours_per_week\nBRACKEN,A1,12\n"},
        "application/zip": {"schema": {"type": "string", "format": "binary"}, "example": "a zip"},
    },
    "required": True,
}


@router.get("/capacity-returns", summary="Free hours that providers have told", response_model=Listed[CapacityReturn])
def list_returns(by: Annotated[Caller, may(acts.list_returns)], query: Annotated[ReturnsQuery, Query()]) -> Response:
    """The last of each provider, with `ask_again=true` those that count no longer. Nobody is ranked by them."""
    return several(acts.list_returns(by, query))


@router.post(
    "/capacity-returns",
    summary="A provider has told its free hours",
    response_model=CapacityReturn,
    responses=problems("refused"),
)
def tell(given: NewReturn, by: Annotated[Caller, may(acts.tell)], if_match: IfMatch = None) -> Response:
    """All of them, as of today: they replace what it told before. They count for `capacity_return_days`. With the ETag of
    `GET …/{provider_id}` as `If-Match` they are written where nobody has written any since."""
    return one(acts.tell(by, given, if_match))


@router.post(
    "/capacity-returns/file",
    summary="A file of free hours",
    response_model=Taken,
    responses=problems(NOT_A_FOLDER, "refused"),
    openapi_extra={"requestBody": BODY},
)
async def take_file(request: Request, by: Annotated[Caller, may(acts.take_file)]) -> Response:
    """A CSV with `hours_per_week` and `provider_id` or CQC's `location_id`, and `area_id`, `part_of_day`, `free_from`, `told_on`,
    `said_by` where they are known; or a zip of it with a `map.toml` that says which heading of the file is which of these. All of
    it is taken, or nothing, with every fault. What a provider has told on a later day stays."""
    most = limit_of(acts.take_file.takes, by.settings)
    async with received(request, most, KINDS) as body:

        def work() -> Shown:
            with on_disk(request, body, most) as folder:
                return acts.take_file(by, folder)

        return one(await run_in_threadpool(work))


@router.get("/capacity-returns/untold", summary="Providers whose free hours nobody knows", response_model=Listed[Untold])
def list_untold(by: Annotated[Caller, may(acts.list_untold)], query: Annotated[strict.Query, Query()]) -> Response:
    """With a contract in force, and no return that counts. Each is asked by message once in `capacity_return_days`, where the
    outbox tells its desk of `capacity_asked`."""
    return several(acts.list_untold(by, query))


@router.get("/capacity-returns/disagreements", summary="To be told to the provider first", response_model=Listed[ToBeTold])
def disagreements(by: Annotated[Caller, may(acts.list_disagreements)], query: Annotated[DisagreementsQuery, Query()]) -> Response:
    """Who told free hours and declined for want of room while they counted. It is the provider's to hear first: it may be right,
    and its return too old."""
    return several(acts.list_disagreements(by, query))


@router.get("/capacity-returns/{provider_id}", summary="The free hours of one provider", response_model=LastReturn)
def read(provider_id: str, by: Annotated[Caller, may(acts.read)]) -> Response:
    """What it has told last; its ETag is another one whenever it tells anew, and on another day."""
    return one(acts.read(by, provider_id))


@router.post(
    "/capacity-returns/{provider_id}/withdraw",
    summary="A return counts no longer",
    response_model=Withdrawn,
    responses=problems("not_found"),
)
def withdraw(provider_id: str, given: Withdrawal, by: Annotated[Caller, may(acts.withdraw)]) -> Response:
    """The trail keeps it, with the reason."""
    return one(acts.withdraw(by, provider_id, given))


@router.get("/own/capacity-return", summary="Your own free hours, as told last", response_model=OwnReturn)
def read_own(by: Annotated[Caller, may(acts.read_own)]) -> Response:
    """With your own declines that disagree with it, so that you can put either right."""
    return one(acts.read_own(by))


@router.post(
    "/own/capacity-return", summary="Tell your own free hours", response_model=CapacityReturn, responses=problems("refused")
)
def tell_own(given: ReturnTold, by: Annotated[Caller, may(acts.tell_own)], if_match: IfMatch = None) -> Response:
    """All of them, as of today. They bind you to nothing, and nobody is ranked by them. `If-Match` is honoured."""
    return one(acts.tell_own(by, given, if_match))


@router.post(
    "/own/capacity-return/file",
    summary="Send your own free hours in a file",
    response_model=OwnTaken,
    responses=problems(NOT_A_FOLDER, "refused"),
    openapi_extra={"requestBody": BODY},
)
async def take_own_file(request: Request, by: Annotated[Caller, may(acts.take_own_file)]) -> Response:
    """A CSV as for the council's files, of your own places alone; a line need not say whose it is. It replaces what you told."""
    most = limit_of(acts.take_own_file.takes, by.settings)
    async with received(request, most, KINDS) as body:

        def work() -> Shown:
            with on_disk(request, body, most) as folder:
                return acts.take_own_file(by, folder)

        return one(await run_in_threadpool(work))
