"""The areas: how near each principal is to its share, who has room, and who waits where; as a map and as a table."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.whole_lists import every
from api.overview import acts
from api.pages import page_words
from api.pages.area_outlines import outlines_of
from api.pages.areas.areas_board import SORTS, Sort, board_of, csv_heads, csv_row
from api.pages.csv_answers import csv_answer
from api.pages.drawn_maps import county_map
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.names import provider_names
from api.worklist import acts as worklist

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]


@router.get("/areas")
def areas(request: Request, by: Annotated[Caller, may_see(acts.list_areas)], sort: Sort = "region") -> Response:
    """Totals, the map and the table. Who reads counts alone sees those of the day's close, and none that is too small."""
    views = every(lambda query: acts.list_areas(by, query))
    board = board_of(views, acts.share_range(by), provider_names(by), sort)
    outlines = outlines_of(by)
    values = {
        "board": board,
        "map": county_map(outlines, board.kinds()),
        "sorts": SORTS,
        "sort": sort,
        "as_of": as_of(by, views),
        "who_waits": worklist.read.role_of(by.actor) is not None,
    }
    return page(request, "areas.html.j2", "Areas", values)


@router.get("/areas.csv")
def areas_csv(by: Annotated[Caller, may_see(acts.list_areas)]) -> Response:
    """The same table for a spreadsheet."""
    views = every(lambda query: acts.list_areas(by, query))
    board = board_of(views, acts.share_range(by), provider_names(by), "region")
    by_id = {view["area_id"]: view for view in views}
    rows = (csv_row(row, by_id[row.area_id], has_room=board.has_room) for _, rows in board.groups for row in rows)
    return csv_answer("areas", csv_heads(has_room=board.has_room), rows)


def as_of(by: Caller, views: list[Json]) -> str:
    """Of when the figures are, in words."""
    close = next((each["day_close"] for each in views if each["day_close"] is not None), None)
    if close is None:
        return f"As of {page_words.moment_in_words(by.settings.clock.now())}"
    day = page_words.day_in_words(close["day"])
    return f"As {day} began: nothing tells of single people, so these figures stay the same all day"
