"""Every run, the newest first, and what may be asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.plans.asking_form import FORMS
from api.pages.plans.list_board import row_of
from api.runs import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
A_PAGE = 25


@router.get("/plans")
def plans(request: Request, by: Annotated[Caller, may_see(acts.list_runs)], after: str = "") -> Response:
    """Runs of every kind, whoever asked for them."""
    found = acts.list_runs(by, after[:500] or None, A_PAGE)
    values = {
        "rows": [row_of(run.model_dump(mode="json")) for run in found.items],
        "forms": list(FORMS.values()),
        "may_ask": acts.start.role_of(by.actor) is not None,
        "next": found.next_cursor,
        "is_later": bool(after),
    }
    return page(request, "plans/list.html.j2", "Plans", values)
