"""The page of a run that has ended with a result; reading it stands in the audit trail."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Request
from starlette.responses import Response

from api.acts.act import Caller
from api.pages.filled_form import FilledForm
from api.pages.frame import page
from api.pages.plans.list_board import row_of
from api.pages.plans.run_words import back_to
from api.pages.plans.views import Shown, template_of
from api.runs import acts

Json = dict[str, Any]
ROW = "row-"
"""Before a package's id: where its proposal stands on the page, if it is on this part of it."""


def plan_page(
    request: Request,
    by: Caller,
    run: Json,
    form: FilledForm | None = None,
    *,
    area: str = "",
    after: int = 0,
    offers: bool = False,
    done: str = "",
    status: int = 200,
    refused: list[tuple[str, str]] | None = None,
) -> Response:
    """The plan of a run. ``form``: what was sent and refused; ``refused``: what an act said of it, each with where it stands."""
    told = orjson.loads(acts.read_result(by, run["run_id"]).body)
    row, form = row_of(run), form or FilledForm()
    template, own = template_of(Shown(by, run, told, area, after, offers=offers or form.is_sent))
    faults = [(said, at if at in own.get("rows", ()) or not at.startswith(ROW) else "") for said, at in refused or form.summary]
    values = {
        "run": run,
        "row": row,
        "told": told,
        "form": form,
        "done": done,
        "faults": faults,
        "back": back_to(row.kind),
        **own,
    }
    return page(request, template, row.kind, values, status=status, wrong=bool(values["faults"]), section=values["back"][0])
