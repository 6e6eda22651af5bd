"""Call-offs: one request, whatever is asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.call_offs import acts
from api.call_offs.schemas import Award, NewCallOff, OfferVolume, VolumeAnswer, Withdrawal
from api.call_offs.shown import CallOff, CallOffsQuery, CallOffWritten
from api.http.addresses import address_of
from api.http.openapi import problems
from api.http.places import NO_POSTCODES, NO_SUCH_PLACE
from api.http.responses import IfMatch, IfNoneMatch, one, several
from api.http.strict import Listed
from api.records.routes import DryRun

router = Router(prefix="/v1/call-offs", tags=["call-offs"])


@router.get("", summary="Call-offs, a page at a time", response_model=Listed[CallOff])
def call_offs(by: Annotated[Caller, may(acts.list_call_offs)], query: Annotated[CallOffsQuery, Query()]) -> Response:
    """The oldest first. Contract officers see volumes alone. Every page is an entry of the audit trail, with the ids on it."""
    return several(acts.list_call_offs(by, query))


@router.get("/{call_off_id}", summary="A call-off and what has come of it", response_model=CallOff)
def call_off(call_off_id: str, by: Annotated[Caller, may(acts.read)], if_none_match: IfNoneMatch = None) -> Response:
    """Who asked for what and when, where it stands, its packages with their offers, or a volume's offers and contracts."""
    return one(acts.read(by, call_off_id), if_none_match)


@router.post(
    "",
    summary="A call-off is filed",
    status_code=201,
    response_model=CallOffWritten,
    responses=problems("already_there", "no_area", "not_in_this_state", "not_divisible", "refused", NO_SUCH_PLACE, NO_POSTCODES)
    | {200: {"description": "A dry run: so it would be", "model": CallOffWritten}},
)
def add(asked: NewCallOff, by: Annotated[Caller, may(acts.add)], dry_run: DryRun = False) -> Response:
    """A package, a bundle, a part of a package, a specialist service or a volume, as `kind` says: all of it or nothing, judged as
    a snapshot's files are. Offers are made at the addresses of the packages, a volume's at its own."""
    call_off_id, written = acts.add(by, asked, dry_run)
    return one(written, created_at="" if dry_run else address_of("call-offs", call_off_id))


@router.post(
    "/{call_off_id}/withdraw",
    summary="A call-off is withdrawn",
    response_model=CallOffWritten,
    responses=problems("already_withdrawn", "care_agreed", "not_in_this_state", "already_placed"),
)
def withdraw(
    call_off_id: str,
    asked: Withdrawal,
    by: Annotated[Caller, may(acts.withdraw)],
    if_match: IfMatch = None,
    dry_run: DryRun = False,
) -> Response:
    """Nobody is asked for it any more. A part's care goes back to the package that it was divided from. Where a provider has
    accepted some of it, or delivers it, nothing is done."""
    return one(acts.withdraw(by, call_off_id, asked, if_match, dry_run))


@router.post(
    "/{call_off_id}/offers",
    summary="A volume is offered to named providers",
    response_model=CallOffWritten,
    responses=problems("may_not_be_asked", "already_asked", "already_placed", "not_in_this_state", "refused"),
)
def offer(
    call_off_id: str,
    asked: OfferVolume,
    by: Annotated[Caller, may(acts.offer)],
    if_match: IfMatch = None,
    dry_run: DryRun = False,
) -> Response:
    """All of them or none; whoever is restricted or barred is given no new contract. If-Match is not needed here, and holds where
    it is sent."""
    return one(acts.offer(by, call_off_id, asked, if_match, dry_run))


@router.patch(
    "/{call_off_id}/offers/{provider_id}",
    summary="A provider's answer about a volume",
    response_model=CallOffWritten,
    responses=problems("already_answered", "not_in_this_state", "already_placed"),
)
def answer(
    call_off_id: str,
    provider_id: str,
    given: VolumeAnswer,
    by: Annotated[Caller, may(acts.answer)],
    if_match: IfMatch = None,
) -> Response:
    """Who said so, and how; a yes awards nothing yet. The same answer again changes nothing. If-Match is not needed here, and
    holds where it is sent."""
    return one(acts.answer(by, call_off_id, provider_id, given, if_match))


@router.post(
    "/{call_off_id}/award",
    summary="A volume is awarded",
    response_model=CallOffWritten,
    responses=problems("already_there", "already_placed", "may_not_be_asked", "not_in_this_state", "refused"),
)
def award(
    call_off_id: str,
    asked: Award,
    by: Annotated[Caller, may(acts.award)],
    if_match: IfMatch = None,
    dry_run: DryRun = False,
) -> Response:
    """In each of the areas named it becomes a contract with the hours and the guarantee that were asked for, judged whole as any
    contract is. A provider that was offered the volume has to have said yes."""
    return one(acts.award(by, call_off_id, asked, if_match, dry_run))
