"""Who is told of what, and what could not be sent: looked at, sent again, put right."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import Problem
from api.pages.administration.admin_tabs import tabs_for
from api.pages.administration.telling_board import CHANNELS, STATES, WAYS, why
from api.pages.csv_answers import csv_answer
from api.pages.filled_form import FilledForm, faults_of, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import instant_in_words
from api.telling import acts
from api.telling.schemas import MessagesQuery, NewAddress, NewWay, Way

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
HERE = "/administration/telling"
MOST = 100
"""So many messages that could not be sent are shown at once."""
DONE = {
    "added": "They are told from now on.",
    "removed": "They are told no longer.",
    "resumed": "Messages are sent there again from now on. What could not be sent before stays on the list.",
    "kinds": "Kinds are told so from now on.",
    "again": "The message goes out again.",
}
SAYS = {
    "name": "Enter whose desk, or which person or program it is",
    "channel": "Choose how they are told",
    "address": "Enter an e-mail address, or a program's address beginning with https://",
    "kinds": "Choose what they are told of",
    "provider_id": "Enter the id of a provider, or nothing for the council",
}


@router.get(HERE)
def telling(request: Request, by: Annotated[Caller, may_see(acts.list_addresses)], done: str = "") -> Response:
    """What could not be sent, who is told, and the kinds of message."""
    return _page(request, by, FilledForm(), done=DONE.get(done, ""))


@router.get(f"{HERE}.csv")
def telling_csv(by: Annotated[Caller, may_see(acts.list_messages)]) -> Response:
    """What could not be sent, for a spreadsheet."""
    heads = ("message_id", "kind", "name", "channel", "written_at_utc", "attempts", "said", "ended_at_utc")
    found = acts.list_messages(by, MessagesQuery(state="dead", limit=1000)).items
    rows = [[e.message_id, e.kind, e.name, e.channel, e.at, str(e.attempts), e.said, e.ended_at] for e in found]
    return csv_answer("could-not-be-sent", heads, rows)


@router.post(f"{HERE}/addresses", dependencies=[Depends(sent_from_here)])
async def add(request: Request, by: Annotated[Caller, may_see(acts.add_address)]) -> Response:
    """Somebody is told from now on."""
    form = await sent_form(request, several=("kinds",))
    return await run_in_threadpool(_add, request, by, form)


def _add(request: Request, by: Caller, form: FilledForm) -> Response:
    given = {name: form.value(name).strip() for name in ("name", "channel", "address")}
    try:
        acts.add_address(
            by,
            NewAddress.model_validate(
                given | {"provider_id": form.value("provider_id").strip() or None, "kinds": form.chosen("kinds")}
            ),
        )
    except ValidationError as error:
        return _page(request, by, form.wrong(faults_of(error, SAYS)), status=422)
    except Problem as problem:
        if problem.code != acts.NOT_TOLD:
            raise
        faults = {each["where"][-1]: each["problem"] for each in problem.more["faults"]}
        return _page(request, by, form.wrong({name: f"{SAYS[name]}: {said}" for name, said in faults.items()}), status=422)
    return see(f"{HERE}?done=added")


@router.post(f"{HERE}/addresses/{{address_id}}/remove", dependencies=[Depends(sent_from_here)])
def remove(address_id: str, by: Annotated[Caller, may_see(acts.remove_address)]) -> Response:
    """Somebody is told no longer."""
    acts.remove_address(by, address_id)
    return see(f"{HERE}?done=removed")


@router.post(f"{HERE}/addresses/{{address_id}}/resume", dependencies=[Depends(sent_from_here)])
def resume(address_id: str, by: Annotated[Caller, may_see(acts.resume_address)]) -> Response:
    """An address that bounced is right again."""
    acts.resume_address(by, address_id)
    return see(f"{HERE}?done=resumed")


@router.post(f"{HERE}/kinds", dependencies=[Depends(sent_from_here)])
async def kinds(request: Request, by: Annotated[Caller, may_see(acts.set_kind)]) -> Response:
    """What was chosen differently is told so from now on; what somebody else has set meanwhile stays."""
    form = await sent_form(request)
    return await run_in_threadpool(_set_kinds, by, form)


def _set_kinds(by: Caller, form: FilledForm) -> Response:
    for each in acts.list_kinds(by).items:
        chosen, shown = form.value(f"way-{each.kind}"), form.value(f"was-{each.kind}")
        if chosen != shown and chosen in WAYS:
            acts.set_kind(by, each.kind, NewWay(way=cast(Way, chosen)))
    return see(f"{HERE}?done=kinds")


@router.post(f"{HERE}/messages/{{message_id}}/again", dependencies=[Depends(sent_from_here)])
def again(message_id: str, by: Annotated[Caller, may_see(acts.send_again)]) -> Response:
    """A message that could not be sent goes out again."""
    acts.send_again(by, message_id)
    return see(f"{HERE}?done=again")


def _page(request: Request, by: Caller, form: FilledForm, *, done: str = "", status: int = 200) -> Response:
    told, found = acts.list_addresses(by), acts.list_messages(by, MessagesQuery(state="dead", limit=MOST))
    told_kinds, counts = acts.list_kinds(by).items, acts.count_messages(by)
    titles = {each.kind: each.title for each in told_kinds}
    stopped = {each.address_id for each in told.items if each.stopped_at is not None}
    values = {
        "form": form,
        "done": done,
        "tabs": tabs_for(by),
        "counts": [(STATES[state], f"{count:,}") for state, count in counts.items()],
        "dead": [
            (
                titles.get(e.kind, "Several in one"),
                e.name,
                CHANNELS[e.channel],
                why(e.said),
                instant_in_words(dt.datetime.fromisoformat(e.at)),
                e.message_id,
                e.address_id in stopped,
            )
            for e in found.items
        ],
        "more_dead": counts.get("dead", 0) - len(found.items),
        "addresses": [
            (
                e.name,
                e.provider_id or "the council",
                CHANNELS[e.channel],
                e.address,
                [titles[kind] for kind in e.kinds if kind in titles],
                why(e.stopped_because) if e.stopped_at else "",
                e.address_id,
            )
            for e in told.items
        ],
        "kinds": [(e.kind, e.title, e.way) for e in told_kinds],
        "ways": list(WAYS.items()),
        "channel_options": [(each, CHANNELS[each]) for each in told.channels],
        "kind_options": [
            (e.kind, f"{e.title} ({'providers' if e.told_to == 'provider' else 'the council'})") for e in told_kinds
        ],
    }
    return page(request, "telling.html.j2", "Telling people", values, status=status, wrong=bool(form.faults))
