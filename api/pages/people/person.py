"""A person's page: what is next for them, whom it may be asked of and in which order, and what is known of them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Act, Caller
from api.acts.in_browsers import may_see
from api.answers import acts as answers
from api.call_offs import acts as call_offs
from api.care import acts as care
from api.cascade import acts as cascade
from api.claims import acts as claims
from api.contacts import acts as contacts
from api.decision_requests import acts as decision_requests
from api.first_visits import acts as first_visits
from api.histories import acts as histories
from api.http.errors import Problem, told_as_problems
from api.meanwhile import acts as meanwhile
from api.offers import acts as offers
from api.packages import acts as packages
from api.pages.area_outlines import Outlined, outlines_of
from api.pages.filled_form import FilledForm, faults_of
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now
from api.pages.names import records
from api.pages.page_words import address_part, person_in_words, when_in_words
from api.pages.people import person_side, step_panel
from api.pages.people.came_from import beside, came_from
from api.pages.people.person_board import board_of
from api.pages.people.person_told import Told, told_of
from api.pages.people.refusals import in_sentences, is_told_here, status_of
from api.pages.people.where import where_of
from api.part_answers import acts as part_answers

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
DONE = {
    "asked": "What this step offers is made, and holds its hours until it is answered.",
    "accepted": "The yes is recorded. Others that were asked are asked no more.",
    "declined": "The no is recorded.",
    "withdrawn": "The offer is withdrawn.",
    "answered": "What the person said is recorded.",
    "started": "Care has begun. The first visit is waited for until the provider says that somebody came.",
    "held": "Care is on hold; the provider keeps the hours until the day that you gave.",
    "resumed": "Care goes on as it was.",
    "restarted": "Care is asked for anew; the provider that keeps the hours is asked first.",
    "visited": "The first visit is recorded.",
    "chosen": "Your choice is recorded under your name.",
    "opened": "Care has ended. This is the new request that was opened for it, as care is still needed.",
    "asked-social-work": "Social work is asked: it stands on their list.",
    "added": "The request is saved.",
    "changed": "The needs are changed.",
    "divided": "The care is divided. The part has a page of its own.",
    "working": "Others see that you are working on this.",
    "not-working": "Others see that you are no longer working on this.",
    "checked": "The check is recorded.",
    "moved": "The time to answer is moved, and the provider is told.",
    "heard": "The yes is recorded and keeps the hours. Others may still answer; then the first in the order is taken.",
    "looked": "It is recorded that you have looked at this alert.",
    "recorded": "How the person is safe meanwhile is recorded.",
}
"""What a person's page says after a deed, by the word in its address."""
DEEDS_HERE: dict[str, Act[..., Any]] = {
    "ask": offers.ask,
    "answer": offers.answer,
    "move_time": offers.move_time,
    "person_says": answers.record,
    "start": care.start,
    "hold": care.hold,
    "restart": care.restart,
    "end": care.end,
    "visit": first_visits.confirm,
    "choose": meanwhile.choose,
    "approve": meanwhile.approve_price,
    "record": meanwhile.record,
    "check": meanwhile.check,
    "look": care.acknowledge,
    "question": contacts.record,
    "work": claims.take,
    "ask_social_work": decision_requests.ask,
    "change": packages.change,
    "divide": call_offs.add,
    "message": offers.read_broadcast,
    "part": part_answers.take_part,
    "history": histories.read_of_package,
}
"""Which act a form of the page does: it is there for whoever may do that act."""


@dataclass(frozen=True)
class Refused:
    """How a page is shown again: ``forms`` as they were filled in, by key; ``wrong``: sentences, each with its field, or none."""

    forms: Mapping[str, FilledForm]
    wrong: Sequence[tuple[str, str]]
    status: int


@router.get("/people/{package_id}")
async def person(request: Request, package_id: str, by: Annotated[Caller, may_see(cascade.read)], done: str = "") -> Response:
    """One person. Reading it is entries of the audit trail, as a program's readings are."""
    return await person_page(request, by, package_id, done=DONE.get(done, ""))


async def person_page(
    request: Request, by: Caller, package_id: str, *, done: str = "", refused: Refused | None = None
) -> Response:
    """The page. ``done``: what has just been done; ``refused``: what has not, and why."""
    told = await told_of(by, package_id)
    return await run_in_threadpool(_drawn, request, by, package_id, told, done, refused)


