"""A provider's own questions to the council, with the answers."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.contacts import acts
from api.contacts.schemas import AskedFurther, NewOwnQuestion
from api.http.strict import Query
from api.own import acts as own
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import address_part
from api.pages.people.person import new_key
from api.pages.people.refusals import NotDone, tried
from api.pages.questions.question_board import KINDS, STANDINGS, due_in_words, own_rows, own_steps

router = APIRouter(prefix="/own/questions", include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
SAYS = {
    "kind": "Say what it is about",
    "asked": "Write what you ask, in at most 2,000 characters",
    "package_id": "Give one of your own packages, or leave it empty",
}


@router.get("")
def questions(request: Request, by: Annotated[Caller, may_see(acts.list_own)], after: str = "") -> Response:
    """Those that are owed an answer first."""
    told = acts.list_own(by, Query(cursor=after[:1000] or None))
    rows = own_rows([orjson.loads(each) for each in told.items], by.settings.clock.now())
    return page(request, "own/questions.html.j2", "Your questions", {"rows": rows, "next_cursor": told.next_cursor})


@router.get("/new")
def new(request: Request, by: Annotated[Caller, may_see(acts.ask_own)], offer: str = "") -> Response:
    """The form. ``offer``: the own offer that it is about."""
    if offer:
        own.read_offer(by, offer[:100])
    return _new(request, FilledForm(), offer[:100])


@router.post("/new", dependencies=[Depends(sent_from_here)])
async def ask(request: Request, by: Annotated[Caller, may_see(acts.ask_own)]) -> Response:
    """It is asked."""
    form = await sent_form(request)
    told = {name: form.value(name).strip() or None for name in ("contact_id", "offer_id", "package_id", "kind")}
    asked = form.value("asked").replace("\r\n", "\n").strip()
    does = lambda: acts.ask_own(by, NewOwnQuestion.model_validate(told | {"asked": asked}))  # noqa: E731
    done = await tried(form, does, SAYS)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_new, request, done.form, form.value("offer_id"), status=done.status)
    return see(f"/own/questions/{address_part(orjson.loads(done.body)['contact_id'])}?done=asked")


@router.get("/{contact_id}")
def question(request: Request, contact_id: str, by: Annotated[Caller, may_see(acts.read_own)], done: str = "") -> Response:
    """One, with the answers."""
    return _one(request, by, contact_id, FilledForm(), done=done == "asked")


@router.post("/{contact_id}/further", dependencies=[Depends(sent_from_here)])
async def further(request: Request, contact_id: str, by: Annotated[Caller, may_see(acts.ask_own_further)]) -> Response:
    """The answer does not settle it."""
    form = await sent_form(request)
    asked = form.value("asked").replace("\r\n", "\n").strip()
    done = await tried(form, lambda: acts.ask_own_further(by, contact_id, AskedFurther.model_validate({"asked": asked})), SAYS)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_one, request, by, contact_id, done.form, status=done.status)
    return see(f"/own/questions/{address_part(contact_id)}?done=asked")


def _new(request: Request, form: FilledForm, offer_id: str, status: int = 200) -> Response:
    values = {
        "form": form,
        "key": form.value("contact_id") or new_key(),
        "offer_id": offer_id,
        "kinds": KINDS.items(),
    }
    return page(request, "own/question_new.html.j2", "Ask the council", values, status=status, wrong=bool(form.faults))


def _one(request: Request, by: Caller, contact_id: str, form: FilledForm, *, done: bool = False, status: int = 200) -> Response:
    asked: Json = orjson.loads(acts.read_own(by, contact_id).body)
    now = by.settings.clock.now()
    values = {
        "asked": asked,
        "about": own_rows([asked], now)[0][1],
        "standing": STANDINGS[asked["standing"]],
        "due": due_in_words(asked, now) if asked["answer_by"] else "",
        "steps": own_steps(asked, now),
        "form": form,
        "done": done,
    }
    return page(request, "own/question.html.j2", "Your question", values, status=status, wrong=bool(form.faults))
