"""Somebody's needs are changed: filled in, what would come of it told, and then written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.responses import Shown
from api.packages import acts as packages
from api.packages.schemas import NewNeeds
from api.pages.filled_form import FilledForm
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names, records
from api.pages.page_words import DAYS, address_part, day_in_words, in_plain
from api.pages.people import needs_form
from api.pages.people.needs_form import SAYS, entered, hidden_of, needs_of, rows_of, sent_needs, skills_known
from api.pages.people.refusals import NotDone, tried
from api.pages.people.step_panel import MOVES
from api.previews import acts as previews

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]


@router.get("/people/{package_id}/needs")
def needs(request: Request, package_id: str, by: Annotated[Caller, may_see(packages.change)]) -> Response:
    """The form, as the needs are."""
    return _form(request, by, package_id, FilledForm())


@router.post("/people/{package_id}/needs", dependencies=[Depends(sent_from_here)])
async def change(request: Request, package_id: str, by: Annotated[Caller, may_see(packages.change)]) -> Response:
    """First what would come of it is told; sent from there, it is written."""
    form = await sent_needs(request)
    told, faults = needs_of(form)
    if faults:
        return await run_in_threadpool(_form, request, by, package_id, form.wrong(faults), status=422)
    writes = form.value("write") == "yes"
    seen = form.value("seen")

    def sent() -> Shown:
        if writes:
            return packages.change(by, package_id, NewNeeds.model_validate(told), seen)
        return previews.try_change(by, package_id, NewNeeds.model_validate(told), seen)

    done = await tried(form, sent, SAYS)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_form, request, by, package_id, done.form, status=done.status)
    if writes:
        return see(f"/people/{address_part(package_id)}?done=changed")
    values = {
        "package_id": package_id,
        "hidden": [*hidden_of(form, "write"), ("write", "yes")],
        "says": await run_in_threadpool(lambda: consequences(orjson.loads(done.body), provider_names(by))),
    }
    return await run_in_threadpool(page, request, "people/needs_asked.html.j2", "What would change", values)


def _form(request: Request, by: Caller, package_id: str, form: FilledForm, *, status: int = 200) -> Response:
    shown = packages.read(by, package_id)
    package: Json = orjson.loads(shown.body)
    providers = records(by, "providers")
    names = {each["provider_id"]: each["name"] for each in providers}
    if status == 409:  # every need would be written as it was entered, over what somebody else has changed
        form = form.anew()
    values = {
        "package_id": package_id,
        "seen": form.value("seen", shown.etag),
        "form": form,
        "now": entered(package),
        "rows": rows_of(package["visits"], form),
        "has_visits": bool(package["visits"]),
        "skills": skills_known(providers, package["skills"]),
        "chosen_skills": package["skills"],
        "formats": package["formats"],
        "providers": sorted((each["provider_id"], each["name"]) for each in providers),
        "also_preferred": [(each, names.get(each, each)) for each in package["preferred_provider_ids"][1:]],
        "start_by": dt.date.fromisoformat(package["start_by"]) if package["start_by"] else None,
        "words": needs_form,
        "day_names": DAYS,
    }
    return page(request, "people/needs.html.j2", "Change needs", values, status=status, wrong=bool(form.faults))


def consequences(told: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """What would come of other needs, in sentences."""
    says = [f"It would be {told['hours_per_week']:g} hours a week, in price band {told['band']}."]
    for each in told["declines"]:
        at = f" of {day_in_words(each['responded_at'][:10])}" if each["responded_at"] else ""
        name = names.get(each["provider_id"], each["provider_id"])
        says.append(f"The no of {name}{at} would stand no more: it was to the needs as they were, and it may be asked again.")
    for each in told["decisions"]:
        fit, until = in_plain(each["decision"]), day_in_words(each["valid_to"])
        says.append(
            f"A decision of social work would count no more: {fit}, {MOVES[each['move']].lower()}, until {until}."
            " It was made on the needs as they were: ask for another where somebody is to move."
        )
    if told["offers_waiting"]:
        some = "A provider has" if len(told["offers_waiting"]) == 1 else f"{len(told['offers_waiting'])} providers have"
        says.append(f"{some} been asked for the needs as they are: tell them, or withdraw the offers. No offer ends by itself.")
    if len(says) == 1:
        says.append("No decline and no decision lapses with it.")
    return says + list(told["notes"])
