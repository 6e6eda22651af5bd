"""The settings, read-only: those of the service are its environment's, those of the county come with its folder."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.pages.administration.admin_tabs import tabs_for
from api.pages.csv_answers import csv_answer
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.page_words import NONE, dates_in_words, in_plain
from api.upkeep import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]


@router.get("/administration/settings")
def settings(request: Request, by: Annotated[Caller, may_see(acts.read_settings)]) -> Response:
    """Both tables."""
    told: Json = orjson.loads(acts.read_settings(by).body)
    values = {
        "of_service": [(each["name"], dates_in_words(each["value"]) or NONE) for each in told["service"]],
        "of_county": [(in_plain(each["name"]).capitalize(), dates_in_words(each["value"]) or NONE) for each in told["county"]],
        "tabs": tabs_for(by),
    }
    return page(request, "settings.html.j2", "Settings", values)


@router.get("/administration/settings.csv")
def settings_csv(by: Annotated[Caller, may_see(acts.read_settings)]) -> Response:
    """Both for a spreadsheet."""
    told: Json = orjson.loads(acts.read_settings(by).body)
    rows = [[table, each["name"], each["value"]] for table in ("service", "county") for each in told[table]]
    return csv_answer("settings", ("of", "name", "value"), rows)
