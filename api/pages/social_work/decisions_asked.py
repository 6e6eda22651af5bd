"""Whose decision is asked: the list, a person's page for social workers, and recording a decision."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.answers import acts as answers
from api.decision_requests import acts as decision_requests
from api.decision_requests.schemas import DecisionsAskedQuery
from api.decisions import acts as decisions
from api.decisions.schemas import NewDecision
from api.http.whole_lists import every
from api.packages import acts as packages
from api.pages.csv_answers import csv_answer
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import MOST, provider_names
from api.pages.page_words import address_part
from api.pages.people import persons_answer
from api.pages.people.form_dates import NO_DAY, day_of
from api.pages.people.person import new_key
from api.pages.people.person_side import needs_of
from api.pages.people.refusals import NotDone, tried
from api.pages.people.step_panel import ADVOCATES, GIVEN_BY, MOVES
from api.pages.social_work.decision_board import (
    DECISIONS,
    HEADS,
    answer_rows,
    asked_cells,
    asked_rows,
    decision_rows,
)

router = APIRouter(prefix="/decisions", include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
SAYS = {
    "move": "Say which kind of move it is about",
    "decision": "Say whether it is right for the person",
    "why": "Say why",
    "valid_to": NO_DAY,
}


@router.get("")
def asked(
    request: Request, by: Annotated[Caller, may_see(decision_requests.list_asked)], after: str = "", done: str = ""
) -> Response:
    """Whose decision is asked, the first due first."""
    told = decision_requests.list_asked(by, DecisionsAskedQuery(cursor=after[:1000] or None))
    found = [orjson.loads(each) for each in told.items]
    values = {
        "rows": asked_rows(found, provider_names(by), by.settings.clock.now()),
        "next_cursor": told.next_cursor,
        "done": done == "decided",
    }
    return page(request, "social_work/asked.html.j2", "Decisions asked for", values)


@router.get("/asked.csv")
def asked_csv(by: Annotated[Caller, may_see(decision_requests.list_asked)]) -> Response:
    """All of them for a spreadsheet."""
    found = every(lambda each: decision_requests.list_asked(by, DecisionsAskedQuery(cursor=each.cursor, limit=MOST)))
    return csv_answer("decisions-asked", HEADS, asked_cells(found, provider_names(by)))


@router.get("/people/{package_id}")
def person(
    request: Request, package_id: str, by: Annotated[Caller, may_see(decisions.read_of_package)], done: str = ""
) -> Response:
    """A person as social work needs to see them: what is asked, needs and wishes, what they have said, what was decided."""
    return _person(request, by, package_id, done=done == "answered")


@router.post("/people/{package_id}/says", dependencies=[Depends(sent_from_here)])
async def says(request: Request, package_id: str, by: Annotated[Caller, may_see(answers.record)]) -> Response:
    """The person's own yes or no to a provider, and who gave it."""
    form = await sent_form(request, prefix="says-")
    faults = {name: persons_answer.SAYS[name] for name in ("provider_id", "answer", "given_by") if not form.value(name)}
    if faults:
        return await run_in_threadpool(_person, request, by, package_id, answer=form.wrong(faults), status=422)
    done = await tried(form, lambda: answers.record(by, package_id, persons_answer.answer_in(form)), persons_answer.SAYS)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_person, request, by, package_id, answer=done.form, status=done.status)
    return see(f"/decisions/people/{address_part(package_id)}?done=answered")


@router.post("/people/{package_id}", dependencies=[Depends(sent_from_here)])
async def decide(request: Request, package_id: str, by: Annotated[Caller, may_see(decisions.record)]) -> Response:
    """A decision about one kind of move, under the name of whoever is signed in."""
    form = await sent_form(request)
    until, faults = day_of(form, "valid_to")
    faults |= {name: SAYS[name] for name in ("move", "decision", "why") if not form.value(name)}
    if faults:
        return await run_in_threadpool(_person, request, by, package_id, form.wrong(faults), status=422)
    told: Json = {name: form.value(name) for name in ("move", "decision", "why")}
    told |= {name: form.value(name) or None for name in ("decision_id", "to_provider_id")}
    told["valid_to"] = None if until is None else until.isoformat()
    done = await tried(form, lambda: decisions.record(by, package_id, NewDecision.model_validate(told)), SAYS)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_person, request, by, package_id, done.form, status=done.status)
    return see("/decisions?done=decided")


def _person(
    request: Request,
    by: Caller,
    package_id: str,
    form: FilledForm | None = None,
    *,
    answer: FilledForm | None = None,
    done: bool = False,
    status: int = 200,
) -> Response:
    form, answer = form or FilledForm(), answer or FilledForm(prefix="says-")
    names = provider_names(by)
    package: Json = orjson.loads(packages.read(by, package_id).body)
    made = orjson.loads(decisions.read_of_package(by, package_id).body)["items"]
    said = orjson.loads(answers.read_of_package(by, package_id).body)["items"]
    open_ = decision_requests.list_asked(by, DecisionsAskedQuery(package_id=package_id))
    asked = [orjson.loads(each) for each in open_.items]
    first = asked[0] if asked else {}
    values = {
        "package_id": package_id,
        "needs": needs_of(package, lambda each: names.get(each, each)),
        "asked": asked_rows(asked, names, by.settings.clock.now()),
        "decisions": decision_rows(made, names),
        "answers": answer_rows(said, names),
        "may_decide": decisions.record.role_of(by.actor) is not None and package["status"] == "active",
        "runs": package["status"] == "active",
        "form": form,
        "answer": answer,
        "may_answer": answers.record.role_of(by.actor) is not None,
        "answer_key": answer.value("answer_id") or new_key(),
        "given_by": GIVEN_BY.items(),
        "advocates": ADVOCATES.items(),
        "done": done,
        "key": form.value("decision_id") or new_key(),
        "moves": MOVES.items(),
        "choices": DECISIONS.items(),
        "move": first.get("move", ""),
        "to": first.get("to_provider_id") or "",
        "providers": [("", "Whoever it is"), *sorted(names.items(), key=lambda each: each[1])],
    }
    title = f"Package {package_id}"
    return page(request, "social_work/person.html.j2", title, values, status=status, wrong=bool(form.faults or answer.faults))
