"""One area: its contracts and why its principal is short, its people by who has them, maps, and how its share has gone."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.contract_lives import acts as contract_lives
from api.http.whole_lists import every
from api.overview import acts
from api.pages.area_outlines import outlines_of
from api.pages.areas import area_board, history
from api.pages.areas.all_areas import as_of
from api.pages.areas.area_board import board_of, contracts_of
from api.pages.csv_answers import csv_answer
from api.pages.drawn_maps import local_map
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.names import MOST, provider_names, records
from api.records.acts import DEEDS
from api.trends import acts as trends
from api.trends.schemas import TrendsQuery
from api.worklist import acts as worklist
from optimiser.domain.dates import days_after

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]


@router.get("/areas/{area_id}")
def area(request: Request, area_id: str, by: Annotated[Caller, may_see(acts.read_area)], done: str = "") -> Response:
    """An area with what this role sees of it."""
    told: Json = orjson.loads(acts.read_area(by, area_id).body)
    names = provider_names(by)
    dated = {each["contract_id"]: each for each in records(by, "contracts", area_id=area_id)}
    offices = records(by, "offices")
    numbers = _numbers(told)
    surgeries = records(by, "surgeries")
    outlines = outlines_of(by)
    places = [
        (numbers[each["provider_id"]], names[each["provider_id"]], (each["longitude"], each["latitude"]))
        for each in offices
        if each["provider_id"] in numbers
    ]
    centres = [each for each in surgeries if each["band_centre"]]
    share_range = acts.share_range(by)
    since = days_after(by.settings.clock.today(), -7 * history.WEEKS)
    days = _days(by, TrendsQuery(by="area", group=area_id, since=since, limit=MOST))
    values = {
        "board": board_of(told, share_range, names, dated, numbers),
        "area_id": area_id,
        "map": local_map(outlines, area_id, places, []),
        "has_offices": bool(places),
        "bands": local_map(outlines, area_id, [], centres) if centres else None,
        "limits": acts.band_limits(by),
        "centres": sorted(each["name"] for each in centres if each["area_id"] == area_id),
        "history": history.history_of(days, share_range),
        "as_of": as_of(by, [told]),
        "done": done == "changed",
        "moves_go_live": not told["live"] and contract_lives.move_go_live.role_of(by.actor) is not None,
        "who_waits": worklist.read.role_of(by.actor) is not None,
        "who_reads_providers": (read := DEEDS["providers"].read) is not None and read.role_of(by.actor) is not None,
    }
    return page(request, "area.html.j2", told["name"], values)


@router.get("/areas/{area_id}/contracts.csv")
def area_contracts_csv(area_id: str, by: Annotated[Caller, may_see(acts.read_area)]) -> Response:
    """Its contracts for a spreadsheet; none where the role sees none."""
    told: Json = orjson.loads(acts.read_area(by, area_id).body)
    return csv_answer("contracts-of-area", area_board.HEADS, area_board.csv_rows(told, provider_names(by)))


@router.get("/areas/{area_id}/history.csv")
def area_history_csv(area_id: str, by: Annotated[Caller, may_see(trends.read_trends)]) -> Response:
    """All days that are kept, for a spreadsheet."""
    days = _days(by, TrendsQuery(by="area", group=area_id, limit=MOST))
    return csv_answer("history-of-area", history.HEADS, history.csv_rows(days))


def _days(by: Caller, query: TrendsQuery) -> list[Json]:
    return every(lambda each: trends.read_trends(by, query.model_copy(update={"cursor": each.cursor})))


def _numbers(told: Json) -> dict[str, str]:
    """A number for each provider of the contracts, in the order of the table."""
    providers = dict.fromkeys(each.provider_id for each in contracts_of(told))
    return {provider_id: str(number) for number, provider_id in enumerate(providers, start=1)}
