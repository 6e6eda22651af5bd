"""When somebody at a provider is on call, declared by the provider itself."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.on_call import acts
from api.on_call.schemas import OwnHours
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.on_call_form import DAYS, hours_in, in_words, week_of
from api.pages.page_words import capital, when_in_words
from api.pages.people.refusals import NotDone, tried

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
SINCE = "Somebody has declared other hours since you opened this page. Nothing was sent: look again."


@router.get("/own/on-call")
def on_call(request: Request, by: Annotated[Caller, may_see(acts.declare_own)], done: str = "") -> Response:
    """The week as it counts with the council, with a form for it."""
    return _page(request, by, FilledForm(), done=done == "declared")


@router.post("/own/on-call", dependencies=[Depends(sent_from_here)])
async def declare_own(request: Request, by: Annotated[Caller, may_see(acts.declare_own)]) -> Response:
    """The week is declared."""
    form = await sent_form(request)
    hours, faults = hours_in(form)
    if faults:
        return await run_in_threadpool(_page, request, by, form.wrong(faults), 422)

    def does() -> None:
        acts.declare_own(by, OwnHours.model_validate({"hours": hours}), form.value("seen"))

    done = await tried(form, does, {"changed_since": SINCE})
    if isinstance(done, NotDone):
        return await run_in_threadpool(_page, request, by, done.form, done.status)
    return see("/own/on-call?done=declared")


def _page(request: Request, by: Caller, form: FilledForm, status: int = 200, *, done: bool = False) -> Response:
    answer = acts.read_own(by)
    told: Json = orjson.loads(answer.body)
    asked, refused, now = told["to_confirm"], told["not_confirmed"], by.settings.clock.now()
    since = "" if asked is None else when_in_words(dt.datetime.fromisoformat(asked["declared_at"]), now)
    values = {
        "form": form,
        "seen": answer.etag,
        "now": in_words(told["hours"]),
        "asked": None if asked is None else in_words(asked["hours"]),
        "since": ""
        if asked is None
        else capital(f"{since} {asked['declared_by']} declared these. They count once the council has confirmed them."),
        "refused": None if refused is None else (in_words(refused["hours"]), refused["reason"]),
        "days": [(day, capital(day)) for day in DAYS],
        "week": week_of((told if asked is None else asked)["hours"]),
        "done": done,
    }
    return page(request, "own/on_call.html.j2", "When you are on call", values, status=status, wrong=bool(form.faults))
