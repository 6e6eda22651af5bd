"""A provider's own care and rounds, and its contracts."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.capacity_returns import acts as capacity_returns
from api.http.strict import Query
from api.own import acts
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.own.care_board import care_rows, contract_facts, round_rows
from api.pages.page_words import capital, dates_in_words, day_in_words

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])


@router.get("/own/care")
def own_care(request: Request, by: Annotated[Caller, may_see(acts.list_care)], after: str = "") -> Response:
    """What the provider delivers, is to begin, or keeps; and its rounds."""
    told = acts.list_care(by, Query(cursor=after[:1000] or None))
    rounds: list[Any] = orjson.loads(acts.list_rounds(by).body)["items"]
    rows = care_rows([orjson.loads(each) for each in told.items])
    values = {"rows": rows, "rounds": round_rows(rounds), "next_cursor": told.next_cursor}
    return page(request, "own/care.html.j2", "Your care", values)


@router.get("/own/contracts")
def own_contracts(request: Request, by: Annotated[Caller, may_see(acts.read_contracts)]) -> Response:
    """Each contract with its hours, guarantee and prices."""
    told = orjson.loads(acts.read_contracts(by).body)
    contracts = [(each["contract_id"], contract_facts(each)) for each in told["contracts"]]
    free: dict[str, Any] = orjson.loads(capacity_returns.read_own(by).body)
    last, declined = free["last"], free["declined"]
    values = {
        "name": told["name"],
        "contracts": contracts,
        "free": "" if last is None else f"{capital(dates_in_words(last['says']))}.",
        "ask_again": last is not None and last["ask_again"],
        "declined": [(each["offer_id"], each["area_id"], day_in_words(each["declined_on"])) for each in declined],
    }
    return page(request, "own/contracts.html.j2", "Your contracts", values)
