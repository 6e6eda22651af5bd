"""Questions by what is due next, one of them with its steps, and writing one down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.accounts import acts as accounts
from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.contacts import acts
from api.contacts.schemas import AskedFurther, ClosingContact, ContactsQuery, NewContact, NewReply, PassingOn
from api.http.responses import Shown
from api.http.whole_lists import every
from api.pages.csv_answers import csv_answer
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import MOST, provider_names
from api.pages.page_words import address_part
from api.pages.people.asked_offers import WAYS
from api.pages.people.person import new_key
from api.pages.people.refusals import NotDone, tried
from api.pages.questions.owed_elsewhere import owed_elsewhere, owed_of_accounts
from api.pages.questions.question_board import (
    HEADS,
    KINDS,
    OUTCOMES,
    STANDINGS,
    WHO,
    facts_of,
    question_cells,
    question_rows,
    step_rows,
)

router = APIRouter(prefix="/questions", include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
DONE = {
    "asked": "The question is written down.",
    "answer": "The answer is written down. A provider reads it on its page; tell people and families yourself.",
    "further": "What they ask further is written down.",
    "pass-on": "It is passed on.",
    "close": "The question is closed.",
}
SAYS = {
    "who": "Say who asks",
    "kind": "Say what it is about",
    "asked": "Write down what they ask, in at most 2,000 characters",
    "said_by": "Give the name in 3 characters or more, or leave it empty",
    "how": "Say how they asked",
    "text": "Write down the answer, in at most 2,000 characters",
    "reason": "Say why",
    "outcome": "Say what came of it",
}
FORMS = ("answer", "further", "pass-on", "close")
FIELDS = {"not_answered": "reason", "no_further_post": "to_post"}


@router.get("")
def questions(
    request: Request, by: Annotated[Caller, may_see(acts.list_contacts)], after: str = "", show: str = "", done: str = ""
) -> Response:
    """Those that are owed an answer, by when they are; or those answered, or closed."""
    standing = show if show in STANDINGS else "open"
    query = ContactsQuery.model_validate({"standing": standing, "cursor": after[:1000] or None})
    told = acts.list_contacts(by, query)
    found = [orjson.loads(each) for each in told.items]
    names = provider_names(by)
    values = {
        "rows": question_rows(found, names, by.settings.clock.now()),
        "elsewhere": owed_elsewhere(by, names) if standing == "open" and not after else [],
        "of_accounts": owed_of_accounts(by, names) if standing == "open" and not after else [],
        "decides": accounts.decide_query.role_of(by.actor) is not None,
        "next_cursor": told.next_cursor,
        "standing": standing,
        "standings": [(said, f"/questions?show={name}") for name, said in STANDINGS.items()],
        "done": DONE.get(done, ""),
    }
    return page(request, "questions/list.html.j2", "Questions", values)


@router.get("/questions.csv")
def questions_csv(by: Annotated[Caller, may_see(acts.list_contacts)]) -> Response:
    """All of them for a spreadsheet, without what was said."""
    found = every(lambda each: acts.list_contacts(by, ContactsQuery(cursor=each.cursor, limit=MOST)))
    return csv_answer("questions", HEADS, question_cells(found))


@router.get("/new")
def new(request: Request, by: Annotated[Caller, may_see(acts.record)], package: str = "", provider: str = "") -> Response:
    """The form for one that somebody asks."""
    return _new(request, by, FilledForm(), package[:100], provider[:100])


@router.post("/new", dependencies=[Depends(sent_from_here)])
async def record(request: Request, by: Annotated[Caller, may_see(acts.record)]) -> Response:
    """It is written down, with a clock."""
    form = await sent_form(request)
    faults = {name: SAYS[name] for name in ("who", "kind", "how") if not form.value(name)}
    if faults:
        return await run_in_threadpool(_new, request, by, form.wrong(faults), "", "", status=422)
    told: Json = {name: form.value(name) for name in ("who", "kind", "how")} | _texts(form, "asked")
    told |= {name: form.value(name).strip() or None for name in ("contact_id", "package_id", "provider_id", "said_by")}
    done = await tried(form, lambda: acts.record(by, NewContact.model_validate(told)), SAYS)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_new, request, by, done.form, "", "", status=done.status)
    return see(f"/questions/{address_part(orjson.loads(done.body)['contact_id'])}?done=asked")


@router.get("/{contact_id}")
def question(request: Request, contact_id: str, by: Annotated[Caller, may_see(acts.read)], done: str = "") -> Response:
    """One, with its steps and what may be done with it."""
    return _one(request, by, contact_id, done=DONE.get(done, ""))


@router.post("/{contact_id}/answer", dependencies=[Depends(sent_from_here)])
async def answer(request: Request, contact_id: str, by: Annotated[Caller, may_see(acts.answer)]) -> Response:
    """What they are answered."""
    form = await sent_form(request, prefix="answer-")

    def does() -> Shown:
        return acts.answer(by, contact_id, NewReply.model_validate(_texts(form, "text")), _seen(form))

    return await _does(request, by, contact_id, "answer", form, does)


@router.post("/{contact_id}/further", dependencies=[Depends(sent_from_here)])
async def further(request: Request, contact_id: str, by: Annotated[Caller, may_see(acts.ask_further)]) -> Response:
    """What they ask further."""
    form = await sent_form(request, prefix="further-")

    def does() -> Shown:
        return acts.ask_further(by, contact_id, AskedFurther.model_validate(_texts(form, "asked")), _seen(form))

    return await _does(request, by, contact_id, "further", form, does)


@router.post("/{contact_id}/pass-on", dependencies=[Depends(sent_from_here)])
async def pass_on(request: Request, contact_id: str, by: Annotated[Caller, may_see(acts.pass_on)]) -> Response:
    """To a post further up."""
    form = await sent_form(request, prefix="pass-on-")

    def does() -> Shown:
        told = _texts(form, "reason") | {"to_post": form.value("to_post") or None}
        return acts.pass_on(by, contact_id, PassingOn.model_validate(told), _seen(form))

    return await _does(request, by, contact_id, "pass-on", form, does)


@router.post("/{contact_id}/close", dependencies=[Depends(sent_from_here)])
async def close(request: Request, contact_id: str, by: Annotated[Caller, may_see(acts.close)]) -> Response:
    """Nothing more is owed."""
    form = await sent_form(request, prefix="close-")

    def does() -> Shown:
        told = {"outcome": form.value("outcome"), "reason": _texts(form, "reason")["reason"] or None}
        return acts.close(by, contact_id, ClosingContact.model_validate(told), _seen(form))

    return await _does(request, by, contact_id, "close", form, does)


async def _does(
    request: Request, by: Caller, contact_id: str, what: str, form: FilledForm, does: Callable[[], Shown]
) -> Response:
    done = await tried(form, does, SAYS, FIELDS)
    if isinstance(done, NotDone):
        return await run_in_threadpool(_one, request, by, contact_id, what=what, form=done.form, status=done.status)
    return see(f"/questions/{address_part(contact_id)}?done={what}")


def _seen(form: FilledForm) -> str | None:
    """The version of the question that the page showed."""
    return form.value("seen") or None


def _texts(form: FilledForm, name: str) -> Json:
    """What was written, with line ends as programs have them."""
    return {name: form.value(name).replace("\r\n", "\n").strip()}


def _new(request: Request, by: Caller, form: FilledForm, package_id: str, provider_id: str, status: int = 200) -> Response:
    names = sorted(provider_names(by).items(), key=lambda each: each[1])
    values = {
        "form": form,
        "key": form.value("contact_id") or new_key(),
        "package_id": package_id,
        "provider_id": provider_id,
        "first": "provider" if provider_id else "",
        "askers": WHO.items(),
        "kinds": KINDS.items(),
        "ways": [each for each in WAYS.items() if each[0]],
        "providers": [("", "No provider asks"), *names],
        "of_nobody": acts.record.roles[acts.record.role_of(by.actor) or ""] if acts.record.role_of(by.actor) else "",
    }
    title = "Write down a question"
    return page(request, "questions/new.html.j2", title, values, status=status, wrong=bool(form.faults))


def _one(
    request: Request,
    by: Caller,
    contact_id: str,
    *,
    what: str = "",
    form: FilledForm | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    read = acts.read(by, contact_id)
    asked: Json = orjson.loads(read.body)
    now, names = by.settings.clock.now(), provider_names(by)
    values = {
        "asked": asked,
        "facts": facts_of(asked, names, now),
        "steps": step_rows(asked, now),
        "standing": STANDINGS[asked["standing"]],
        "seen": read.etag,
        "may_open_person": acts.ask_further.role_of(by.actor) != "contracts",
        "forms": {name: form if form is not None and name == what else FilledForm(prefix=f"{name}-") for name in FORMS},
        "open": what,
        "outcomes": OUTCOMES.items(),
        "posts": [(each, each.capitalize()) for each in asked["further_posts"]],
        "done": done,
    }
    wrong = form is not None and bool(form.faults)
    return page(request, "questions/one.html.j2", "A question", values, status=status, wrong=wrong)