def _drawn(request: Request, by: Caller, package_id: str, told: Told, done: str, refused: Refused | None) -> Response:
    came = came_from(request)
    now = by.settings.clock.now()
    panel = step_panel.panel_of(told, now, gathers=by.settings.typed_yes == offers.GATHERED)
    step = told.cascade["next_step"]["contract_ids"]
    areas = outlines_of(by)
    values = {
        "board": board_of(told.cascade, _name_of(areas, told.cascade["area_id"])),
        "panel": panel,
        "side": person_side.side_of(told, now),
        "words_of_side": person_side,
        "until": dt.date.fromisoformat(told.meanwhile["holds_until"]) if told.meanwhile["holds_until"] else None,
        "words": step_panel,
        "package_id": package_id,
        "where": where_of(told.cascade, told.package, areas, records(by, "offices")),
        "came": came,
        "beside": beside(by, package_id, came),
        "may": {name: _may(act, by, panel.kind) for name, act in DEEDS_HERE.items()},
        "seen": orjson.dumps(step).decode() if step else "",
        "today": now.date(),
        "done": done,
        "told": told,
        "working": working_in_words(told, by.actor.name, now),
        "case_link": by.settings.case_link.replace("{package_id}", address_part(package_id)),
        "new_key": new_key,
        "providers": sorted(told.provider_names.items(), key=lambda each: each[1]),
        "forms": Forms({} if refused is None else refused.forms),
        "wrong": [] if refused is None else refused.wrong,
    }
    title, status, wrong = f"Package {package_id}", 200 if refused is None else refused.status, refused is not None
    return page(request, "people/person.html.j2", title, values, status=status, wrong=wrong)


def _name_of(areas: Iterable[Outlined], area_id: str | None) -> str:
    return next((each.name for each in areas if each.area_id == area_id), "")


def working_in_words(told: Told, me: str, now: dt.datetime) -> tuple[str, bool]:
    """Who is working on it, in a sentence; empty: nobody. And whether that is whoever reads it."""
    if told.working is None:
        return "", False
    since, mine = when_in_words(dt.datetime.fromisoformat(told.working["since"]), now), told.working["by"] == me
    who = "You are" if mine else f"{person_in_words(told.working['by'])} is"
    return f"{who} working on this, since {since}.", mine


class Forms:
    """The forms of a page by their keys; one that was not sent is empty. Ids of fields begin with the key."""

    def __init__(self, sent: Mapping[str, FilledForm]) -> None:
        self._sent = sent

    def of(self, key: str) -> FilledForm:
        return self._sent.get(key) or FilledForm(prefix=prefix_of(key))

    @property
    def sent(self) -> set[str]:
        """The keys of those that were sent and refused."""
        return set(self._sent)

    def is_open(self, key: str) -> bool:
        """Whether it was sent and refused: what it is folded into is open then."""
        return key in self._sent


def prefix_of(key: str) -> str:
    """What stands before the ids of a form's fields: of letters, digits and dashes alone."""
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in key) + "-"


def _may(act: Act[..., Any], by: Caller, kind: str) -> bool:
    """Whether the form of an act is there: who may do it for care that runs alone has it there alone."""
    used = act.role_of(by.actor)
    return used is not None and (kind in ("running", "on_hold") or not act.roles[used].startswith(offers.MOVES_ALONE))


def new_key() -> str:
    """An id for something that a form records: sent twice, it is recorded once."""
    return secrets.token_hex(10)


async def does_or_says(
    request: Request,
    by: Caller,
    package_id: str,
    key: str,
    form: FilledForm,
    does: Callable[[], str],
    says: Mapping[str, str],
    fields: Mapping[str, str] | None = None,
    about: Mapping[str, tuple[str, str]] | None = None,
) -> Response:
    """Do what a form asks for and go on to the page, or show the page again with what is wrong.

    ``does``: called in a thread, returns the word for what it has done; ``says``: a sentence for each member of the schema;
    ``fields``: the field of a member where its name is another; ``about``: of a kind of problem the field and its sentence, where
    that is another than usual.
    """
    try:
        with told_as_problems():
            word = await run_in_threadpool(does)
    except ValidationError as error:
        wrong = form.wrong(faults_of(error, says, fields))
        return await person_page(request, by, package_id, refused=Refused({key: wrong}, wrong.summary, 422))
    except Problem as problem:
        if not is_told_here(problem):
            raise
        return await person_page(request, by, package_id, refused=_refused(key, form, problem, about or {}))
    return see(address_after(request, package_id, word))


def address_after(request: Request, package_id: str, word: str) -> str:
    """The person's page with what was done, on the list that they were opened from."""
    came = came_from(request).query
    return f"/people/{address_part(package_id)}?done={word}{f'&{came}' if came else ''}"


async def wrong_fields(
    request: Request, by: Caller, package_id: str, key: str, form: FilledForm, faults: Mapping[str, str]
) -> Response:
    """The page again, with what the fields of a form lack."""
    wrong = form.wrong(faults)
    return await person_page(request, by, package_id, refused=Refused({key: wrong}, wrong.summary, 422))


def _refused(key: str, form: FilledForm, problem: Problem, about: Mapping[str, tuple[str, str]]) -> Refused:
    first, *others = in_sentences(problem)
    if problem.code in about:
        name, said = about[problem.code]
        wrong = form.wrong({name: said or first})
        return Refused({key: wrong}, wrong.summary, status_of(problem))
    return Refused({key: form}, [(first, "step"), *((each, "") for each in others)], status_of(problem))
