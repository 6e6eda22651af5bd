"""Writing down the free hours that a provider tells: all of them, in place of what it told before."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.capacity_returns import acts
from api.capacity_returns.schemas import NewReturn, ReturnsQuery
from api.capacity_returns.told_returns import MOST_LINES
from api.http.errors import KINDS, Problem
from api.pages.filled_form import FilledForm, faults_of, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import area_names
from api.pages.page_words import address_part
from api.pages.people.form_dates import day_of
from api.pages.people.step_panel import WAYS
from api.pages.providers.free_hours_board import PARTS
from api.records.acts import DEEDS

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
PROVIDERS: Any = DEEDS["providers"]
LEAST_ROWS, EMPTY_ROWS, MOST_ROWS = 3, 2, MOST_LINES
HOURS = "Give the hours a week in quarters, such as 12 or 5.25"
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
    form = await sent_form(request, most_fields=10 + 6 * MOST_ROWS)
    return await run_in_threadpool(_tell, request, by, provider_id, form)


def _tell(request: Request, by: Caller, provider_id: str, form: FilledForm) -> Response:
    given, faults = _given(form, provider_id)
    if given is None:
        return _page(request, by, provider_id, form.wrong(faults), status=422)
    if form.value("seen") != _seen(_last(by, provider_id)):
        return _page(request, by, provider_id, form.wrong({"": TOLD_SINCE}), status=409)
    try:
        acts.tell(by, given)
    except Problem as problem:
        if problem.code != "refused":
            raise
        wrong = form.wrong({"": " ".join(problem.more["faults"])})
        return _page(request, by, provider_id, wrong, status=KINDS[problem.code].status)
    return see(f"/providers/{address_part(provider_id)}?done=told")


def _given(form: FilledForm, provider_id: str) -> tuple[NewReturn | None, dict[str, str]]:
    """What a form says, or what is wrong with it by field. A row without hours says nothing."""
    free: list[Json] = []
    faults: dict[str, str] = {}
    for row in range(1, MOST_ROWS + 1):
        day, wrong = day_of(form, f"from-{row}")
        faults |= wrong
        text = form.value(f"hours-{row}").strip()
        if not text:
            continue
        try:
            hours = float(text)
        except ValueError:
            hours = -1.0
        if not (0 <= hours <= 100_000 and (hours * 4).is_integer()):
            faults[f"hours-{row}"] = HOURS
            continue
        line = {"area_id": form.value(f"area-{row}") or None, "part_of_day": form.value(f"part-{row}") or None}
        free.append({**line, "hours_per_week": hours, "free_from": None if day is None else day.isoformat()})
    if faults:
        return None, faults
    said = {"said_by": form.value("said_by").strip() or None, "how": form.value("how") or None}
    try:
        return NewReturn.model_validate({"provider_id": provider_id, "free": free, **said}), {}
    except ValidationError as error:
        return None, faults_of(error, SAYS, {"free": "hours-1"})


def _last(by: Caller, provider_id: str) -> Json | None:
    found = acts.list_returns(by, ReturnsQuery(provider_id=provider_id)).items
    return orjson.loads(found[0]) if found else None


def _seen(told: Json | None) -> str:
    """What a page shows of what was told so far."""
    return "" if told is None else f"{told['recorded_at']} {told['recorded_by']}"


def _page(request: Request, by: Caller, provider_id: str, form: FilledForm, *, status: int = 200) -> Response:
    told: Json = orjson.loads(PROVIDERS.read(by, provider_id).body)
    found = _last(by, provider_id)
    last: list[Json] = [] if found is None else found["free"]
    sent = sum(f"hours-{row}" in form.entered for row in range(1, MOST_ROWS + 1))
    count = sent or min(MOST_ROWS, max(LEAST_ROWS, len(last) + EMPTY_ROWS))
    for line in last:
        line["free_from"] = None if line["free_from"] is None else dt.date.fromisoformat(line["free_from"])
    empty: Json = {"area_id": None, "part_of_day": None, "hours_per_week": None, "free_from": None}
    values = {
        "form": form,
        "provider_id": provider_id,
        "provider": told["name"],
        "seen": _seen(found),
        "rows": list(enumerate([*last, *[empty] * count][:count], 1)),
        "areas": [("", "Any area, or not said"), *sorted(area_names(by).items(), key=lambda each: each[1])],
        "parts": [("", "Any part of the day"), *PARTS.items()],
        "ways": list(WAYS.items()),
    }
    return page(request, "free_hours.html.j2", f"Free hours of {told['name']}", values, status=status, wrong=bool(form.faults))
