"""Writing down the free hours that a provider tells: all of them, in place of what it told before."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.capacity_returns import acts
from api.capacity_returns.schemas import NewReturn
from api.http.errors import KINDS, Problem
from api.pages.filled_form import FilledForm, faults_of, sent_form
from api.pages.frame import page
from api.pages.free_hours_form import HOURS, MOST_FIELDS, free_in, rows_of
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import area_names
from api.pages.page_words import address_part
from api.pages.people.asked_offers import WAYS
from api.pages.providers.free_hours_board import PARTS
from api.records.acts import DEEDS

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
PROVIDERS: Any = DEEDS["providers"]
TOLD_SINCE = "Somebody has written down what this provider told since you opened this page. Nothing was written: look again."
SAYS = {"said_by": "Say who said so, in 3 characters or more", "free": HOURS}
ADDRESS = "/providers/{provider_id}/free-hours"
Json = dict[str, Any]


@router.get(ADDRESS)
def free_hours(request: Request, provider_id: str, by: Annotated[Caller, may_see(acts.tell)]) -> Response:
    """The form, with what the provider told last."""
    return _page(request, by, provider_id, FilledForm())


@router.post(ADDRESS, dependencies=[Depends(sent_from_here)])
async def tell(request: Request, provider_id: str, by: Annotated[Caller, may_see(acts.tell)]) -> Response:
    """It is written down as of today."""
    form = await sent_form(request, most_fields=MOST_FIELDS)
    return await run_in_threadpool(_tell, request, by, provider_id, form)


def _tell(request: Request, by: Caller, provider_id: str, form: FilledForm) -> Response:
    given, faults = _given(form, provider_id)
    if given is None:
        return _page(request, by, provider_id, form.wrong(faults), status=422)
    try:
        acts.tell(by, given, form.value("seen"))
    except Problem as problem:
        if problem.code == "changed_since":
            return _page(request, by, provider_id, form.wrong({"": TOLD_SINCE}), status=409)
        if problem.code != "refused":
            raise
        wrong = form.wrong({"": " ".join(problem.more["faults"])})
        return _page(request, by, provider_id, wrong, status=KINDS[problem.code].status)
    return see(f"/providers/{address_part(provider_id)}?done=told")


def _given(form: FilledForm, provider_id: str) -> tuple[NewReturn | None, dict[str, str]]:
    """What a form says, or what is wrong with it by field."""
    free, faults = free_in(form)
    if faults:
        return None, faults
    said = {"said_by": form.value("said_by").strip() or None, "how": form.value("how") or None}
    try:
        return NewReturn.model_validate({"provider_id": provider_id, "free": free, **said}), {}
    except ValidationError as error:
        return None, faults_of(error, SAYS, {"free": "hours-1"})


def _page(request: Request, by: Caller, provider_id: str, form: FilledForm, *, status: int = 200) -> Response:
    told: Json = orjson.loads(PROVIDERS.read(by, provider_id).body)
    answer = acts.read(by, provider_id)
    found: Json | None = orjson.loads(answer.body)["last"]
    values = {
        "form": form,
        "provider_id": provider_id,
        "provider": told["name"],
        "seen": answer.etag,
        "rows": rows_of(form, [] if found is None else found["free"]),
        "areas": [("", "Any area, or not said"), *sorted(area_names(by).items(), key=lambda each: each[1])],
        "parts": [("", "Any part of the day"), *PARTS.items()],
        "ways": list(WAYS.items()),
    }
    return page(request, "free_hours.html.j2", f"Free hours of {told['name']}", values, status=status, wrong=bool(form.faults))
