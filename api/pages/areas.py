"""The areas: how near each principal is to its share, who has room, and who waits where."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.overview import acts
from api.pages import page_words
from api.pages.areas_board import SORTS, Sort, board_of
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.whole_lists import every
from api.records.acts import DEEDS

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]


@router.get("/areas")
def areas(request: Request, by: Annotated[Caller, may_see(acts.list_areas)], sort: Sort = "region") -> Response:
    """Totals and the table. Who reads counts alone sees those of the day's close, and none that is too small."""
    views = every(lambda query: acts.list_areas(by, query))
    board = board_of(views, acts.share_range(by), _provider_names(by), sort)
    values = {"board": board, "sorts": SORTS, "sort": sort, "as_of": _as_of(by, views)}
    return page(request, "areas.html.j2", "Areas", values)


def _provider_names(by: Caller) -> dict[str, str]:
    """By their ids, where the role may read them; nobody is called by an id."""
    listed = DEEDS["providers"].list
    if listed is None or listed.role_of(by.actor) is None:
        return {}
    return {each["provider_id"]: each["name"] for each in every(lambda query: listed(by, query))}


def _as_of(by: Caller, views: list[Json]) -> str:
    close = next((each["day_close"] for each in views if each["day_close"] is not None), None)
    if close is None:
        return f"As of {page_words.moment_in_words(by.settings.clock.now())}"
    day = page_words.day_in_words(close["day"])
    return f"As {day} began: nothing tells of single people, so these figures stay the same all day"
