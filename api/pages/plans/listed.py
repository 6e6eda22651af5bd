"""Every run, the newest first, and what may be asked for: of all kinds, of nights, of transfers, and of what if."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.plans.forms_of_kinds import FORMS
from api.pages.plans.list_board import Row, row_of
from api.pages.plans.run_words import KINDS, LISTED, NIGHT, SECTIONS
from api.runs import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
A_PAGE = 25
LOOKED_THROUGH = 100
"""So many of the newest runs are looked through for nights: a command keeps them as runs of another kind."""
NEWEST = {"night": NIGHT, "transfers": KINDS["transfer"]}
"""Of which kind the newest plan stands above the list of a page."""
MaySee = Annotated[Caller, may_see(acts.list_runs)]


@router.get("/plans")
def plans(request: Request, by: MaySee, after: str = "") -> Response:
    """Runs of every kind, whoever asked for them."""
    return _page(request, by, "plans", after)


@router.get("/transfers")
def transfers(request: Request, by: MaySee, after: str = "") -> Response:
    """Plans of which care moves to principals, and when."""
    return _page(request, by, "transfers", after)


@router.get("/what-if")
def what_if(request: Request, by: MaySee, after: str = "") -> Response:
    """What was tried on the county as it is: evidence alone."""
    return _page(request, by, "what-if", after)


@router.get("/night")
def night(request: Request, by: MaySee) -> Response:
    """Reports of nights, whoever made them, and lists for tonight."""
    found = acts.list_runs(by, None, LOOKED_THROUGH, (*LISTED["night"], "reoptimise"))
    names = {NIGHT, KINDS["tonight"]}
    rows = [row for row in (row_of(run.model_dump(mode="json")) for run in found.items) if row.kind in names]
    return _shown(request, by, "night", rows[:A_PAGE], None, is_later=False)


def _page(request: Request, by: Caller, section: str, after: str) -> Response:
    found = acts.list_runs(by, after[:500] or None, A_PAGE, LISTED.get(section, ()))
    rows = [row_of(run.model_dump(mode="json")) for run in found.items]
    return _shown(request, by, section, rows, found.next_cursor, is_later=bool(after))


def _shown(request: Request, by: Caller, section: str, rows: Sequence[Row], later: str | None, *, is_later: bool) -> Response:
    values = {
        "section": section,
        "rows": rows,
        "newest": next((row for row in rows if row.kind == NEWEST.get(section) and row.status == "Ready"), None),
        "forms": [each for each in FORMS.values() if each.section == section],
        "may_ask": acts.start.role_of(by.actor) is not None,
        "next": later,
        "is_later": is_later,
    }
    return page(request, "plans/list.html.j2", SECTIONS[section], values)
