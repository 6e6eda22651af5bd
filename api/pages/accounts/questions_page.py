"""Lines that providers question, and deciding about one."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.accounts import acts
from api.accounts.schemas import QueriesQuery, QueryDecision
from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem
from api.pages.accounts.account_board import QUERIES, query_facts
from api.pages.filled_form import FilledForm, faults_of, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
SAYS = {"decision": "Choose what you decide", "reason": "Say why, in 3 characters or more"}
CHOICES = (
    ("upheld", "The provider is right", "Have the record of the visit corrected: nothing is paid otherwise by this alone."),
    ("refused", "The line stands as it is"),
)


@router.get("/accounts/queries")
def queries(request: Request, by: Annotated[Caller, may_see(acts.list_queries)], after: str = "", done: str = "") -> Response:
    """Those first that nobody has decided about."""
    return _page(request, by, FilledForm(), after=after, done=done)


@router.post("/accounts/queries/{query_id}/decide", dependencies=[Depends(sent_from_here)])
async def decide(request: Request, query_id: str, by: Annotated[Caller, may_see(acts.decide_query)]) -> Response:
    """A named person decides."""
    form = await sent_form(request, prefix=f"{query_id}-")
    return await run_in_threadpool(_decide, request, by, query_id, form)


def _decide(request: Request, by: Caller, query_id: str, form: FilledForm) -> Response:
    said = {"decision": form.value("decision"), "reason": form.value("reason")}
    try:
        acts.decide_query(by, query_id, QueryDecision.model_validate(said))
    except ValidationError as error:
        return _page(request, by, form.wrong(faults_of(error, SAYS)), status=422)
    except Problem as problem:
        if problem.code != "already_decided":
            raise
        return _page(request, by, form.anew().wrong({"": problem.detail}), status=KINDS[problem.code].status)
    return see("/accounts/queries?done=decided")


def _page(request: Request, by: Caller, form: FilledForm, *, after: str = "", done: str = "", status: int = 200) -> Response:
    told = acts.list_queries(by, QueriesQuery(limit=20, cursor=after[:1000] or None))
    found: list[dict[str, Any]] = [orjson.loads(each) for each in told.items]
    values = {
        "form": form,
        "queries": [
            {
                "query_id": each["query_id"],
                "statement_id": each["statement_id"],
                "line": f"{each['contract_id']}, line {each['number']}",
                "state": QUERIES[each["state"]],
                "facts": query_facts(each),
                "is_open": each["state"] == "open",
                "form": form if form.prefix == f"{each['query_id']}-" else FilledForm(prefix=f"{each['query_id']}-"),
            }
            for each in found
        ],
        "choices": CHOICES,
        "next_cursor": told.next_cursor,
        "done": "Your decision is recorded." if done == "decided" else "",
    }
    return page(request, "accounts/queries.html.j2", "Queried lines", values, status=status, wrong=bool(form.faults))
