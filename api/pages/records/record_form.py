"""A form that writes with a reason, and can say before what would follow: shown, sent, refused with what was entered kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.http.errors import KINDS, Problem, told_as_problems
from api.http.responses import Shown
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.page_words import dates_in_words
from api.pages.records.record_fields import Field, field_of
from api.pages.records.what_follows import sentences_of

Json = dict[str, Any]
REASON = field_of("reason", {})
SEVERAL = ("bands",)
REFUSED = (
    "changed_since",
    "still_needed",
    "not_ahead",
    "refused",
    "already_there",
    "forbidden",
    "no_such_place",
    "no_postcodes",
    "out_of_order",
    "not_the_next_step",
    "had_a_hand",
)
"""What is told above the form, with what was entered kept."""
MEANWHILE = "Somebody has changed this since you opened it. Nothing was written: compare what you entered with how it stands now."
SAYS = {
    "missing": "enter it",
    "date_type": "enter a day",
    "string_type": "enter it",
    "literal_error": "choose one",
    "string_too_short": "enter at least three characters",
}
"""What is said of what a schema finds wrong, by its kind; of others what the schema says."""


@dataclass(frozen=True)
class Asked:
    """A form that is shown or was sent. ``title``: the page's heading; ``send``: does it, as a trial or for good."""

    title: str
    lead: str
    subject: str
    back: str
    address: str
    save: str
    fields: list[Field]
    values: Mapping[str, Any]
    hidden: Mapping[str, str]
    send: Callable[[Json, bool], Shown]
    ends: bool = False
    changes: bool = False
    tries: bool = True
    """Whether it can say before what would follow."""
    back_text: str = "Back to the provider"
    done: str = "changed"
    """What the page that one goes back to says of it."""
    now: list[tuple[str, str]] = field(default_factory=list)


def seen_by(form: FilledForm | None, etag: str) -> str:
    """The version that the form showed; nobody is asked for one that they were not shown."""
    return (form.value("seen") if form else "") or etag


def shown_form(
    request: Request, asked: Asked, form: FilledForm | None = None, follows: list[str] | None = None, status: int = 200
) -> Response:
    """The page of a form. ``follows``: what a trial said, in sentences."""
    form = form or FilledForm()
    values = {
        "form": form,
        "subject": asked.subject,
        "lead": asked.lead,
        "back": asked.back,
        "back_text": asked.back_text,
        "address": asked.address,
        "hidden": asked.hidden,
        "fields": asked.fields,
        "values": asked.values,
        "save": asked.save,
        "tries": asked.tries,
        "ends": asked.ends,
        "follows": follows,
        "now": asked.now if form.fault("") == MEANWHILE else [],
    }
    return page(request, "record.html.j2", asked.title, values, status=status, wrong=bool(form.faults))


async def answered_form(request: Request, ask: Callable[[FilledForm], Asked]) -> Response:
    """What follows from a form that was sent: tried, refused with what was entered kept, or done."""
    form = await sent_form(request, several=SEVERAL)
    return await run_in_threadpool(_answered, request, form, ask)


def _answered(request: Request, form: FilledForm, ask: Callable[[FilledForm], Asked]) -> Response:
    asked = ask(form)
    entered, faults = _entered(asked, form)
    if faults:
        return shown_form(request, asked, form.wrong(faults), status=422)
    trial = asked.tries and form.value("step") == "try"
    try:
        with told_as_problems():
            done = asked.send(entered, trial)
    except ValidationError as error:
        return shown_form(request, asked, form.wrong(_faults_of(error, asked)), status=422)
    except Problem as problem:
        if problem.code not in REFUSED:
            raise
        said = MEANWHILE if problem.code == "changed_since" else " ".join([dates_in_words(problem.detail), *_more(problem)])
        status = 409 if problem.code == "changed_since" else KINDS[problem.code].status
        return shown_form(request, asked, form.wrong({"": said}), status=status)
    if trial:
        return shown_form(request, asked, form, sentences_of(orjson.loads(done.body)))
    return see(f"{asked.back}?done={asked.done}")


def _entered(asked: Asked, form: FilledForm) -> tuple[Json, dict[str, str]]:
    entered, faults = {}, {}
    for each in asked.fields:
        try:
            entered[each.name] = each.read(form)
        except ValueError as error:
            faults[each.name] = str(error)
    if not faults and not entered.get("reason", "none is asked for"):
        faults["reason"] = "Say why"
    if asked.ends and not faults and entered["ends"] is None:
        faults["ends"] = "Enter the first day that is no longer covered"
    if asked.changes and not faults and all(entered[each.name] == _as_entered(each, asked) for each in asked.fields[:-1]):
        faults[""] = "Nothing is another than it was"
    return entered, faults


def _as_entered(each: Field, asked: Asked) -> Any:
    """What a field says that nobody has touched."""
    value = asked.values[each.name]
    if isinstance(value, dt.date):
        return str(value)
    several = list(value) if each.kind == "several" else [str(value or "")]
    return each.read(FilledForm({each.name: several} if each.kind != "date" else {}, is_sent=True))


def _faults_of(error: ValidationError, asked: Asked) -> dict[str, str]:
    """What the schema finds wrong, in words; its sentences tell what was expected, and never a value."""
    labels = {each.name: each.label for each in asked.fields}
    found: dict[str, str] = {}
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        parts = [str(part) for part in each["loc"]]
        name = next((part for part in ("_".join(parts), *reversed(parts)) if part in labels), "")
        said = SAYS.get(each["type"]) or dates_in_words(each["msg"])
        found.setdefault(name, f"{labels.get(name, '')}: {said}".removeprefix(": "))
    return found


def _more(problem: Problem) -> list[str]:
    return [dates_in_words(each) for each in problem.more.get("faults", ()) if isinstance(each, str)]
