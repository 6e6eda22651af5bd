"""When a provider is on call: written down by the council, and what the provider declared itself confirmed or not."""

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
from api.on_call.schemas import Confirmed, NewOnCall
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.on_call_form import DAYS, hours_in, in_words, week_of
from api.pages.page_words import address_part, capital, when_in_words
from api.pages.people.refusals import NotDone, tried
from api.records.acts import DEEDS

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
PROVIDERS: Any = DEEDS["providers"]
ADDRESS = "/providers/{provider_id}/on-call"
SINCE = "Somebody has written down other hours since you opened this page. Nothing was written: look again."
SAYS = {
    "declared_by": "Say who at the provider said so, in 3 characters or more",
    "reason": "Say why not: the provider reads it",
    "changed_since": SINCE,
}
Json = dict[str, Any]


@router.get(ADDRESS)
def on_call(request: Request, provider_id: str, by: Annotated[Caller, may_see(acts.declare_hours)]) -> Response:
    """The week as it counts, with a form for it; and what the provider has declared since."""
    return _page(request, by, provider_id, FilledForm(), FilledForm(prefix="not-"))


@router.post(ADDRESS, dependencies=[Depends(sent_from_here)])
async def declare_hours(request: Request, provider_id: str, by: Annotated[Caller, may_see(acts.declare_hours)]) -> Response:
    """The week is written down, in place of what the provider had declared."""
    form = await sent_form(request)
    hours, faults = hours_in(form)
    if faults:
        return await run_in_threadpool(_page, request, by, provider_id, form.wrong(faults), FilledForm(prefix="not-"), 422)

    def does() -> str:
        given = NewOnCall.model_validate({"hours": hours, "declared_by": form.value("declared_by")})
        acts.declare_hours(by, provider_id, given, form.value("seen"))
        return "on-call"

    done = await tried(form, does, SAYS)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_page, request, by, provider_id, done.form, FilledForm(prefix="not-"), done.status)
    return see(f"/providers/{address_part(provider_id)}?done={done}")


@router.post(ADDRESS + "/confirm", dependencies=[Depends(sent_from_here)])
async def confirm(request: Request, provider_id: str, by: Annotated[Caller, may_see(acts.confirm)]) -> Response:
    """What the provider has declared itself counts from now on, or does not, for a reason."""
    form = await sent_form(request, prefix="not-")
    counts = form.value("confirmed") == "yes"

    def does() -> str:
        told = {"declared_at": form.value("declared_at"), "confirmed": counts, "reason": form.value("reason") or None}
        acts.confirm(by, provider_id, Confirmed.model_validate(told))
        return "on-call" if counts else "not-confirmed"

    done = await tried(form, does, SAYS | {"": SAYS["reason"]}, {"": "reason"})
    if isinstance(done, NotDone):
        return await run_in_threadpool(_page, request, by, provider_id, FilledForm(), done.form, done.status)
    return see(f"/providers/{address_part(provider_id)}?done={done}")


def declared_in_words(told: Json, now: dt.datetime) -> str:
    """Who has declared something else since, and when; "" where nothing waits."""
    asked = told["to_confirm"]
    if asked is None:
        return ""
    return capital(
        f"{when_in_words(dt.datetime.fromisoformat(asked['declared_at']), now)} {asked['declared_by']} declared other hours."
    )


def _page(request: Request, by: Caller, provider_id: str, form: FilledForm, refusing: FilledForm, status: int = 200) -> Response:
    answer = acts.read(by, provider_id)
    told: Json = orjson.loads(answer.body)
    name = str(orjson.loads(PROVIDERS.read(by, provider_id).body)["name"])
    asked, now = told["to_confirm"], by.settings.clock.now()
    values = {
        "form": form,
        "refusing": refusing,
        "wrong": [*form.summary, *refusing.summary],
        "provider_id": provider_id,
        "provider": name,
        "seen": answer.etag,
        "now": in_words(told["hours"]),
        "days": [(day, capital(day)) for day in DAYS],
        "week": week_of(told["hours"]),
        "declared": declared_in_words(told, now),
        "asked": None if asked is None else in_words(asked["hours"]),
        "declared_at": "" if asked is None else asked["declared_at"],
    }
    wrong = bool(values["wrong"])
    return page(request, "on_call.html.j2", f"When {name} is on call", values, status=status, wrong=wrong)
