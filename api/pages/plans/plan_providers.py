"""What each provider would read of a transfer's plan, and its release to them by a named person."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem
from api.pages.filled_form import FilledForm, faults_of, refused, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import moment_in_words, person_in_words
from api.pages.plans.one import RunId
from api.pages.plans.told_rounds_board import how_many, told_board
from api.released_transfers import acts
from api.released_transfers.schemas import NewRelease, Released, ReleaseWithdrawn
from api.runs import acts as runs

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
ADDRESS = "/plans/{run_id}/providers"
SAYS = {"contact": "Say whom providers call, in 3 characters or more", "reason": "Say why, in 3 characters or more"}
DONE = {
    "released": "It is released: each provider reads of its own rounds, and whom to call.",
    "withdrawn": "Providers read nothing of it any more. Ring those who may have read it.",
}
Json = dict[str, Any]


@router.get(ADDRESS)
def plan_providers(
    request: Request, run_id: RunId, by: Annotated[Caller, may_see(acts.read_statements)], done: str = ""
) -> Response:
    """Provider by provider what it would read, with the form to release it."""
    return _page(request, by, run_id, FilledForm(), done=done)


@router.post(f"{ADDRESS}/release", dependencies=[Depends(sent_from_here)])
async def release(request: Request, run_id: RunId, by: Annotated[Caller, may_see(acts.release)]) -> Response:
    """It is released to providers."""
    form = await sent_form(request)
    return await run_in_threadpool(_release, request, by, run_id, form)


@router.post(f"{ADDRESS}/withdraw", dependencies=[Depends(sent_from_here)])
async def withdraw(request: Request, run_id: RunId, by: Annotated[Caller, may_see(acts.withdraw)]) -> Response:
    """Its release is withdrawn."""
    form = await sent_form(request)
    return await run_in_threadpool(_withdraw, request, by, run_id, form)


def _release(request: Request, by: Caller, run_id: str, form: FilledForm) -> Response:
    try:
        given = NewRelease.model_validate({"plan_digest": form.value("seen"), "contact": form.value("contact").strip()})
        acts.release(by, run_id, given)
    except ValidationError as error:
        return _page(request, by, run_id, form.wrong(faults_of(error, SAYS)), status=422)
    except Problem as problem:
        return _page(request, by, run_id, form.wrong(refused(problem)), status=KINDS[problem.code].status)
    return see(f"/plans/{run_id}/providers?done=released")


def _withdraw(request: Request, by: Caller, run_id: str, form: FilledForm) -> Response:
    try:
        acts.withdraw(by, run_id, ReleaseWithdrawn.model_validate({"reason": form.value("reason").strip()}))
    except ValidationError as error:
        return _page(request, by, run_id, form.wrong(faults_of(error, SAYS)), status=422)
    except Problem as problem:
        return _page(request, by, run_id, form.wrong(refused(problem)), status=KINDS[problem.code].status)
    return see(f"/plans/{run_id}/providers?done=withdrawn")


def _page(request: Request, by: Caller, run_id: str, form: FilledForm, *, done: str = "", status: int = 200) -> Response:
    told: list[Json] = orjson.loads(acts.read_statements(by, run_id).body)["items"]
    released = [Released(**each) for each in orjson.loads(acts.list_released(by).body)["items"]]
    mine = next((each for each in released if each.run_id == run_id), None)
    values = {
        "form": form,
        "run_id": run_id,
        "seen": _digest(by, run_id),
        "providers": [(each["provider"], how_many(each), told_board(each)) for each in told],
        "released": ""
        if mine is None
        else f"Released by {person_in_words(mine.released_by)}, {moment_in_words(mine.released_at)}. They call: {mine.contact}.",
        "may_release": acts.release.role_of(by.actor) is not None,
        "done": DONE.get(done, ""),
    }
    title = "What providers read of this plan"
    return page(request, "plans/providers.html.j2", title, values, status=status, wrong=bool(form.faults))


def _digest(by: Caller, run_id: str) -> str:
    """What names the plan that is shown; "" for a role that reads no runs, and releases none."""
    if runs.read.role_of(by.actor) is None:
        return ""
    return runs.read(by, run_id).run.plan_digest or ""
