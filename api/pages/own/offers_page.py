"""A provider's own offers, and answering one."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem
from api.incentives import acts as incentives
from api.own import acts
from api.own.schemas import NewOwnAnswer, OwnOffersQuery
from api.pages.answer_windows import declared_periods, usual_windows
from api.pages.fast_start_words import amounts_in_words, periods_in_words
from api.pages.filled_form import FilledForm, faults_of, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.own.offer_board import NO_REASONS, STANDINGS, facts_of, offer_rows, said_in_words, visit_lines
from api.pages.page_words import address_part
from api.pages.people.form_dates import day_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
ANSWERS = (
    ("yes", "Yes, by the day asked for", "Your hours are kept until the council has placed the care."),
    ("later", "Yes, from a later day", "Give the day below."),
    ("part", "Yes to some of the visits", "Choose them below. The council divides the care first."),
)
ANSWERED_SINCE = (
    "Somebody has answered this offer, or it was changed or closed, since you opened this page. Nothing was sent: look again."
)
SAYS = {
    "from_day": "Give the day from which you could begin",
    "visits": "Choose the visits that you would do",
    "message": "Say it in at most 2,000 characters",
}
WITH_A_NO = "The council reads this with a yes alone. Nothing was sent: take it out, and tell the council some other way"
DONE = {"yes": "Your yes is recorded. The council places the care, and tells you.", "no": "Your no is recorded."}


@router.get("/own/offers")
def own_offers(request: Request, by: Annotated[Caller, may_see(acts.list_offers)], after: str = "") -> Response:
    """Those that wait first, by the time to answer."""
    told = acts.list_offers(by, OwnOffersQuery(cursor=after[:1000] or None))
    now, earns = by.settings.clock.now(), orjson.loads(incentives.read_own(by).body)
    values = {
        "designated": periods_in_words(earns),
        "amounts": amounts_in_words(earns, now.date()),
        "rows": offer_rows([orjson.loads(each) for each in told.items], now),
        "next_cursor": told.next_cursor,
        "usual": usual_windows(by.settings),
        "periods": declared_periods(by.settings, now.date()),
    }
    return page(request, "own/offers.html.j2", "Your offers", values)


@router.get("/own/offers/{offer_id}")
def own_offer(request: Request, offer_id: str, by: Annotated[Caller, may_see(acts.read_offer)], done: str = "") -> Response:
    """One, with the form for an answer while it may be answered."""
    return _page(request, by, offer_id, FilledForm(), done=done)


@router.post("/own/offers/{offer_id}/answer", dependencies=[Depends(sent_from_here)])
async def answer(request: Request, offer_id: str, by: Annotated[Caller, may_see(acts.answer)]) -> Response:
    """Yes, no, later, or part."""
    form = await sent_form(request, several=("visits",))
    return await run_in_threadpool(_answer, request, by, offer_id, form)


def _answer(request: Request, by: Caller, offer_id: str, form: FilledForm) -> Response:
    try:
        given, faults = _given(form)
        if given is None:
            return _page(request, by, offer_id, form.wrong(faults), status=422)
        acts.answer(by, offer_id, given, form.value("seen"))
    except Problem as problem:
        if problem.code == "changed_since":
            return _page(request, by, offer_id, form.wrong({"": ANSWERED_SINCE}), status=409)
        if problem.code == "not_found":
            raise
        field = {"not_later": "from", "no_such_visit": "visits"}.get(problem.code, "")
        wrong = form.wrong({field: problem.detail})
        return _page(request, by, offer_id, wrong, status=KINDS[problem.code].status)
    return see(f"/own/offers/{address_part(offer_id)}?done={'no' if given.answer == 'no' else 'yes'}")


def _given(form: FilledForm) -> tuple[NewOwnAnswer | None, dict[str, str]]:
    """What a form says, or what is wrong with it by field."""
    said = form.value("answer")
    if said not in (*(each[0] for each in ANSWERS), *NO_REASONS):
        return None, {"answer": "Choose your answer"}
    told: Json = {"answer": "no" if said in NO_REASONS else said}
    message = form.value("message").strip() and form.value("message").replace("\r\n", "\n")
    if said in NO_REASONS:
        if message:
            return None, {"message": WITH_A_NO}
        told["reason"] = said
    elif message:
        told["message"] = message
    if said == "later":
        day, faults = day_of(form, "from")
        if day is None:
            return None, faults or {"from": SAYS["from_day"]}
        told["from_day"] = day.isoformat()
    if said == "part":
        chosen = [each for each in form.chosen("visits") if each.isascii() and each.isdigit() and len(each) < 4]
        if not chosen:
            return None, {"visits": SAYS["visits"]}
        told["visits"] = [int(each) for each in chosen]
    try:
        return NewOwnAnswer.model_validate(told), {}
    except ValidationError as error:
        return None, faults_of(error, SAYS, {"from_day": "from"})


def _page(request: Request, by: Caller, offer_id: str, form: FilledForm, *, done: str = "", status: int = 200) -> Response:
    now = by.settings.clock.now()
    found = acts.read_offer(by, offer_id)
    offer: Json = orjson.loads(found.body)
    standing, kind = STANDINGS[offer["standing"]]
    visits = visit_lines(offer)
    values = {
        "form": form,
        "seen": found.etag,
        "offer_id": offer_id,
        "standing": standing,
        "kind": kind,
        "facts": facts_of(offer, now),
        "visits": visits,
        "said": said_in_words(offer, now),
        "may_answer": offer["standing"] in ("open", "said_yes"),
        "is_one_of": len(offer["asked_with"]),
        "answers": [*(each for each in ANSWERS if each[0] != "part" or visits), *NO_REASONS.items()],
        "visit_options": [(str(number), f"{number}: {said}") for number, said in visits],
        "done": DONE.get(done, ""),
    }
    return page(request, "own/offer.html.j2", "An offer to you", values, status=status, wrong=bool(form.faults))
