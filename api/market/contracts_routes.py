"""Contracts: what is bought from whom, where, and up to how many hours."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from api.http.openapi import problems
from api.http.paging import page_of
from api.http.queries import ContractsQuery
from api.http.responses import IfMatch, IfNoneMatch, record, several
from api.http.strict import Listed
from api.market.changes import change_record, plain_json
from api.market.schemas import Contract, ContractChanges
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.security.signing_in import may
from api.service import TheService
from api.storage.audit import Actor

router = APIRouter(prefix="/v1/contracts", tags=["contracts"])
shown = plain_json("contracts")


@router.get("", summary="Contracts, a page at a time", response_model=Listed[Contract])
def contracts(
    service: TheService, _: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)], query: Annotated[ContractsQuery, Query()]
) -> Response:
    """In the order of their ids. County-wide contracts have no area."""
    state = service.store.state()
    wanted = {name: value for name in ("provider_id", "area_id", "tier") if (value := getattr(query, name)) is not None}
    page = page_of(
        (c for c in state.snapshot.contracts if all(getattr(c, name) == wanted[name] for name in wanted)),
        lambda contract: (contract.contract_id,),
        limit=query.limit,
        cursor=query.cursor,
        usual=service.settings.page_size,
    )
    return several((orjson.dumps(shown(state, each.contract_id)) for each in page.items), page.next_cursor)


@router.get("/{contract_id}", summary="A contract", response_model=Contract)
def contract(
    contract_id: str,
    service: TheService,
    _: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Its maximum, guarantee, rates and bands. How much of it is used stands with its area."""
    return record(service.store.state(), "contracts", contract_id, shown, if_none_match)


@router.patch("/{contract_id}", summary="A contract's maximum", response_model=Contract, responses=problems("refused"))
def change(
    contract_id: str,
    changes: ContractChanges,
    service: TheService,
    actor: Annotated[Actor, may(ADMIN)],
    if_match: IfMatch = None,
) -> Response:
    """With a reason, which the audit trail keeps. A maximum under what is delivered drops nobody: it may only not grow."""
    with service.store.change(actor) as change:
        change_record(change, "contracts", contract_id, changes, if_match)
    return record(service.store.state(), "contracts", contract_id, shown)
