"""The account book: when periods begin, how each contract pays, incentives; kept as files."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.accounts import acts
from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem, told_as_problems
from api.http.responses import tag
from api.http.sent_files import SentParts, parts_of
from api.pages.accounts.book_board import HEADS, begins_in_words, settings_rows, terms_rows
from api.pages.filled_form import FilledForm
from api.pages.frame import HEADERS, page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import dates_in_words

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
FIELDS = {"settings": "account.toml", "terms": "terms.csv", "amounts": "incentives.csv", "periods": "incentive_periods.csv"}
WHAT = {
    "settings": "When periods begin",
    "terms": "How each contract pays",
    "amounts": "Incentives: amounts",
    "periods": "Incentives: designated periods",
}
SINCE = "Somebody has kept other files since you opened this page. Nothing was written: look again."


@router.get("/accounts/book")
def book(request: Request, by: Annotated[Caller, may_see(acts.read_book)], done: str = "") -> Response:
    """The files as they are kept, and a form to keep others."""
    return _page(request, by, FilledForm(), done=done)


@router.get("/accounts/book/{name}")
def book_file(name: str, by: Annotated[Caller, may_see(acts.read_book)]) -> Response:
    """One of its files, as it is kept."""
    kept: dict[str, str] = orjson.loads(acts.read_book(by).body)["files"]
    if name not in kept:
        raise Problem("not_found", "No such file is kept.")
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(kept[name].encode(), 200, headers, "text/plain; charset=utf-8")


@router.post("/accounts/book", dependencies=[Depends(sent_from_here)])
async def keep(request: Request, by: Annotated[Caller, may_see(acts.keep_book)]) -> Response:
    """Each file takes the place of the one of its name; all are judged together."""
    sent = await parts_of(request, by.settings.max_body_bytes)
    return await run_in_threadpool(_keep, request, by, sent)


def _keep(request: Request, by: Caller, sent: SentParts) -> Response:
    form = FilledForm({name: [value] for name, value in sent.fields.items()}, is_sent=True)
    chosen = {name: sent.files[field].content for field, name in FIELDS.items() if field in sent.files}
    files = {name: content for name, content in chosen.items() if content}
    if not files:
        return _page(request, by, form.wrong({"settings": "Choose one file at least"}), status=422)
    try:
        with told_as_problems():
            acts.keep_book(by, files, tag(form.value("seen")))
    except Problem as problem:
        if problem.code not in ("refused", "changed_since"):
            raise
        changed = problem.code == "changed_since"
        said = [SINCE] if changed else [dates_in_words(str(each)) for each in problem.more["faults"]]
        wrong = form.wrong({"settings": said[0]})
        return _page(request, by, wrong, faults=said, status=KINDS[problem.code].status)
    return see("/accounts/book?done=kept")


def _page(
    request: Request,
    by: Caller,
    form: FilledForm,
    *,
    faults: list[str] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    answer = acts.read_book(by)
    kept: dict[str, str] = orjson.loads(answer.body)["files"]
    values = {
        "form": form,
        "faults": faults or [],
        "begins": begins_in_words(kept),
        "settings": settings_rows(kept),
        "terms": terms_rows(kept),
        "heads": HEADS,
        "files": [(WHAT[field], name, name in kept) for field, name in FIELDS.items()],
        "fields": [(field, f"{WHAT[field]}: {name}", name.partition(".")[2]) for field, name in FIELDS.items()],
        "seen": answer.etag.strip('"'),
        "done": "The account book is kept." if done == "kept" else "",
    }
    return page(request, "accounts/book.html.j2", "Account book", values, status=status, wrong=bool(form.faults))
