"""Offers are made of a plan's proposals, or they are recorded as agreed already; and why one is proposed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem
from api.letters import acts as letters
from api.letters.schemas import PDF, TEXT
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import HEADERS, page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names
from api.pages.page_words import counted, dates_in_words
from api.pages.plans.explanation_board import explanation_of
from api.pages.plans.one import RunId
from api.pages.plans.plan_page import plan_page
from api.runs import acts
from api.runs.apply_schemas import ApplyAnswer, ApplyRequest

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
NOBODY = "Tick whom to make offers of"
NO_EVIDENCE = "Say who agreed, when and how"
TOO_LONG = "Say it in one line of at most 500 characters"
DECISION = "decision-"
"""Before a package's id: the field that says where the social work decision is recorded."""
FIELDS = 1_000


@router.post("/plans/{run_id}/apply", dependencies=[Depends(sent_from_here)])
async def apply(request: Request, run_id: RunId, by: Annotated[Caller, may_see(acts.apply)]) -> Response:
    """Every proposal is judged again; what is not possible any more is told one by one, and the rest is done."""
    form = await sent_form(request, several=("package", "step"), most_fields=FIELDS)
    wanted, faults = request_of(form)
    if wanted is None:
        return await run_in_threadpool(_again, request, by, run_id, form.wrong(faults), 422)
    try:
        answer = await run_in_threadpool(acts.apply, by, run_id, wanted)
    except Problem as problem:
        if problem.code not in ("another_plan", "no_result"):
            raise
        return await run_in_threadpool(_again, request, by, run_id, form.wrong({"": problem.detail}), KINDS[problem.code].status)
    if answer.refused:
        return await run_in_threadpool(_again, request, by, run_id, form, 409, answer)
    done = "accepted" if wanted.done_as == "accepted" else "offers"
    return see(f"/plans/{run_id}?done={done}&made={sum(not each.before for each in answer.applied)}")


def request_of(form: FilledForm) -> tuple[ApplyRequest | None, dict[str, str]]:
    """What the form asks for; or None, with what is wrong by field."""
    asked: dict[str, Any] = {"plan_digest": form.value("plan_digest"), "as": form.value("as") or "offers"}
    packages, steps, up_to = form.chosen("package"), form.chosen("step"), form.value("up_to")
    if form.value("which") == "first":
        if not (up_to.isascii() and up_to.isdigit() and 0 < int(up_to) <= 10_000):
            return None, {"up_to": "Enter the number of the last step"}
        asked["steps"] = list(range(1, int(up_to) + 1))
    elif form.value("which") == "all":
        asked["package_ids"] = "all"
    elif steps:
        asked["steps"] = [int(each) for each in steps if each.isascii() and each.isdigit()]
    elif packages:
        asked["package_ids"] = packages
    else:
        return None, {"choose": NOBODY}
    if evidence := form.value("evidence"):
        asked["evidence"] = evidence
    given = {name.removeprefix(DECISION): form.value(name) for name in form.entered if name.startswith(DECISION)}
    asked["social_work_decisions"] = {package_id: told for package_id, told in given.items() if told}
    try:
        return ApplyRequest.model_validate(asked), {}
    except ValidationError as error:
        if asked["as"] == "accepted" and not form.value("evidence"):
            return None, {"evidence": NO_EVIDENCE}
        if any("evidence" in map(str, each["loc"]) for each in error.errors()):
            return None, {"evidence": TOO_LONG}
        return None, {"choose": "The form cannot be read. Open the plan again"}


def _again(
    request: Request, by: Caller, run_id: str, form: FilledForm, status: int, answer: ApplyAnswer | None = None
) -> Response:
    """The plan as it stands now, with what was refused and why; entries are kept."""
    run = acts.read(by, run_id).run.model_dump(mode="json")
    told, done = form.summary, ""
    if answer is not None:
        told = [(f"{each.package_id}: {dates_in_words(each.reason)}", f"row-{each.package_id}") for each in answer.refused]
        made = sum(not each.before for each in answer.applied)
        if made:
            done = f"{counted(made, 'proposal')} of {len(answer.applied) + len(told)} done; why others are refused stands above."
    return plan_page(request, by, run, form, done=done, status=status, refused=told)


@router.get("/plans/{run_id}/people/{package_id}")
def why(
    request: Request, run_id: RunId, package_id: str, by: Annotated[Caller, may_see(acts.read_explanation)], large: str = ""
) -> Response:
    """Why a run proposes what it does for somebody, with their letter; reading it is an entry of the audit trail."""
    told = orjson.loads(acts.read_explanation(by, run_id, package_id).body)
    values = {
        "board": explanation_of(told, provider_names(by)),
        "run_id": run_id,
        "package_id": package_id,
        "large": large == "1",
    }
    return page(request, "plans/why.html.j2", f"Why, for package {package_id}", values)


@router.get("/plans/{run_id}/people/{package_id}/letter.{ending}")
def letter_file(
    run_id: RunId,
    package_id: str,
    ending: Literal["pdf", "txt"],
    by: Annotated[Caller, may_see(letters.read_of_run)],
) -> Response:
    """Their letter in the format recorded for them, as a tagged PDF or as plain text."""
    made = letters.read_of_run(by, run_id, package_id, PDF if ending == "pdf" else TEXT)
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="letter.{ending}"'}
    return Response(made.content, 200, headers, made.media_type)
