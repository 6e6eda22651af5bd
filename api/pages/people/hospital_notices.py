"""What hospitals say: their cases, and taking a notice in where it came by telephone or on paper."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.cascade import acts as cascade
from api.hospital import acts
from api.hospital.schemas import CasesQuery, Notice
from api.pages.filled_form import FilledForm
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import records
from api.pages.page_words import DAYS
from api.pages.people.form_dates import day_of, moment_of
from api.pages.people.hospital_board import KINDS, SITUATIONS, case_rows
from api.pages.people.needs_form import NOTHING, SAYS, needs_of, rows_of, sent_needs, skills_known
from api.pages.people.person import new_key
from api.pages.people.refusals import NotDone, tried

router = APIRouter(prefix="/hospital-notices", include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
OF_NEEDS = ("workers", "skills", "visits", "hours_per_week", "visits_per_week")
SAYS_HERE = SAYS | {
    "notice_id": "Enter the hospital's id of this notice",
    "case_ref": "Enter the hospital's reference of the stay",
    "kind": "Say what the hospital says",
    "sent_at": "Enter when the hospital sent it, a day and a time such as 8:10",
    "discharge_on": "Enter the day on which the person is to come home",
    "needs": "Say where and what care the person will need: a place, hours and visits",
    "": "An assessment tells the needs, a discharge its day, a change one of them, and a withdrawal neither",
}


@router.get("")
def cases(
    request: Request, by: Annotated[Caller, may_see(acts.list_cases)], situation: str = "", after: str = "", done: str = ""
) -> Response:
    """The hospitals' cases, and what has come of each."""
    chosen: Any = situation if situation in SITUATIONS and situation else None
    query = CasesQuery(situation=chosen, cursor=after[:1000] or None)
    told = acts.list_cases(by, query)
    values = {
        "rows": case_rows([orjson.loads(each) for each in told.items], by.settings.clock.now()),
        "next_cursor": told.next_cursor,
        "situation": situation,
        "situations": SITUATIONS.items(),
        "leads_on": cascade.read.role_of(by.actor) is not None,
        "done": done == "taken",
    }
    return page(request, "people/hospital_cases.html.j2", "Hospital notices", values)


@router.get("/new")
def new_notice(request: Request, by: Annotated[Caller, may_see(acts.take_in)]) -> Response:
    """The form."""
    return _form(request, by, FilledForm())


@router.post("/new", dependencies=[Depends(sent_from_here)])
async def take_in(request: Request, by: Annotated[Caller, may_see(acts.take_in)]) -> Response:
    """A case has one request, whatever comes first; the same notice again changes nothing."""
    form = await sent_needs(request)
    told, faults = notice_of(form)
    if faults:
        return await run_in_threadpool(_form, request, by, form.wrong(faults), status=422)
    done = await tried(form, lambda: acts.take_in(by, Notice.model_validate(told)), SAYS_HERE)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_form, request, by, done.form, status=done.status)
    return see("/hospital-notices?done=taken")


def notice_of(form: FilledForm) -> tuple[Json, dict[str, str]]:
    """What a form says, as a notice has it; and what is wrong in it, by field. Needs are left out where no place is given."""
    home, faults = day_of(form, "discharge_on", SAYS_HERE["discharge_on"])
    sent, wrong = moment_of(form, "sent_at", SAYS_HERE["sent_at"])
    faults |= wrong
    if sent is None and not wrong:
        faults["sent_at"] = SAYS_HERE["sent_at"]
    faults |= {name: SAYS_HERE[name] for name in ("notice_id", "case_ref", "kind") if not form.value(name)}
    told: Json = {name: form.value(name) for name in ("notice_id", "case_ref", "kind")}
    told |= {"sent_at": sent and sent.isoformat(), "discharge_on": home and home.isoformat()}
    told |= {"package_id": form.value("package_id") or None, "source": form.value("source") or "acute_hospital"}
    place: Json = {"postcode": form.value("postcode")} if form.value("postcode") else {}
    for name in () if place else ("latitude", "longitude"):
        if form.value(name):
            try:
                place[name] = float(form.value(name))
            except ValueError:
                faults[name] = SAYS_HERE[name]
    if place:
        needs, unclear = needs_of(form)
        faults |= {name: said for name, said in unclear.items() if name not in ("priority", "start_by")}
        told["needs"] = place | {name: needs[name] for name in OF_NEEDS if name in needs}
    return told, faults


def _form(request: Request, by: Caller, form: FilledForm, *, status: int = 200) -> Response:
    values = {
        "form": form,
        "key": form.value("notice_id") or f"by-hand-{new_key()}",
        "kinds": KINDS.items(),
        "rows": rows_of([], form),
        "skills": skills_known(records(by, "providers"), form.chosen("skills")),
        "now": NOTHING,
        "today": by.settings.clock.today(),
        "has_postcodes": bool(by.settings.postcodes),
        "day_names": DAYS,
    }
    return page(request, "people/hospital_notice.html.j2", "Take in a notice", values, status=status, wrong=bool(form.faults))
