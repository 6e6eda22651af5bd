"""The price of a purchase outside the frameworks is approved: whoever approves learns nothing else of the person."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import Problem, told_as_problems
from api.meanwhile import acts
from api.meanwhile.schemas import Approved
from api.pages.filled_form import FilledForm, faults_of, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.people.refusals import in_sentences, is_told_here, status_of

router = APIRouter(prefix="/approve-price", include_in_schema=False, dependencies=[Depends(asked_for_now)])
SAYS = {
    "package": "Enter the id of the package",
    "weekly_cost_gbp": "Enter pounds a week, such as 412.50",
    "reason": "Say why",
}


@router.get("")
async def price_form(request: Request, by: Annotated[Caller, may_see(acts.approve_price)], done: str = "") -> Response:
    """The form. Who of these roles may do so, a setting names: others are told when they send it."""
    return _form(request, by, FilledForm(), done=done == "approved")


@router.post("", dependencies=[Depends(sent_from_here)])
async def approve(request: Request, by: Annotated[Caller, may_see(acts.approve_price)]) -> Response:
    """The price is approved under the name of whoever is signed in."""
    form = await sent_form(request)
    faults = {name: said for name, said in SAYS.items() if not form.value(name)}
    price: Any = form.value("weekly_cost_gbp").replace(",", "").removeprefix("£")
    try:
        price = float(price)
    except ValueError:
        faults["weekly_cost_gbp"] = SAYS["weekly_cost_gbp"]
    if faults:
        return _form(request, by, form.wrong(faults), status=422)
    try:
        given = Approved.model_validate({"weekly_cost_gbp": price, "reason": form.value("reason")})
        with told_as_problems():
            await run_in_threadpool(acts.approve_price, by, form.value("package"), given)
    except ValidationError as error:
        return _form(request, by, form.wrong(faults_of(error, SAYS)), status=422)
    except Problem as problem:
        if problem.code == "not_found":
            return _form(request, by, form.wrong({"package": "There is no package of this id"}), status=422)
        if not is_told_here(problem):
            raise
        return _form(request, by, form.wrong({"package": " ".join(in_sentences(problem))}), status=status_of(problem))
    return see("/approve-price?done=approved")


def _form(request: Request, by: Caller, form: FilledForm, *, done: bool = False, status: int = 200) -> Response:
    values = {"form": form, "done": done, "approvers": " or ".join(by.settings.purchase_approved_by).replace("_", " ")}
    title = "Approve a price"
    return page(request, "people/price_approved.html.j2", title, values, status=status, wrong=bool(form.faults))
