"""A transfer is planned again once somebody has said no, or a move is agreed: what differs is told."""

from __future__ import annotations

import secrets
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem
from api.pages.filled_form import FilledForm, sent_form
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.plans.one import RunId
from api.pages.plans.plan_asking import REFUSED, faults_told
from api.pages.plans.plan_page import plan_page
from api.pages.plans.transfer_board import replan_settings
from api.runs import acts
from api.runs.schemas import RunRequest

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
NOTHING = "Tick who has said no, or which rounds are agreed"


@router.post("/plans/{run_id}/replan", dependencies=[Depends(sent_from_here)])
async def replan(request: Request, run_id: RunId, by: Annotated[Caller, may_see(acts.start)]) -> Response:
    """A new run that stays close to this plan: whose rounds somebody has refused stay, what is agreed is kept."""
    form = await sent_form(request, several=("refused", "agreed"), most_fields=1_000)
    return await run_in_threadpool(_replanned, request, by, run_id, form)


def _replanned(request: Request, by: Caller, run_id: str, form: FilledForm) -> Response:
    run = acts.read(by, run_id).run.model_dump(mode="json")
    refused, agreed = form.chosen("refused"), form.chosen("agreed")
    if not refused and not agreed:
        return plan_page(request, by, run, form.wrong({"refused": NOTHING}), status=422)
    result = orjson.loads(acts.read_result(by, run_id).body)["result"]
    try:
        wanted = RunRequest.model_validate(
            {"kind": "transfer", "settings": replan_settings(run["settings"], result, refused, agreed)}
        )
        made = acts.start(by, form.value("once")[:200] or secrets.token_hex(16), wanted)
    except ValidationError:
        return plan_page(request, by, run, form.wrong({"refused": "The form cannot be read. Open the plan again"}), status=422)
    except Problem as problem:
        if problem.code not in REFUSED:
            raise
        said = "; ".join(faults_told(problem))
        return plan_page(request, by, run, form.wrong({"refused": said}), status=KINDS[problem.code].status)
    return see(f"/plans/{made.run.run_id}")
