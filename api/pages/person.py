"""One person who waits: what is next, whom it may be asked of and in which order, who cannot be asked and why; and asking."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.cascade import acts
from api.http.errors import KINDS, Problem
from api.http.sent_forms import form_of
from api.offers import acts as offers
from api.offers.schemas import Ask
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import address_part, dates_in_words
from api.pages.person_board import board_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
CHANGED = (
    "already_asked",
    "offers_waiting",
    "already_placed",
    "not_in_this_state",
    "reason_needed",
    "may_not_be_asked",
    "no_room",
)
"""Why a step cannot be asked that could when the page was opened: somebody has done something meanwhile."""
MEANWHILE = "Something has changed since you opened this page. Nothing was asked; below is how it stands now."


@router.get("/people/{package_id}")
async def person(request: Request, package_id: str, by: Annotated[Caller, may_see(acts.read)], done: str = "") -> Response:
    """The cascade of one package. Reading it is an entry of the audit trail, as a program's is."""
    return await _page(request, by, package_id, asked=done == "asked")


@router.post("/people/{package_id}/ask", dependencies=[Depends(sent_from_here)])
async def ask(request: Request, package_id: str, by: Annotated[Caller, may_see(offers.ask)]) -> Response:
    """Those whom the page named as the next step are asked, and nobody else: where they are the next step no more, it says so."""
    wanted = _named_in((await form_of(request)).get("seen", ""))
    try:
        await run_in_threadpool(offers.ask, by, package_id, wanted)
    except Problem as problem:
        if problem.code not in CHANGED:
            raise
        wrong = [(MEANWHILE, "step"), (dates_in_words(f"{KINDS[problem.code].title}."), "")]
        return await _page(request, by, package_id, wrong=wrong, status=409)
    return see(f"/people/{address_part(package_id)}?done=asked")


def _named_in(seen: str) -> Ask:
    """The contracts that a form names. Raises the problem ``malformed``."""
    try:
        named = Ask(contract_ids=orjson.loads(seen))
    except ValueError:  # of JSON and of what it holds alike
        named = Ask()
    if not named.contract_ids:  # whoever names nobody would ask a step that they have not seen
        raise Problem("malformed", "The form does not say who is asked. Open the page again.")
    return named


async def _page(
    request: Request,
    by: Caller,
    package_id: str,
    *,
    asked: bool = False,
    wrong: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Response:
    told: dict[str, Any] = orjson.loads((await acts.read(by, package_id, fit=False)).body)
    used = offers.ask.role_of(by.actor)
    values = {
        "board": board_of(told),
        "package_id": package_id,
        "may_ask": used is not None and not offers.ask.roles[used],
        "seen": orjson.dumps(told["next_step"]["contract_ids"]).decode() if told["next_step"]["contract_ids"] else "",
        "asked": asked,
        "wrong": wrong or [],
    }
    title = f"Package {package_id}"
    return await run_in_threadpool(page, request, "person.html.j2", title, values, status=status, wrong=bool(wrong))
