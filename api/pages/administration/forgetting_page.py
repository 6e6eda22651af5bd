"""People whose care has ended are forgotten: who is meant is counted and confirmed first, as it cannot be undone."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.forgetting import acts
from api.forgetting.who_is_due import CannotForgetError
from api.http.errors import Problem
from api.pages.administration.admin_tabs import tabs_for
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from optimiser.domain.words import people

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
COUNTED = {"packages": "package", "records": "record", "texts": "text", "entries": "entry of the trail", "results": "result"}
MOST_AT_ONCE = 500
CONFIRM = "Type the number of people, as a figure, to confirm"


@router.get("/administration/forgetting")
def who_is_due(
    request: Request,
    by: Annotated[Caller, may_see(acts.due_to_be_forgotten)],
    packages: int = 0,
    records: int = 0,
    texts: int = 0,
    entries: int = 0,
    results: int = 0,
    swept: str = "",
) -> Response:
    """Who is due, and the form. The figures: of what was destroyed just before."""
    done = {"packages": packages, "records": records, "texts": texts, "entries": entries, "results": results}
    return _page(request, by, FilledForm(), done=_destroyed(done) if packages else "", swept=swept)


@router.post("/administration/forgetting/count", dependencies=[Depends(sent_from_here)])
async def count(request: Request, by: Annotated[Caller, may_see(acts.due_to_be_forgotten)]) -> Response:
    """How many are meant, before anything is done."""
    form = await sent_form(request)
    return await run_in_threadpool(_counted, request, by, form)


@router.post("/administration/forgetting", dependencies=[Depends(sent_from_here)])
async def forget(request: Request, by: Annotated[Caller, may_see(acts.forget)]) -> Response:
    """Everything that is personal of them is destroyed, once the count is confirmed."""
    form = await sent_form(request)
    return await run_in_threadpool(_forgotten, request, by, form)


def _counted(request: Request, by: Caller, form: FilledForm) -> Response:
    ids = acts.due_to_be_forgotten(by) if form.value("who") == "due" else _named(form)
    if not ids:
        return _page(request, by, form.wrong({"package_ids": "Name at least one package"}), status=422)
    if len(ids) > MOST_AT_ONCE:
        return _page(request, by, form.wrong({"": f"At most {MOST_AT_ONCE} at once"}), status=422)
    return _confirm(request, by, form, ids)


def _forgotten(request: Request, by: Caller, form: FilledForm) -> Response:
    ids = _named(form)
    if form.value("count") != str(len(ids)):
        return _confirm(request, by, form.wrong({"count": CONFIRM}), ids, status=422)
    try:
        done = acts.forget(by, ids)
    except CannotForgetError as why:
        return _page(request, by, form.wrong({"package_ids": "Nobody was forgotten. " + "; ".join(why.faults)}), status=409)
    swept = acts.sweep_files(by)
    told = {name: getattr(done, name) for name in COUNTED}
    return see(f"/administration/forgetting?{urlencode({**told, 'swept': 'yes' if swept else 'no'})}")


def _named(form: FilledForm) -> list[str]:
    return sorted({each for each in form.value("package_ids").replace(",", " ").split() if each})


def _confirm(request: Request, by: Caller, form: FilledForm, ids: list[str], *, status: int = 200) -> Response:
    who = people(len(ids))
    values = {"form": form, "ids": ids, "people": who, "tabs": tabs_for(by)}
    return page(request, "forgetting_confirm.html.j2", f"Forget {who}", values, status=status, wrong=bool(form.faults))


def _page(request: Request, by: Caller, form: FilledForm, *, done: str = "", swept: str = "", status: int = 200) -> Response:
    doubt, due = "", list[str]()
    try:
        due = acts.due_to_be_forgotten(by)
    except Problem as problem:
        if problem.code != "clock_doubted":
            raise
        doubt = problem.detail
    values = {
        "form": form,
        "due": len(due),
        "doubt": doubt,
        "days": by.settings.forget_after_days,
        "done": done,
        "stays": swept == "no",
        "tabs": tabs_for(by),
    }
    return page(request, "forgetting.html.j2", "Forgetting", values, status=status, wrong=bool(form.faults))


def _destroyed(done: dict[str, int]) -> str:
    told = [f"{done[name]:,} {word if done[name] == 1 else _many(word)}" for name, word in COUNTED.items()]
    return f"Destroyed: {', '.join(told)}."


def _many(word: str) -> str:
    return word.replace("entry", "entries") if "entry" in word else f"{word}s"
