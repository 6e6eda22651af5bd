"""The audit trail, by what an entry is about, by whom and since when. Searching it is an entry too, so nothing is shown unasked;
what is searched for stands in no address.
"""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import Problem
from api.pages.administration.admin_tabs import tabs_for
from api.pages.administration.entries_board import CSV_HEADS, csv_row, entry_of
from api.pages.csv_answers import csv_answer
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import MOST
from api.upkeep import acts
from api.upkeep.schemas import EntriesQuery

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
A_PAGE = 50
Json = dict[str, Any]


@router.get("/administration/audit")
def audit(request: Request, by: Annotated[Caller, may_see(acts.page_of_audit)]) -> Response:
    """The form alone."""
    return _page(request, by, FilledForm())


@router.post("/administration/audit", dependencies=[Depends(sent_from_here)])
async def search_audit(request: Request, by: Annotated[Caller, may_see(acts.page_of_audit)]) -> Response:
    """The entries that are asked for, the oldest first; as a file where that is asked."""
    form = await sent_form(request)
    try:
        query = EntriesQuery(
            subject=form.value("subject").strip() or None,
            actor=form.value("actor").strip() or None,
            since=form.date("since"),
            cursor=form.value("after") or None,
            limit=MOST if form.value("step") == "csv" else A_PAGE,
        )
    except ValueError:
        wrong = form.wrong({"since": "Look at what you entered again: an id, a name, and a day that there is"})
        return await run_in_threadpool(_page, request, by, wrong, status=422)
    return await run_in_threadpool(_found, request, by, form, query)


def _found(request: Request, by: Caller, form: FilledForm, query: EntriesQuery) -> Response:
    try:
        found = acts.page_of_audit(by, query)
    except Problem as problem:
        if problem.code != "invalid_request":
            raise
        return _page(request, by, form.wrong({"": "Search again: this part of the trail is not there."}), status=422)
    entries = [orjson.loads(each) for each in found.items]
    if form.value("step") == "csv":
        return csv_answer("audit-trail", CSV_HEADS, map(csv_row, entries))
    return _page(request, by, form, entries, found.next_cursor)


def _page(
    request: Request,
    by: Caller,
    form: FilledForm,
    entries: list[Json] | None = None,
    after: str | None = None,
    *,
    status: int = 200,
) -> Response:
    values = {
        "form": form,
        "entries": None if entries is None else [entry_of(each) for each in entries],
        "after": after or "",
        "since": {part: form.value(f"since-{part}") for part in ("day", "month", "year")},
        "tabs": tabs_for(by),
    }
    return page(request, "audit.html.j2", "Audit trail", values, status=status, wrong=bool(form.faults))
