"""Providers, contracts and restrictions: who they are, what is bought from whom, and who gets no new work for a while."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.acts.act import Caller
from api.acts.signing_in import may
from api.http.addresses import address_of
from api.http.openapi import problems
from api.http.responses import IfMatch, IfNoneMatch, one, several
from api.http.strict import Listed
from api.http.strict import Query as PageQuery
from api.market import acts
from api.market.schemas import (
    Contract,
    ContractChanges,
    ContractsQuery,
    NewRestriction,
    Provider,
    ProviderChanges,
    ProviderWritten,
    Restriction,
    RestrictionEnd,
    RestrictionsQuery,
    RestrictionWritten,
)

router = APIRouter(prefix="/v1")


@router.get("/providers", tags=["providers"], summary="Providers, a page at a time", response_model=Listed[Provider])
def providers(by: Annotated[Caller, may(acts.list_providers)], query: Annotated[PageQuery, Query()]) -> Response:
    """In the order of their ids."""
    return several(acts.list_providers(by, query))


@router.get("/providers/{provider_id}", tags=["providers"], summary="A provider with its offices", response_model=Provider)
def provider(provider_id: str, by: Annotated[Caller, may(acts.read_provider)], if_none_match: IfNoneMatch = None) -> Response:
    """Its ratings, skills and own limits."""
    return one(acts.read_provider(by, provider_id), if_none_match)


@router.patch(
    "/providers/{provider_id}",
    name="change",
    tags=["providers"],
    summary="A provider's own limits, skills or ratings",
    response_model=ProviderWritten,
    responses=problems("refused"),
)
def change_provider(
    provider_id: str, changes: ProviderChanges, by: Annotated[Caller, may(acts.change_provider)], if_match: IfMatch = None
) -> Response:
    """With a reason, which the audit trail keeps: the provider's message, the inspection's report."""
    return one(acts.change_provider(by, provider_id, changes, if_match))


@router.get("/contracts", tags=["contracts"], summary="Contracts, a page at a time", response_model=Listed[Contract])
def contracts(by: Annotated[Caller, may(acts.list_contracts)], query: Annotated[ContractsQuery, Query()]) -> Response:
    """In the order of their ids. County-wide contracts have no area."""
    return several(acts.list_contracts(by, query))


@router.get("/contracts/{contract_id}", tags=["contracts"], summary="A contract", response_model=Contract)
def contract(contract_id: str, by: Annotated[Caller, may(acts.read_contract)], if_none_match: IfNoneMatch = None) -> Response:
    """Its maximum, guarantee, rates and bands. How much of it is used stands with its area."""
    return one(acts.read_contract(by, contract_id), if_none_match)


@router.patch(
    "/contracts/{contract_id}",
    name="change",
    tags=["contracts"],
    summary="A contract's maximum",
    response_model=Contract,
    responses=problems("refused"),
)
def change_contract(
    contract_id: str, changes: ContractChanges, by: Annotated[Caller, may(acts.change_contract)], if_match: IfMatch = None
) -> Response:
    """With a reason, which the audit trail keeps. A maximum under what is delivered drops nobody: it may only not grow."""
    return one(acts.change_contract(by, contract_id, changes, if_match))


@router.get("/restrictions", tags=["restrictions"], summary="Restrictions, a page at a time", response_model=Listed[Restriction])
def restrictions(by: Annotated[Caller, may(acts.list_restrictions)], query: Annotated[RestrictionsQuery, Query()]) -> Response:
    """In the order of their ids, those that have ended included."""
    return several(acts.list_restrictions(by, query))


@router.get("/restrictions/{restriction_id}", tags=["restrictions"], summary="A restriction", response_model=Restriction)
def restriction(
    restriction_id: str, by: Annotated[Caller, may(acts.read_restriction)], if_none_match: IfNoneMatch = None
) -> Response:
    """Whom it restricts, where, from when until when, and why."""
    return one(acts.read_restriction(by, restriction_id), if_none_match)


@router.post(
    "/restrictions",
    name="add",
    tags=["restrictions"],
    summary="Restrict a provider",
    status_code=201,
    response_model=RestrictionWritten,
    responses=problems("already_there", "refused"),
)
def add_restriction(asked: NewRestriction, by: Annotated[Caller, may(acts.add_restriction)]) -> Response:
    """Running care stays where it is. Offers that wait for an answer are stopped where the provider may not be asked any more."""
    return one(acts.add_restriction(by, asked), created_at=address_of("restrictions", asked.restriction_id))


@router.patch(
    "/restrictions/{restriction_id}",
    name="change",
    tags=["restrictions"],
    summary="When a restriction ends",
    response_model=RestrictionWritten,
    responses=problems("refused"),
)
def change_restriction(
    restriction_id: str, changes: RestrictionEnd, by: Annotated[Caller, may(acts.change_restriction)], if_match: IfMatch = None
) -> Response:
    """With a reason, which the audit trail keeps."""
    return one(acts.change_restriction(by, restriction_id, changes, if_match))
