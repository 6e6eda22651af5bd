"""The steps of a PAMMS assessment, each a form that leads back to its provider: visited, drafted, sent, fixed, published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Act, Caller
from api.acts.in_browsers import may_see
from api.assessments import acts
from api.assessments.schemas import (
    OUTCOMES,
    CorrectionAnswer,
    Draft,
    Fix,
    NewCorrection,
    OpenAssessment,
    Publish,
    Send,
    Withdraw,
)
from api.http.errors import Problem
from api.http.responses import Shown
from api.pages.filled_form import FilledForm
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names
from api.pages.page_words import address_part, day_in_words, in_plain
from api.pages.records.record_fields import Field, field_of
from api.pages.records.record_form import REASON, Asked, answered_form, seen_by, shown_form
from optimiser.domain.assessments import DRAFTED, FIXED, VISITED, WITH_PROVIDER

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
NOT_AFTER_TODAY = "Leave empty for today."
RATINGS = (("", "Choose"), *(each for each in field_of("pamms_rating", {}).options if each[0]))
ENDS = (("", "Choose"), *((each, in_plain(each).capitalize()) for each in OUTCOMES))
FINISHED = "The provider has said that it has no (more) corrections"
NO_PERSON = "It names no person."


@dataclass(frozen=True)
class Step:
    """A step that an assessment may take. ``states``: in which; ``does``: sends ``deed`` what was entered."""

    word: str
    link: str
    title: str
    lead: str
    save: str
    deed: Act[..., Shown]
    states: tuple[str, ...]
    fields: tuple[Field, ...]
    does: Callable[[Caller, str, Json, str], Shown]


def _rating(label: str) -> Field:
    return Field("rating", label, "choice", RATINGS)


def _number_in(entered: Json) -> int:
    """Which correction was chosen; 0, which none is, for what is no number: the form itself offers none such."""
    said = entered.pop("number", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


STEPS = (
    Step(
        "draft",
        "Write the draft",
        "The draft report is written",
        "Its rating counts for nothing until it is published.",
        "Record the draft",
        acts.draft,
        (VISITED,),
        (_rating("Rating of the draft"), Field("drafted_on", "Written on", "date", (), NOT_AFTER_TODAY)),
        lambda by, of, entered, seen: acts.draft(by, of, Draft(**entered), seen),
    ),
    Step(
        "send",
        "Send it",
        "The draft goes to the provider",
        "Without its rating: the provider corrects facts. Its days to do so begin.",
        "Record that it was sent",
        acts.send,
        (DRAFTED,),
        (Field("sent_on", "Sent on", "date", (), NOT_AFTER_TODAY),),
        lambda by, of, entered, seen: acts.send(by, of, Send(**entered), seen),
    ),
    Step(
        "correct",
        "Record a correction",
        "The provider says that something is not so",
        "It is recorded, and is to be answered before the rating is fixed.",
        "Record this correction",
        acts.correct,
        (WITH_PROVIDER,),
        (
            Field("statement", "What the provider says", "long", (), NO_PERSON),
            Field("received_on", "Received on", "date", (), NOT_AFTER_TODAY),
        ),
        lambda by, of, entered, seen: acts.correct(by, of, NewCorrection(**entered), seen),
    ),
    Step(
        "answer",
        "Answer a correction",
        "What has become of a correction",
        "The provider reads whether the report says it otherwise now, and why.",
        "Record this answer",
        acts.answer,
        (WITH_PROVIDER,),
        (
            Field("number", "Which correction", "choice"),
            Field("outcome", "The report", "choice", ENDS),
            Field("explanation", "Why", "long", (), NO_PERSON),
            Field("decided_by", "Post that decided", "text", (), "Leave empty where it is you."),
        ),
        lambda by, of, entered, seen: acts.answer(by, of, _number_in(entered), CorrectionAnswer(**entered), seen),
    ),
    Step(
        "fix",
        "Fix the rating",
        "The rating is fixed",
        "From now on contract officers are told what it would change. It is not published yet.",
        "Fix this rating",
        acts.fix,
        (WITH_PROVIDER,),
        (
            _rating("Rating"),
            Field("provider_has_finished", FINISHED, "truth", (("yes", "Yes"), ("no", "No"))),
            REASON,
        ),
        lambda by, of, entered, seen: acts.fix(by, of, Fix(**entered), seen),
    ),
    Step(
        "publish",
        "Publish",
        "The report is published",
        "Its rating counts from that day on. Offers that may no longer be waited for are stopped. Running care stays.",
        "Publish this rating",
        acts.publish,
        (FIXED,),
        (Field("published_on", "Published on", "date", (), NOT_AFTER_TODAY), REASON),
        lambda by, of, entered, seen: acts.publish(by, of, Publish(**entered), seen),
    ),
    Step(
        "withdraw",
        "Withdraw it",
        "The assessment comes to nothing",
        "What was published before goes on counting.",
        "Withdraw this assessment",
        acts.withdraw,
        (VISITED, DRAFTED, WITH_PROVIDER, FIXED),
        (REASON,),
        lambda by, of, entered, seen: acts.withdraw(by, of, Withdraw(**entered), seen),
    ),
)
"""In their order."""


def steps_open(by: Caller, told: Json) -> list[tuple[str, str]]:
    """The steps that an assessment may take now and this role may do: what is said, and where the form is."""
    waits = [each for each in told["corrections"] or () if each["answer"] is None]
    at = f"/assessments/{address_part(told['assessment_id'])}"
    return [
        (each.link, f"{at}/{each.word}")
        for each in STEPS
        if told["state"] in each.states and each.deed.role_of(by.actor) is not None and (waits or each.word != "answer")
    ]


@router.get("/assessments/new")
def to_open(request: Request, by: Annotated[Caller, may_see(acts.open_assessment)], of: str = "") -> Response:
    """The form."""
    return shown_form(request, _opening(by, of))


@router.post("/assessments/new", dependencies=[Depends(sent_from_here)])
async def opened(request: Request, by: Annotated[Caller, may_see(acts.open_assessment)]) -> Response:
    """A provider has been visited."""
    return await answered_form(request, lambda form: _opening(by, form.value("of")))


def _opening(by: Caller, provider_id: str) -> Asked:
    names = provider_names(by)
    if provider_id not in names:
        raise Problem("not_found", "There is no provider of this id.")
    fields = [
        Field("assessment_id", "Assessment's id", "text", (), "Your own, such as PA-2026-17."),
        Field("visited_on", "Visited on", "date", (), NOT_AFTER_TODAY),
    ]

    def send(entered: Json, _: bool) -> Shown:
        given = {name: value for name, value in entered.items() if value is not None}
        return acts.open_assessment(by, OpenAssessment(provider_id=provider_id, **given))

    return _asked(
        "A provider has been visited",
        "Its assessment begins; the draft report is due within the county's days.",
        names[provider_id],
        provider_id,
        "/assessments/new",
        "Begin the assessment",
        fields,
        {"of": provider_id},
        send,
    )


def _add_routes(step: Step) -> None:
    """A form and what it does, for one step."""

    def to_do(request: Request, assessment_id: str, by: Caller) -> Response:
        return shown_form(request, _next_step(by, step, assessment_id))

    async def do(request: Request, assessment_id: str, by: Caller) -> Response:
        return await answered_form(request, lambda form: _next_step(by, step, assessment_id, form))

    for endpoint, method in ((to_do, "GET"), (do, "POST")):
        endpoint.__annotations__ |= {"by": Annotated[Caller, may_see(step.deed)]}
        guards = [Depends(sent_from_here)] if method == "POST" else []
        router.add_api_route(f"/assessments/{{assessment_id}}/{step.word}", endpoint, methods=[method], dependencies=guards)


def _next_step(by: Caller, step: Step, assessment_id: str, form: FilledForm | None = None) -> Asked:
    found = acts.read_assessment(by, assessment_id)
    told: Json = orjson.loads(found.body)
    fields = [_with_corrections(each, told) for each in step.fields]

    def send(entered: Json, _: bool) -> Shown:
        given = {name: value for name, value in entered.items() if value is not None}
        return step.does(by, assessment_id, given, seen_by(form, found.etag))

    return _asked(
        step.title,
        step.lead,
        f"{assessment_id}, {provider_names(by).get(told['provider_id'], '')}",
        told["provider_id"],
        f"/assessments/{address_part(assessment_id)}/{step.word}",
        step.save,
        fields,
        {"seen": found.etag},
        send,
    )


def _with_corrections(each: Field, told: Json) -> Field:
    """Of an answer: which corrections nobody has answered yet."""
    if each.name != "number":
        return each
    waits = [it for it in told["corrections"] or () if it["answer"] is None]
    options = [
        (str(it["number"]), f"{it['number']}, of {day_in_words(it['received_on'])}: {it['statement'][:80]}") for it in waits
    ]
    return Field(each.name, each.label, each.kind, options or [("", "None waits for an answer")])


def _asked(
    title: str,
    lead: str,
    subject: str,
    provider_id: str,
    address: str,
    save: str,
    fields: list[Field],
    hidden: Mapping[str, str],
    send: Callable[[Json, bool], Shown],
) -> Asked:
    return Asked(
        title=title,
        lead=lead,
        subject=subject,
        back=f"/providers/{address_part(provider_id)}",
        address=address,
        save=save,
        fields=fields,
        values={each.name: each.shown(None) for each in fields},
        hidden=hidden,
        send=send,
        done="assessed",
        tries=False,
    )


for _step in STEPS:
    _add_routes(_step)
