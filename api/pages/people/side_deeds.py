"""What is done beside the step: how somebody is safe meanwhile is recorded and checked, and an alert is looked at."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.care import acts as care
from api.meanwhile import acts as meanwhile
from api.meanwhile.schemas import Checked, Plan
from api.pages.filled_form import FilledForm, sent_form
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.people.form_dates import day_of
from api.pages.people.person import does_or_says, prefix_of, wrong_fields

router = APIRouter(
    prefix="/people/{package_id}", include_in_schema=False, dependencies=[Depends(asked_for_now), Depends(sent_from_here)]
)
Json = dict[str, Any]
NEEDED = {"where": "Say where the person is", "holds": "Say what holds until care begins", "checked_by": "Say who checks"}
FOUND = {"found": "Say what was found"}


@router.post("/meanwhile")
async def record(request: Request, package_id: str, by: Annotated[Caller, may_see(meanwhile.record)]) -> Response:
    """Where the person is, what holds and up to when, and who checks."""
    form = await sent_form(request, prefix=prefix_of("record"))
    until, faults = day_of(form, "until")
    looks, wrong = day_of(form, "next")
    faults |= wrong | _missing(form, NEEDED)
    if faults:
        return await wrong_fields(request, by, package_id, "record", form, faults)

    def does() -> str:
        told: Json = {name: form.value(name) for name in ("where", "holds", "checked_by")}
        told |= {"carer": form.value("carer") or None, "holds_until": until and until.isoformat()}
        told["next_check"] = looks and looks.isoformat()
        meanwhile.record(by, package_id, Plan.model_validate(told), form.value("seen"))
        return "recorded"

    says = NEEDED | {"carer": "Choose one"}
    fields = {"holds_until": "until", "next_check": "next"}
    return await does_or_says(request, by, package_id, "record", form, does, says, fields)


@router.post("/check")
async def check(request: Request, package_id: str, by: Annotated[Caller, may_see(meanwhile.check)]) -> Response:
    """Somebody has looked after the person."""
    form = await sent_form(request, prefix=prefix_of("check"))
    faults = _missing(form, FOUND)
    if faults:
        return await wrong_fields(request, by, package_id, "check", form, faults)

    def does() -> str:
        told = {"found": form.value("found"), "carer": form.value("carer") or None}
        meanwhile.check(by, package_id, Checked.model_validate(told), form.value("seen"))
        return "checked"

    return await does_or_says(request, by, package_id, "check", form, does, FOUND | {"carer": "Choose one"})


@router.post("/alerts/{alert_id}")
async def look(request: Request, package_id: str, alert_id: str, by: Annotated[Caller, may_see(care.acknowledge)]) -> Response:
    """Somebody has looked at an alert; the first who says so is recorded."""
    form = await sent_form(request)

    def does() -> str:
        care.acknowledge(by, alert_id)
        return "looked"

    return await does_or_says(request, by, package_id, f"alert-{alert_id}", form, does, {})


def _missing(form: FilledForm, needed: dict[str, str]) -> dict[str, str]:
    """What is to be filled in and is not."""
    return {name: said for name, said in needed.items() if not form.value(name)}
