"""The lists beside that of who waits: alerts, offers by when they are to be answered, and a search by id."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.care import acts as care
from api.http.sent_forms import form_of
from api.http.whole_lists import parts
from api.offers import acts as offers
from api.offers.schemas import OffersQuery
from api.packages import acts as packages
from api.packages.schemas import PackagesQuery
from api.pages.answer_windows import declared_periods, usual_windows
from api.pages.csv_answers import csv_answer
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import MOST, provider_names
from api.pages.page_words import address_part
from api.pages.waiting_lists_board import OFFER_HEADS, alert_rows, found_rows, offer_cells, offer_rows

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
MOST_FOUND = 20


@router.get("/alerts")
def alerts(
    request: Request, by: Annotated[Caller, may_see(care.list_alerts)], after: str = "", seen: str = "", done: str = ""
) -> Response:
    """First visits that are not confirmed stand first, then whoever may not be safe, then the oldest."""
    told = care.list_alerts(by, after[:1000] or None, None, acknowledged=seen == "yes")
    values = {
        "rows": alert_rows([each.model_dump(mode="json") for each in told.items], by.settings.clock.now()),
        "next_cursor": told.next_cursor,
        "seen": seen == "yes",
        "done": done == "looked",
        "may_look": care.acknowledge.role_of(by.actor) is not None,
    }
    return page(request, "alerts.html.j2", "Alerts", values)


@router.post("/alerts/{alert_id}", dependencies=[Depends(sent_from_here)])
async def look(request: Request, alert_id: str, by: Annotated[Caller, may_see(care.acknowledge)]) -> Response:
    """Somebody has looked at an alert; the first who says so is recorded."""
    await form_of(request)
    await run_in_threadpool(care.acknowledge, by, alert_id)
    return see("/alerts?done=looked")


@router.get("/offers")
def waiting_offers(request: Request, by: Annotated[Caller, may_see(offers.list_offers)], done: str = "") -> Response:
    """Offers that wait for an answer, those that are due first first."""
    now = by.settings.clock.now()
    used = offers.move_time.role_of(by.actor)
    values = {
        "rows": offer_rows(_pending(by), provider_names(by), now),
        "may_move_time": used is not None and not offers.move_time.roles[used],
        "done": done == "moved",
        "usual": usual_windows(by.settings),
        "periods": declared_periods(by.settings, now.date()),
    }
    return page(request, "offers.html.j2", "Offers by when an answer is due", values)


@router.get("/offers.csv")
def waiting_offers_csv(by: Annotated[Caller, may_see(offers.list_offers)]) -> Response:
    """The same for a spreadsheet."""
    return csv_answer("offers", OFFER_HEADS, offer_cells(_pending(by), provider_names(by)))


def _pending(by: Caller) -> list[Json]:
    told = parts(lambda cursor: offers.list_offers(by, OffersQuery(response="pending", cursor=cursor, limit=MOST)))
    return [each.model_dump(mode="json") for part in told for each in part.items]


@router.get("/find")
def find_form(request: Request, by: Annotated[Caller, may_see(packages.list_packages)]) -> Response:
    """The form alone."""
    return _found(request, by, "")


@router.post("/find", dependencies=[Depends(sent_from_here)])
async def find(request: Request, by: Annotated[Caller, may_see(packages.list_packages)]) -> Response:
    """Packages by the beginning of their id, which is sent and not put into an address: who mistypes it may have typed a name."""
    wanted = (await form_of(request)).get("package", "")[:100]
    return await run_in_threadpool(_found, request, by, wanted)


def _found(request: Request, by: Caller, wanted: str) -> Response:
    """The one alone that there is opens at once."""
    found: list[Json] = []
    if wanted:
        try:
            told = packages.list_packages(by, PackagesQuery(id_starts_with=wanted, limit=MOST_FOUND))
        except ValueError:  # what no id can hold
            told = None
        found = [] if told is None else [orjson.loads(each) for each in told.items]
    exact = [each for each in found if each["package_id"].casefold() == wanted.casefold()]
    for each in exact[:1] or (found if len(found) == 1 else []):
        return see(f"/people/{address_part(each['package_id'])}")
    values = {"wanted": wanted, "rows": found_rows(found), "is_full": len(found) == MOST_FOUND}
    return page(request, "find.html.j2", "Find a package", values)
