"""The life of a contract over HTTP: each act with its own address, its dry run, and what follows."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.contract_lives import acts
from api.contract_lives.letters import LetterShown, LettersQuery
from api.contract_lives.schemas import AreaLived, Award, ContractLived, EarlyEnd, Extension, GoLive, Withdrawal
from api.http.addresses import address_of
from api.http.openapi import problems
from api.http.responses import IfMatch, one, several
from api.http.strict import Listed
from api.records.routes import DryRun

router = Router(prefix="/v1")

REFUSED = problems("out_of_order", "refused")
OF_CONTRACTS: dict[str, Any] = {"tags": ["contracts"], "response_model": ContractLived}


@router.post("/contracts/{contract_id}/extend", summary="A contract is extended", responses=REFUSED, **OF_CONTRACTS)
def extend(
    contract_id: str,
    asked: Extension,
    by: Annotated[Caller, may(acts.extend)],
    if_match: IfMatch = None,
    dry_run: DryRun = False,
) -> Response:
    """Until a later day, by somebody's authority; never beyond what the contract allows (`extension_until`)."""
    return one(acts.extend(by, contract_id, asked, if_match, dry_run))


@router.post("/contracts/{contract_id}/end-early", summary="A contract ends early", responses=REFUSED, **OF_CONTRACTS)
def end_early(
    contract_id: str,
    asked: EarlyEnd,
    by: Annotated[Caller, may(acts.end_early)],
    if_match: IfMatch = None,
    dry_run: DryRun = False,
) -> Response:
    """With the notice that it, its provider's record or the settings ask for. Care that runs on it is told, and stays until
    somebody else has it; `next` is the run that plans where it goes."""
    return one(acts.end_early(by, contract_id, asked, if_match, dry_run))


@router.post(
    "/contracts/{contract_id}/award-anew",
    summary="Another provider is awarded what a contract covers",
    status_code=201,
    responses=problems("already_there", "out_of_order", "refused")
    | {200: {"description": "A dry run: so it would be", "model": ContractLived}},
    **OF_CONTRACTS,
)
def award_anew(
    contract_id: str,
    asked: Award,  # type: ignore[valid-type]
    by: Annotated[Caller, may(acts.award_anew)],
    if_match: IfMatch = None,
    dry_run: DryRun = False,
) -> Response:
    """A contract of another provider in its place, of the same tier, area and service. Nobody is moved by it: `next` is the
    run that plans the transfer."""
    made: Any = asked
    address = "" if dry_run else address_of("contracts", made.contract_id)
    return one(acts.award_anew(by, contract_id, asked, if_match, dry_run), created_at=address)


@router.post("/contracts/{contract_id}/withdraw", summary="A principal withdraws", responses=REFUSED, **OF_CONTRACTS)
def withdraw(
    contract_id: str,
    asked: Withdrawal,
    by: Annotated[Caller, may(acts.withdraw)],
    if_match: IfMatch = None,
    dry_run: DryRun = False,
) -> Response:
    """From today nothing is asked of it. Whoever was to move to it stays where they are, offers stop, letters are put right
    (`/v1/letters`), plans are marked as out of date, and new ones are asked for at once."""
    return one(acts.withdraw(by, contract_id, asked, if_match, dry_run))


@router.post(
    "/areas/{area_id}/go-live",
    tags=["areas"],
    summary="An area goes live on another day",
    response_model=AreaLived,
    responses=REFUSED,
)
def move_go_live(
    area_id: str,
    asked: GoLive,
    by: Annotated[Caller, may(acts.move_go_live)],
    if_match: IfMatch = None,
    dry_run: DryRun = False,
) -> Response:
    """By somebody's authority. What lies before the new day is told; plans that would move people before it are marked as out of
    date, and their letters put right."""
    return one(acts.move_go_live(by, area_id, asked, if_match, dry_run))


@router.get(
    "/letters", tags=["letters"], summary="Letters that put right what was written before", response_model=Listed[LetterShown]
)
def letters(by: Annotated[Caller, may(acts.list_letters)], query: Annotated[LettersQuery, Query()]) -> Response:
    """A page of them, in the order of their people. Nothing is sent by the software; every page is an entry of the trail."""
    return several(acts.list_letters(by, query))
