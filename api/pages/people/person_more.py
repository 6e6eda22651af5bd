"""What leads on from a person's page: their history, who is working on it, and what a message to a provider may hold."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.claims import acts as claims
from api.claims.schemas import Claim
from api.histories import acts as histories
from api.histories.schemas import HistoryQuery
from api.offers import acts as offers
from api.pages.filled_form import sent_form
from api.pages.frame import page
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names, records
from api.pages.page_words import capital, counted, day_in_words, hours_in_words, in_plain
from api.pages.people.history_board import lines_of
from api.pages.people.person import does_or_says

router = APIRouter(prefix="/people/{package_id}", include_in_schema=False, dependencies=[Depends(asked_for_now)])


@router.get("/history")
def history(
    request: Request, package_id: str, by: Annotated[Caller, may_see(histories.read_of_package)], after: str = ""
) -> Response:
    """What has been done, the newest first."""
    told = histories.read_of_package(by, package_id, HistoryQuery(cursor=after[:1000] or None))
    names = provider_names(by)
    holders = {each["contract_id"]: names.get(each["provider_id"], "") for each in records(by, "contracts")}
    deeds = [orjson.loads(each) for each in told.items]
    values = {
        "package_id": package_id,
        "lines": lines_of(deeds, {**names, **holders}, by.settings.clock.now()),
        "next_cursor": told.next_cursor,
    }
    return page(request, "people/history.html.j2", "History", values)


@router.post("/working", dependencies=[Depends(sent_from_here)])
async def working(request: Request, package_id: str, by: Annotated[Caller, may_see(claims.take)]) -> Response:
    """I am working on this person."""
    form = await sent_form(request)

    def does() -> str:
        claims.take(by, package_id, Claim(instead=form.value("instead") == "yes"))
        return "working"

    return await does_or_says(request, by, package_id, "working", form, does, {})


@router.post("/not-working", dependencies=[Depends(sent_from_here)])
async def not_working(request: Request, package_id: str, by: Annotated[Caller, may_see(claims.release)]) -> Response:
    """I am no longer working on this person."""
    form = await sent_form(request)

    def does() -> str:
        claims.release(by, package_id)
        return "not-working"

    return await does_or_says(request, by, package_id, "working", form, does, {})


def _visit(visit: dict[str, Any]) -> str:
    """morning, 45 minutes, 5 a week"""
    return f"{in_plain(visit['part_of_day'])}, {counted(visit['minutes'], 'minute')}, {visit['times_a_week']} a week"


@router.get("/offers/{offer_id}/message")
def message(request: Request, package_id: str, offer_id: str, by: Annotated[Caller, may_see(offers.read_broadcast)]) -> Response:
    """All that a message to the provider may hold, to be copied: no place before acceptance."""
    told: dict[str, Any] = offers.read_broadcast(by, offer_id).model_dump(mode="json")
    wishes = [f"{told['worker_gender']} care workers"] if told["worker_gender"] else []
    wishes += [f"care workers who speak {', '.join(told['worker_languages'])}"] if told["worker_languages"] else []
    facts = [
        ("Our reference", offer_id),
        ("District", told["district"]),
        ("Care", f"{hours_in_words(told['hours_per_week'])} a week, {counted(told['visits_per_week'], 'visit')} a week"),
        ("Parts of the day", capital(", ".join(in_plain(each) for each in told["parts_of_day"])) or "Not said"),
        ("Visits", "; ".join(_visit(each) for each in told["visits"]) or "Not recorded"),
        ("Priority", capital(in_plain(told["priority"]))),
        ("To begin by", day_in_words(told["start_by"]) if told["start_by"] else "No day given"),
        ("Needs", capital(", ".join(in_plain(each) for each in told["needs"])) or "No special skills"),
        ("Wishes: can you grant them?", capital("; ".join(wishes)) or "None"),
    ]
    if told["place"]:
        facts.append(("Place", f"{told['place']['latitude']:.5f}, {told['place']['longitude']:.5f}"))
    values = {"package_id": package_id, "facts": facts, "accepted": told["place"] is not None}
    return page(request, "people/message.html.j2", "Message to the provider", values)
