"""Some of somebody's visits for another provider: care is divided, or a provider has said yes to a part of it."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.call_offs import acts as call_offs
from api.call_offs.schemas import CallOffPart
from api.http.errors import ALREADY_THERE, Problem, told_as_problems
from api.offers import acts as offers
from api.offers.schemas import Said
from api.packages import acts as packages
from api.pages.filled_form import FilledForm
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names
from api.pages.page_words import DAYS, address_part
from api.pages.people.asked_offers import WAYS
from api.pages.people.needs_form import KEYS, sent_needs
from api.pages.people.person import new_key
from api.pages.people.refusals import in_sentences, is_told_here, status_of
from api.pages.people.step_panel import NO_REASONS
from api.part_answers import acts as part_answers
from api.part_answers.schemas import PartAnswer

router = APIRouter(prefix="/people/{package_id}", include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
WhoTakesParts = Annotated[Caller, may_see(part_answers.take_part)]
NOTHING_TICKED = "Tick the visits, by their days, or give hours and visits a week"


@router.get("/divide")
def divide_form(request: Request, package_id: str, by: Annotated[Caller, may_see(call_offs.add)]) -> Response:
    """Which visits become a part of their own."""
    return _form(request, by, package_id, FilledForm())


@router.post("/divide", dependencies=[Depends(sent_from_here)])
async def divide(request: Request, package_id: str, by: Annotated[Caller, may_see(call_offs.add)]) -> Response:
    """The visits that are ticked become a part; the rest goes on waiting. Not a minute is lost or doubled."""
    form = await sent_needs(request)
    told: Json = {"kind": "part", "call_off_id": form.value("key") or None, "package_id": package_id, "visits": _ticked(form)}
    if not told["visits"]:
        told |= {name: _figure(form.value(name)) for name in ("hours_per_week", "visits_per_week") if form.value(name)}
    try:
        with told_as_problems():
            await run_in_threadpool(call_offs.add, by, CallOffPart.model_validate(told))
    except ValidationError:
        return await run_in_threadpool(_form, request, by, package_id, form.wrong({"": NOTHING_TICKED}), status=422)
    except Problem as problem:
        if problem.code != ALREADY_THERE:  # else the button was pressed twice
            return await _again(request, by, package_id, form, problem)
    return see(f"/people/{address_part(package_id)}?done=divided")


@router.get("/offers/{offer_id}/part")
def part_form(request: Request, package_id: str, offer_id: str, by: WhoTakesParts) -> Response:
    """Which visits a provider takes, and why not the others."""
    return _form(request, by, package_id, FilledForm(), offer_id=offer_id)


@router.post("/offers/{offer_id}/part", dependencies=[Depends(sent_from_here)])
async def part(request: Request, package_id: str, offer_id: str, by: WhoTakesParts) -> Response:
    """They become a part that it has accepted; to the rest its answer is a no. Before its turn the yes is kept."""
    form = await sent_needs(request)
    faults = {} if _ticked(form) else {"": "Tick the visits that the provider takes, by their days"}
    if form.value("reason") not in NO_REASONS:
        faults["reason"] = "Say why it does not take the rest"
    if faults:
        return await run_in_threadpool(_form, request, by, package_id, form.wrong(faults), offer_id=offer_id, status=422)
    told: Json = {"visits": _ticked(form), "reason": form.value("reason")}
    told |= {"late": True} if form.value("late") else {}
    told |= {"answered_by": form.value("answered_by") or None, "how": form.value("how") or None}
    try:
        with told_as_problems():
            given = PartAnswer.model_validate(told)
            taken = await run_in_threadpool(part_answers.take_part, by, offer_id, given, form.value("seen"))
    except ValidationError:
        wrong = form.wrong({"": "Look at the visits and at who answered again"})
        return await run_in_threadpool(_form, request, by, package_id, wrong, offer_id=offer_id, status=422)
    except Problem as problem:
        return await _again(request, by, package_id, form, problem, offer_id)
    done = "heard" if taken.offer.offer_id == offer_id else "divided"
    return see(f"/people/{address_part(package_id)}?done={done}")


async def _again(
    request: Request, by: Caller, package_id: str, form: FilledForm, problem: Problem, offer_id: str = ""
) -> Response:
    if not is_told_here(problem):
        raise problem
    wrong = form.wrong({"": " ".join(in_sentences(problem))})
    return await run_in_threadpool(_form, request, by, package_id, wrong, offer_id=offer_id, status=status_of(problem))


def _form(request: Request, by: Caller, package_id: str, form: FilledForm, *, offer_id: str = "", status: int = 200) -> Response:
    package: Json = orjson.loads(packages.read(by, package_id).body)
    if status == 409:  # the visits may be others than those that were ticked
        form = form.anew()
    found = offers.read(by, offer_id) if offer_id else None
    said = found.offer.said if found is not None else None
    values = {
        "package_id": package_id,
        "offer_id": offer_id,
        "form": form,
        "visits": [
            (key, each, [(day, DAYS[day], day in form.chosen(f"{key}-days", _days_said(said, each))) for day in each["days"]])
            for key, each in zip(KEYS, package["visits"], strict=False)
        ],
        "key": form.value("key") or new_key(),
        "seen": "",
        "reasons": [(name, said.removeprefix("No: ").capitalize()) for name, said in NO_REASONS.items()],
        "ways": WAYS.items(),
        "provider": "",
        "reason": (said and said.reason) or "",
        "late": "yes" if found is not None and found.offer.response == "expired" else form.value("late"),
    }
    title = "Divide the care"
    if found is not None:
        provider = provider_names(by).get(found.offer.provider_id, "The provider")
        values |= {"provider": provider, "seen": form.value("seen", found.etag)}
        title = "A yes to some visits"
    return page(request, "people/divide.html.j2", title, values, status=status, wrong=bool(form.faults))


def _days_said(said: Said | None, visit: Json) -> list[str]:
    """The days of a visit that a provider has said it would do, where it has said yes to a part."""
    if said is None or visit["visit_id"] not in said.visits:
        return []
    all_of_them: list[str] = visit["days"]
    return said.days.get(visit["visit_id"], all_of_them)


def _ticked(form: FilledForm) -> list[Json]:
    found = ((form.value(f"{key}-id"), form.chosen(f"{key}-days")) for key in KEYS)
    return [{"visit_id": visit_id, "days": days} for visit_id, days in found if visit_id and days]


def _figure(text: str) -> float | str:
    """A whole number or one with a fraction; what is none stays as it is, for the schema to refuse."""
    try:
        return int(text) if text.isdigit() else float(text)
    except ValueError:
        return text
