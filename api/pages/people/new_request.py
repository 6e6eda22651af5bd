"""A new request: filled in with a postcode, what the rules say of it told, and then written under an id that is made here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import ALREADY_THERE, Problem
from api.http.responses import Shown
from api.packages import acts as packages
from api.packages.schemas import NewPackage
from api.pages.filled_form import FilledForm
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import area_names, records
from api.pages.page_words import DAYS, address_part, counted, dates_in_words
from api.pages.people import needs_form
from api.pages.people.needs_form import NOTHING, SAYS, hidden_of, needs_of, rows_of, sent_needs, skills_known
from api.pages.people.refusals import NotDone, tried
from api.previews import acts as previews
from optimiser.domain.words import listed

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
READABLE = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""What an id is made of: nothing that is mistaken for another by eye or ear, and no vowels, so that it makes no words."""
ID_LONG = 7
FIELDS = {"": "postcode", "no_such_place": "postcode", "no_postcodes": "postcode", "no_area": "area_id"}


def new_id() -> str:
    """An id for a new request; a form that is sent twice makes one."""
    return "P-" + "".join(secrets.choice(READABLE) for _ in range(ID_LONG))


@router.get("/new-request")
def new_request(request: Request, by: Annotated[Caller, may_see(packages.add)]) -> Response:
    """The form."""
    return _form(request, by, FilledForm())


@router.post("/new-request", dependencies=[Depends(sent_from_here)])
async def add(request: Request, by: Annotated[Caller, may_see(packages.add)]) -> Response:
    """First what the rules say of it is told; sent from there, it is written."""
    form = await sent_needs(request)
    package_id = form.value("package_id") or new_id()
    told, faults = needs_of(form)
    told |= {"package_id": package_id, "source": form.value("source") or None}
    told |= {"area_id": form.value("area_id")} if form.value("area_id") else {}
    told, wrong = _placed(told, form)
    if faults or wrong:
        return await run_in_threadpool(_form, request, by, form.wrong(wrong | faults), status=422)
    writes = form.value("write") == "yes"

    def does() -> Shown | None:
        try:
            return (packages.add if writes else previews.try_request)(by, NewPackage.model_validate(told))
        except Problem as problem:
            if problem.code == ALREADY_THERE and writes:
                return None  # the button was pressed twice
            raise

    done = await tried(form, does, SAYS, FIELDS)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_form, request, by, done.form, status=done.status)
    if writes or done is None:
        return see(f"/people/{address_part(package_id)}?done=added")
    hidden = [*hidden_of(form, "write", "package_id"), ("package_id", package_id), ("write", "yes")]
    values = {"package_id": package_id, "hidden": hidden, **preview_in_words(orjson.loads(done.body))}
    return await run_in_threadpool(page, request, "people/new_request_asked.html.j2", "What the rules say", values)


def _placed(told: Json, form: FilledForm) -> tuple[Json, dict[str, str]]:
    """Where the person lives: by postcode, or in degrees."""
    if form.value("postcode"):
        return told | {"postcode": form.value("postcode")}, {}
    wrong = {}
    for name in ("latitude", "longitude"):
        try:
            told = told | {name: float(form.value(name))}
        except ValueError:
            wrong[name] = SAYS[name]
    return told, {"postcode": SAYS[""]} if len(wrong) == 2 and not (form.value("latitude") or form.value("longitude")) else wrong


def _form(request: Request, by: Caller, form: FilledForm, *, status: int = 200) -> Response:
    providers = records(by, "providers")
    values = {
        "form": form,
        "package_id": form.value("package_id") or new_id(),
        "now": NOTHING,
        "rows": rows_of([], form),
        "skills": skills_known(providers, form.chosen("skills")),
        "providers": sorted((each["provider_id"], each["name"]) for each in providers),
        "also_preferred": [],
        "areas": [("", "The one that the place lies in"), *area_names(by).items()],
        "has_postcodes": bool(by.settings.postcodes),
        "words": needs_form,
        "day_names": DAYS,
    }
    return page(request, "people/new_request.html.j2", "New request", values, status=status, wrong=bool(form.faults))


def preview_in_words(told: Mapping[str, Any]) -> Json:
    """What the rules say of a request, as its page shows it."""
    live = "" if told["live"] else " It is not live by then."
    facts = [
        ("Area", told["area_name"]),
        ("Price band", str(told["band"])),
        ("Care", f"{told['hours_per_week']:g} hours a week"),
        ("Can be asked", counted(told["can_be_asked"], "provider")),
        ("Cannot be asked", counted(told["cannot_be_asked"], "provider")),
    ]
    if told["asked_next"]:
        step = f"The next step would ask {told['next_step']['name']} {listed(told['asked_next'])}.{live}"
    else:
        step = f"Nobody could be asked.{live}"
    why = [f"{counted(each['providers'], 'provider')}: {dates_in_words(each['sentence'])}" for each in told["why_not"]]
    return {"facts": facts, "step": step, "why_not": why, "notes": told["notes"]}
