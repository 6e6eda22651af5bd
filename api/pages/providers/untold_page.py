"""Providers whose free hours nobody knows: to be rung, or asked by message already."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.capacity_returns import acts
from api.http.whole_lists import every
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.page_words import day_in_words

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]


@router.get("/free-hours")
def untold(request: Request, by: Annotated[Caller, may_see(acts.list_untold)]) -> Response:
    """Each with what it told last, and when it was asked."""
    rows = [_row(each) for each in every(lambda query: acts.list_untold(by, query))]
    return page(request, "untold.html.j2", "Whose free hours nobody knows", {"rows": rows})


def _row(each: Json) -> tuple[str, str, str, str]:
    told = f"on {day_in_words(each['told_on'])}" if each["told_on"] else "never"
    asked = day_in_words(each["asked_on"]) if each["asked_on"] else "not by message"
    return each["provider_id"], each["provider"], told, asked
