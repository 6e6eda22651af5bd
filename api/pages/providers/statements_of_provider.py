"""A provider's monthly statements as the council reads them, and answering what it asked about a line."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem
from api.http.whole_lists import every
from api.pages.csv_answers import csv_answer
from api.pages.filled_form import FilledForm, faults_of, refused, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import MOST, area_names
from api.pages.page_words import address_part
from api.pages.printed import pdf_answer
from api.pages.providers.monthly_statement_board import (
    CSV_HEADS,
    PRINTED,
    month_in_words,
    query_rows,
    statement_board,
    statement_rows,
    title_of,
)
from api.records.acts import DEEDS
from api.statements import acts
from api.statements.schemas import QueriesQuery, QueryAnswer
from api.statements.statement_months import MONTH

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
PROVIDERS: Any = DEEDS["providers"]
Month = Annotated[str, Path(pattern=MONTH)]
SAYS = {"answer": "Write the answer, in at most 2,000 characters"}
DONE = {"answered": "The answer is recorded: the provider reads it, with your name."}
Json = dict[str, Any]


@router.get("/providers/{provider_id}/statements")
def provider_statements(
    request: Request, provider_id: str, by: Annotated[Caller, may_see(acts.list_statements)], done: str = ""
) -> Response:
    """The months, and the queries with a form to answer each that waits."""
    return _page(request, by, provider_id, FilledForm(), done=done)


@router.get("/providers/{provider_id}/statements/{month}.csv")
def provider_statement_csv(provider_id: str, month: Month, by: Annotated[Caller, may_see(acts.read)]) -> Response:
    """One for a spreadsheet."""
    told = orjson.loads(acts.read(by, provider_id, month).body)
    return csv_answer(f"statement-of-provider-{month}", CSV_HEADS, statement_rows(told))


@router.get("/providers/{provider_id}/statements/{month}.pdf")
def provider_statement_pdf(provider_id: str, month: Month, by: Annotated[Caller, may_see(acts.read)]) -> Response:
    """One to keep, read by screen readers: the same bytes as its provider has."""
    told: Json = orjson.loads(acts.read(by, provider_id, month).body)
    return pdf_answer(f"statement-of-provider-{month}", PRINTED, title_of(told), {"board": statement_board(told, {})})


@router.get("/providers/{provider_id}/statements/{month}")
def provider_statement(request: Request, provider_id: str, month: Month, by: Annotated[Caller, may_see(acts.read)]) -> Response:
    """One month's, as the provider reads it."""
    told: Json = orjson.loads(acts.read(by, provider_id, month).body)
    values = {
        "provider_id": provider_id,
        "board": statement_board(told, area_names(by)),
        "csv": f"/providers/{address_part(provider_id)}/statements/{month}.csv",
        "pdf": f"/providers/{address_part(provider_id)}/statements/{month}.pdf",
    }
    return page(request, "provider_statement.html.j2", title_of(told), values)


@router.post("/providers/{provider_id}/statements/answer", dependencies=[Depends(sent_from_here)])
async def answer_query(request: Request, provider_id: str, by: Annotated[Caller, may_see(acts.answer)]) -> Response:
    """A query of this provider's is answered."""
    form = await sent_form(request)
    return await run_in_threadpool(_answer, request, by, provider_id, form)


def _answer(request: Request, by: Caller, provider_id: str, form: FilledForm) -> Response:
    query_id = form.value("query")
    if query_id not in {each["query_id"] for each in _queries(by, provider_id)}:
        return _page(request, by, provider_id, form.wrong({"query": "Choose the question"}), status=422)
    try:
        given = QueryAnswer.model_validate({"answer": form.value("answer").strip().replace("\r\n", "\n")})
        acts.answer(by, query_id, given)
    except ValidationError as error:
        return _page(request, by, provider_id, form.wrong(faults_of(error, SAYS)), status=422)
    except Problem as problem:
        return _page(request, by, provider_id, form.wrong(refused(problem)), status=KINDS[problem.code].status)
    return see(f"/providers/{address_part(provider_id)}/statements?done=answered")


def _queries(by: Caller, provider_id: str) -> list[Json]:
    query = QueriesQuery(provider_id=provider_id, limit=MOST)
    return every(lambda each: acts.list_queries(by, query.model_copy(update={"cursor": each.cursor})))


def _page(request: Request, by: Caller, provider_id: str, form: FilledForm, *, done: str = "", status: int = 200) -> Response:
    months = orjson.loads(acts.list_statements(by, provider_id).body)["months"]
    name = orjson.loads(PROVIDERS.read(by, provider_id).body)["name"]
    queries = query_rows(_queries(by, provider_id))
    values = {
        "form": form,
        "provider_id": provider_id,
        "provider": name,
        "months": [(each, month_in_words(each)) for each in months],
        "queries": queries,
        "to_answer": [(each.query_id, each.line, f"“{each.said}” {each.standing}.") for each in queries if each.may_be_answered],
        "may_answer": acts.answer.role_of(by.actor) is not None,
        "done": DONE.get(done, ""),
    }
    return page(request, "provider_statements.html.j2", f"Statements of {name}", values, status=status, wrong=bool(form.faults))
