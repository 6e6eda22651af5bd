"""The time by which an offer is to be answered, moved by whoever is signed in, for a reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.offers import acts
from api.offers.schemas import NewAnswerBy, Offer
from api.pages.answer_windows import declared_periods, usual_windows
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names
from api.pages.page_words import address_part, capital, when_in_words
from api.pages.people.form_dates import moment_of
from api.pages.people.refusals import NotDone, tried

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
ADDRESS = "/offers/{offer_id}/answer-by"
WHEN = "Give the day and time until which it may answer, such as 27 3 2027 and 12:00"
SAYS = {"answer_by": WHEN, "reason": "Say why, in at most 2,000 characters"}
FIELDS = {"answer_by": "by", "time_is_past": "by"}
LIST = "list"
"""Where the form was opened from: the list of offers, or else the person's page."""


@dataclass(frozen=True)
class Moved:
    """Where to go on: whose offer it was."""

    package_id: str


@router.get(ADDRESS)
def offer_time(request: Request, offer_id: str, by: Annotated[Caller, may_see(acts.move_time)], opened: str = "") -> Response:
    """The form, with the time that the offer has."""
    return _page(request, by, offer_id, FilledForm(), opened)


@router.post(ADDRESS, dependencies=[Depends(sent_from_here)])
async def move_time(request: Request, offer_id: str, by: Annotated[Caller, may_see(acts.move_time)]) -> Response:
    """It is moved, later or sooner."""
    form = await sent_form(request)
    opened = form.value("opened")
    until, faults = moment_of(form, "by", WHEN)
    if until is None:
        faults.setdefault("by", WHEN)
    if not form.value("reason").strip():
        faults["reason"] = "Say why"
    if faults:
        return await run_in_threadpool(_page, request, by, offer_id, form.wrong(faults), opened, 422)

    def does() -> Moved:
        told = {"answer_by": until and until.isoformat(), "reason": form.value("reason").replace("\r\n", "\n")}
        done = acts.move_time(by, offer_id, NewAnswerBy.model_validate(told), form.value("seen"))
        return Moved(done.offer.package_id)

    done = await tried(form, does, SAYS, FIELDS)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_page, request, by, offer_id, done.form, opened, done.status)
    return see("/offers?done=moved" if opened == LIST else f"/people/{address_part(done.package_id)}?done=moved")


def _page(request: Request, by: Caller, offer_id: str, form: FilledForm, opened: str, status: int = 200) -> Response:
    told = acts.read(by, offer_id)
    offer, now = told.offer, by.settings.clock.now()
    back = "/offers" if opened == LIST else f"/people/{address_part(offer.package_id)}"
    name = provider_names(by).get(offer.provider_id, offer.provider_id)
    values = {
        "form": form,
        "seen": told.etag,
        "offer_id": offer_id,
        "opened": LIST if opened == LIST else "",
        "back": (back, "Offers" if opened == LIST else f"Package {offer.package_id}"),
        "facts": _facts(offer, name, now),
        "is_open": offer.response is None,
        "with_others": len(offer.asked_with),
        "until": offer.expires_at,
        "usual": usual_windows(by.settings),
        "periods": declared_periods(by.settings, now.date()),
    }
    return page(request, "people/offer_time.html.j2", "The time to answer", values, status=status, wrong=bool(form.faults))


def _facts(offer: Offer, provider: str, now: dt.datetime) -> list[tuple[str, str]]:
    found = [
        ("Package", offer.package_id),
        ("Asked", f"{provider}, {when_in_words(offer.offered_at, now)}"),
        ("Answer by", capital(when_in_words(offer.expires_at, now))),
    ]
    if offer.answer_by_reason:
        found.append(("Moved because", offer.answer_by_reason))
    return found
